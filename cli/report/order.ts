import type { Finding, Subject } from "./finding";

/** What a reader has to know of first: 0 for what blocks, then what nobody knows, what only advises, and what is exempt. */
export function rankOf({ blocks, kind }: Pick<Finding, "blocks" | "kind">): 0 | 1 | 2 | 3 {
  if (blocks) return 0;
  return kind === "unverified" ? 1 : kind === "violation" ? 2 : 3;
}

export const EFFECTS = ["blocking", "advisory", "exempt"] as const;
export type Effect = (typeof EFFECTS)[number];

/** What a finding does. One that can't be verified is advisory where it doesn't block. */
export function effectOf({ blocks, kind }: Pick<Finding, "blocks" | "kind">): Effect {
  if (blocks) return "blocking";
  return kind === "exempt" ? "exempt" : "advisory";
}

/** By rank, then in the order of the files and of their lines. What has no place comes last. */
export function sorted(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (one, other) =>
      rankOf(one) - rankOf(other) ||
      byPlace(one, other) ||
      natural(one.urn, other.urn) ||
      natural(one.policy, other.policy),
  );
}

function byPlace({ position: one }: Subject, { position: other }: Subject): number {
  if (one === undefined || other === undefined)
    return Number(one === undefined) - Number(other === undefined);
  return natural(one.file, other.file) || one.line - other.line || (one.column ?? 0) - (other.column ?? 0);
}

/** Compares texts as people count: bucket-2 comes before bucket-10. Zero only for the same text. */
export function natural(one: string, other: string): number {
  const [ones, others] = [parts(one), parts(other)];
  for (const [at, part] of ones.entries()) {
    const opposite = others[at];
    if (opposite === undefined) return 1;
    const difference = byNumber(part, opposite) || compare(part, opposite);
    if (difference !== 0) return difference;
  }
  return ones.length - others.length;
}

/** Runs of digits, and what is between them. */
const parts = (text: string): string[] => text.match(/[0-9]+|[^0-9]+/g) ?? [];

function byNumber(one: string, other: string): number {
  if (!/^[0-9]/.test(one) || !/^[0-9]/.test(other)) return 0;
  const [a, b] = [one.replace(/^0+/, ""), other.replace(/^0+/, "")];
  // Of any length: as numbers they would be rounded.
  return a.length - b.length || compare(a, b);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
