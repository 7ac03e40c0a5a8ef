import { nameIn } from "./urn";

/*
 * What the messages of all policies have in common. They call a resource by its logical name: a physical name may be a
 * secret.
 */

/** A variable that the program may have the resource in. */
export function identifierIn(urn: string): string {
  const words = nameIn(urn).match(/[\p{L}\p{N}]+/gu) ?? [];
  const joined = words.map((word, index) => (index === 0 ? word : capitalized(word))).join("");
  return /^\p{L}/u.test(joined) ? joined : "bucket";
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Names a few: a message is to be read. */
export function listOf(resources: readonly { urn: string }[]): string {
  const names = resources.slice(0, 3).map(({ urn }) => `'${nameIn(urn)}'`);
  const more = resources.length - names.length;
  return names.join(" and ") + (more > 0 ? ` and ${more} more` : "");
}
