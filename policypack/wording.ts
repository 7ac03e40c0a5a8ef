import type { Gap } from "./rules/public-access-block";

/*
 * What the messages of all policies have in common. They call a resource by its logical name: a physical name may be a
 * secret.
 */

/** The control that all public access blocks answer to. */
export const BLOCK_PUBLIC_ACCESS = {
  name: "CIS AWS Foundations Benchmark",
  version: "3.0.0",
  reference: "2.1.4",
  specification: "Ensure that S3 is configured with 'Block Public Access' enabled",
};

/** The logical name. It may hold `::` itself; what comes before it, urn:pulumi:STACK::PROJECT::TYPE, doesn't. */
export function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::") || urn;
}

/** The type, without those of the components that it is in. */
export function typeIn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

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

const STATES: Record<Gap["state"], string> = {
  off: "is false, which is also what it is when left out",
  unset: "is left out, which means false",
  unknown: "can't be verified: its value isn't known before the update",
  invalid: "is not a boolean",
};

/** What is wrong with the settings of a block, then the lines that mend it. */
export function gapLines(urn: string, gaps: readonly Gap[]): string[] {
  return [
    ...gaps.map(({ setting, state }) => `  ${setting} ${STATES[state]}`),
    `In '${nameIn(urn)}', set`,
    ...gaps.map(({ setting }) => `      ${setting}: true,`),
  ];
}
