/*
 * What a finding stands for. The engine hands on a text, an enforcement level and a severity, so the kind is told by the
 * text's first words. They are written and read here, and nothing that a program names comes before them.
 */

/** Unverified: nobody knows yet. Exempt: known, and accepted by a decision on the record. */
export type Kind = "violation" | "unverified" | "exempt";

const UNVERIFIED = "Unverified: ";
const EXEMPT = /^Exempt(?: until \d{4}-\d\d-\d\d)?: /;

/** A finding that an exemption covers. `expires` is its last day (YYYY-MM-DD), if it has one. */
export function exempt(reason: string, expires: string | undefined, finding: string): string {
  return `Exempt${expires === undefined ? "" : ` until ${expires}`}: ${reason}\n${finding}`;
}

/** What is said of an exemption that a finding falls under no more. */
export function ranOut({ reason, expires = "" }: { reason: string; expires?: string }): string {
  return `Its exemption ran out on ${expires}: ${reason}`;
}

/** A finding on what isn't known before the update, which evaluates it again. */
export function unverified(subject: string, reason: string): string {
  return unseeable(subject, reason, "The update evaluates it again.");
}

/** A finding on what nobody can look into, and what follows from that. */
export function unseeable(subject: string, reason: string, rest: string): string {
  return `${UNVERIFIED}${subject} can't be evaluated: ${reason}. ${rest}`;
}

/** The kind of a message of this pack. What doesn't begin like one of the others is a violation. */
export function kindOf(message: string): Kind {
  if (EXEMPT.test(message)) return "exempt";
  return message.startsWith(UNVERIFIED) ? "unverified" : "violation";
}
