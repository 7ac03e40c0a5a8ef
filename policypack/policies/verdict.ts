import { type Finding, type Fix, unreadable, unverified } from "../findings/finding";

/** The verdict on what may open S3 by itself: an ACL, a policy document. */
export type Verdict<Public extends object = object> =
  | { readonly kind: "not-public" }
  | ({ readonly kind: "public" } & Public)
  | { readonly kind: "unknown" | "unreadable"; readonly reason: string };

export const NOT_PUBLIC: Verdict<never> = { kind: "not-public" };

/**
 * The findings on a verdict. What isn't known before the update is only a note.
 * @param fixes what fixes it where it can't be read
 */
export function verdictFindings<Public extends object>(
  urn: string,
  subject: string,
  verdict: Verdict<Public>,
  found: (verdict: Public) => Finding["said"],
  fixes: readonly (string | Fix)[] = [],
): Finding[] {
  switch (verdict.kind) {
    case "not-public":
      return [];
    case "public":
      return [{ urn, said: found(verdict) }];
    case "unreadable":
      return [{ urn, said: unreadable(subject, verdict.reason, fixes) }];
    case "unknown":
      return [{ urn, isNote: true, said: unverified(subject, verdict.reason) }];
  }
}
