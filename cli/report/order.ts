import type { Finding, Subject } from "./finding";

/** What a reader has to know of first: 0 for what blocks, then what nobody knows, what only advises, and what is exempt. */
export function rankOf({ blocks, kind }: Pick<Finding, "blocks" | "kind">): 0 | 1 | 2 | 3 {
  if (blocks) return 0;
  return kind === "unverified" ? 1 : kind === "violation" ? 2 : 3;
}

export const EFFECTS = ["blocking", "advisory", "exempt"] as const;
export type Effect = (typeof EFFECTS)[number];

/** What a finding does: one that can't be verified is advisory where it doesn't block. */
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
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
  return natural(one.file, other.file) || one.line - other.line || (one.column ?? 0) - (other.column ?? 0);
}

/** Compares texts as people count: bucket-2 comes before bucket-10. Zero only for the same text. */
export function natural(one: string, other: string): number {
  return compare(counted(one), counted(other)) || compare(one, other);
}

/** Each number after its length, so that of two the greater one comes later: of any length, as numbers they would be rounded. */
const counted = (text: string): string =>
  text.replace(/[0-9]+/g, (digits) => {
    const plain = digits.replace(/^0+/, "");
    return `${String(plain.length).padStart(9, "0")}${plain}`;
  });

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** How many findings have each effect. */
export function countsOf(findings: readonly Finding[]): Record<Effect, number> {
  const counts = { blocking: 0, advisory: 0, exempt: 0 };
  for (const finding of findings) counts[effectOf(finding)] += 1;
  return counts;
}
