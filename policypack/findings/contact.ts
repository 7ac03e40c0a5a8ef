import { isText } from "../lib/values";

/** As long as a line of a message may get by it. */
const LONGEST = 200;

/** The option that says whom to ask about a finding, for the engine. */
export const CONTACT = {
  type: "string",
  minLength: 1,
  description: "Whom to ask about a finding, such as an address or a channel; one line, shown in the message.",
} as const;

/** Whom to ask; undefined where the configuration doesn't say. */
export function contactOf(contact: unknown): string | undefined {
  return typeof contact === "string" && contactProblem(contact) === undefined ? contact.trim() : undefined;
}

/** What is wrong with a contact: it is one line, in which everything can be seen. */
export function contactProblem(contact: unknown): string | undefined {
  const isLine = isText(contact) && contact.length <= LONGEST && !/[\p{C}\p{Zl}\p{Zp}]/u.test(contact);
  return contact === undefined || isLine
    ? undefined
    : `contact: not one line of up to ${LONGEST} characters that can be seen`;
}
