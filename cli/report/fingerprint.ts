import { createHash } from "node:crypto";
import type { Finding } from "./report";

/**
 * A name for each finding that stays the same from run to run, whatever lines move: the policy, the resource, and which
 * of them it is if a policy has several on one resource. Two findings never share one.
 */
export function fingerprints(findings: readonly Pick<Finding, "pack" | "policy" | "urn">[]): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ pack, policy, urn }) => {
    const identity = JSON.stringify([pack, policy, urn]);
    const before = seen.get(identity) ?? 0;
    seen.set(identity, before + 1);
    return hash(`${identity}${before}`);
  });
}

/** A name for several findings that are shown as one: another one as soon as there is one more of them, or one less. */
export function combined(marks: readonly string[]): string {
  const [only = ""] = marks;
  return marks.length === 1 ? only : hash([...marks].sort().join());
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);
