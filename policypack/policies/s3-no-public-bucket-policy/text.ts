import { printable } from "../../lib/json-text";

/** The problem of a statement or a document, in words that follow its name ("Statement[0] has no Effect"). */
export class Malformed extends Error {}

/** Reads a document; a malformed one gives `otherwise` its reason. */
export function unlessMalformed<T>(read: () => T, otherwise: (reason: string) => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return otherwise(error.message);
    throw error;
  }
}

/**
 * The properties of an object by lower-case name, with the name as it was written. IAM takes condition operators and
 * condition keys in any case, and a name that is read where IAM would refuse it can only make the verdict stricter.
 * `null` and `undefined` count as not given.
 *
 * @throws Malformed if two names differ in nothing but case: which of them counts is anyone's guess.
 */
export function members(object: object): Map<string, { name: string; value: unknown }> {
  const found = new Map<string, { name: string; value: unknown }>();
  for (const [name, value] of Object.entries(object) as [string, unknown][]) {
    if (value === undefined || value === null) continue;
    const folded = name.toLowerCase();
    if (found.has(folded)) throw new Malformed(`gives ${printable(name)} twice`);
    found.set(folded, { name, value });
  }
  return found;
}

/** IAM takes one value where it takes a list. A place left empty in a list is `undefined`. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? Array.from(value as unknown[]) : [value];
}

/** Whether a value means one thing: it has no wildcard and no policy variable, and something is left of it. */
export function isFixed(text: string): boolean {
  return text.trim() !== "" && !/[*?]|\$\{/.test(text);
}
