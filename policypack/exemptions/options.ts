import { isDay, today } from "../lib/days";
import { printable } from "../lib/json-text";
import { isObject, isText } from "../lib/values";
import { type Broken, brokenBy } from "./rules";
import { exemptions as EXEMPTIONS } from "./schema.json";

/*
 * The options that every policy has: its exemptions, and whom to ask. The engine checks them by schema.json before the pack is
 * asked anything; but it can be older than the check, and takes a space for a reason.
 */

/** A decision on the record: the resources that a pattern names may fail a policy, for a reason, until a day. */
export interface Exemption {
  readonly urn: string;
  readonly reason: string;
  /** The day (UTC, YYYY-MM-DD) on which it was made; its age is not known if left out. */
  readonly since?: string;
  /** The last day (UTC, YYYY-MM-DD) on which it holds; it never expires if left out. */
  readonly expires?: string;
  /** Who agreed to it, where the rules for exemptions name approvers. */
  readonly approvedBy?: string;
  /** Not of the configuration: the rule for exemptions that it breaks, so that it doesn't hold. */
  readonly breaks?: Broken;
}

interface Field {
  readonly isValid: (value: unknown) => boolean;
  /** Follows the place of a value that isn't valid. */
  readonly problem: (value: unknown) => string;
}

const asDay = (value: unknown): string => `${JSON.stringify(value)} is not a day in the form YYYY-MM-DD`;

const FIELDS: Readonly<Record<keyof typeof EXEMPTIONS.items.properties, Field>> = {
  urn: { isValid: isText, problem: () => "missing; give the URN of the resource, or a pattern" },
  reason: { isValid: isText, problem: () => "missing; say why the resource is exempt" },
  since: {
    isValid: (value) => isDay(value) && String(value) <= today(),
    problem: (value) => (isDay(value) ? `${String(value)} is in the future` : asDay(value)),
  },
  expires: { isValid: isDay, problem: asDay },
  approvedBy: { isValid: isText, problem: () => "not a text; name who approved it" },
};

/**
 * Reads a policy's `exemptions` option; each problem names its place and says what belongs there.
 * @param rules the rules for all exemptions, `exemptionRules`
 */
export function readExemptions(value: unknown, rules?: unknown): { exemptions: Exemption[]; problems: string[] } {
  if (value === undefined) return { exemptions: [], problems: [] };
  if (!Array.isArray(value)) return { exemptions: [], problems: ["exemptions: not a list"] };
  const problems = value.flatMap((entry: unknown, index): string[] => {
    const place = `exemptions[${index}]`;
    if (!isObject(entry)) return [`${place}: not an object`];
    const own = new Map(Object.entries(entry));
    const unknown = [...own.keys()].filter((key) => !Object.hasOwn(FIELDS, key));
    const invalid = Object.entries(FIELDS).filter(
      ([name, { isValid }]) => (EXEMPTIONS.items.required.includes(name) || own.has(name)) && !isValid(own.get(name)),
    );
    return [
      ...unknown.map(
        (key) => `${place}.${key}: unknown key; an exemption has urn, reason, since, expires and approvedBy`,
      ),
      ...invalid.map(([name, { problem }]) => `${place}.${name}: ${problem(own.get(name))}`),
    ];
  });
  if (problems.length > 0) return { exemptions: [], problems };
  const now = today();
  const checked = (each: Exemption): Exemption => {
    const breaks = brokenBy(each, rules, now);
    return breaks === undefined ? each : { ...each, breaks };
  };
  return { exemptions: (value as Exemption[]).map(checked), problems };
}

const LONGEST = 200;

/** Whom to ask; undefined where the configuration doesn't say. `{team}` in it is the value of the stack's tag `team`. */
export function contactOf(contact: unknown, tags?: ReadonlyMap<string, string>): string | undefined {
  if (typeof contact !== "string" || contactProblems(contact).length > 0) return undefined;
  const valueOf = (_: string, tag: string): string => printable(tags?.get(tag) ?? `the stack's tag ${tag}`);
  return contact.trim().replace(/\{([^{}]+)\}/g, valueOf);
}

/** The problems of a contact, which must be one line in which everything can be seen. */
export function contactProblems(contact: unknown): string[] {
  const isLine = isText(contact) && contact.length <= LONGEST && !/[\p{C}\p{Zl}\p{Zp}]/u.test(contact);
  if (contact === undefined || isLine) return [];
  return [`contact: must be one line of at most ${LONGEST} printable characters`];
}
