import { dayAfter, daysBetween } from "../lib/days";
import { didYouMean } from "../lib/suggest";
import { isInside, nameIn } from "../lib/urn";
import { matches } from "./match";
import type { Exemption } from "./options";

/*
 * What is worth a word about a policy's exemptions, though nothing is wrong with their form. None of it blocks: an exemption
 * that does nothing exempts nothing.
 */

/** How many days ahead an exemption's end is told. */
const SOON_DAYS = 14;
/** How many are named of each kind. */
const NAMED = 5;

/** A run, as far as exemptions are concerned. */
export interface Run {
  /** The day (UTC, YYYY-MM-DD). */
  readonly today: string;
  /** How the URNs of its stack begin: `urn:pulumi:STACK::PROJECT::`. Undefined where nothing tells. */
  readonly stack: string | undefined;
  /** The URNs that the policy was asked about. */
  readonly urns: readonly string[];
  /** The exemptions that a finding fell under. */
  readonly used: ReadonlySet<Exemption>;
}

/** The remarks on a policy's exemptions, each of which names its place in the configuration. */
export function remarksOn(exemptions: readonly Exemption[], { today, stack, urns, used }: Run): string[] {
  const soon = dayAfter(today, SOON_DAYS);
  const [broken, strange, all]: [string[], string[], string[]] = [[], [], []];
  const [reaching, ending, idle]: [string[], string[], string[]] = [[], [], []];
  const inside = urns.filter(isInside);
  for (const [at, exemption] of exemptions.entries()) {
    const { urn, expires, breaks } = exemption;
    const place = `exemptions[${at}]`;
    if (!canBeUrn(urn)) strange.push(`${place}.urn: ${JSON.stringify(urn)} isn't a URN${meant(urn, urns)}`);
    else if (isEverything(urn)) all.push(`${place}.urn: ${JSON.stringify(urn)} exempts every resource of this policy`);
    if (breaks !== undefined) broken.push(`${place}: it doesn't hold, by ${breaks.rule}: ${breaks.why}: ${urn}`);
    const covered = urn.includes("*") && used.has(exemption) ? inside.filter((each) => matches(urn, each)) : [];
    if (covered.length > 0) {
      const count = `${covered.length} ${covered.length === 1 ? "resource" : "resources"}`;
      reaching.push(`${place}: it covers ${count} inside of others: ${urn}`);
    }
    if (used.has(exemption) && expires !== undefined && expires >= today && expires <= soon) {
      ending.push(`${place}: it holds until ${expires}, ${timeLeft(today, expires)}: ${urn}`);
    }
    if (stack !== undefined && urn.startsWith(stack) && !used.has(exemption)) {
      idle.push(`${place}: nothing that is found here falls under ${urn}${misspelt(urn, urns, inside)}`);
    }
  }
  return [broken, strange, all, reaching, ending, idle].flatMap(few);
}

/** A list of thousands isn't a message. */
function few(remarks: readonly string[]): string[] {
  const more = remarks.length - NAMED;
  return more <= 0 ? [...remarks] : [...remarks.slice(0, NAMED), `and ${more} more like these`];
}

/** Whether the pattern could match a URN at all: urn:pulumi:STACK::PROJECT::TYPE::NAME. */
function canBeUrn(pattern: string): boolean {
  const start = "urn:pulumi:";
  const first = pattern.indexOf("*");
  if (first === -1) return pattern.startsWith(start) && pattern.split("::").length >= 4;
  const literal = pattern.slice(0, first);
  return literal.startsWith(start) || start.startsWith(literal);
}

function isEverything(pattern: string): boolean {
  return pattern.replace(/^urn:pulumi:/, "").replace(/[*:]/g, "") === "" && matches(pattern, EXAMPLE);
}

const EXAMPLE = "urn:pulumi:dev::project::aws:s3/bucket:Bucket::bucket";

/** Of what isn't a URN, the resource of that name, or how a URN looks. */
function meant(text: string, urns: readonly string[]): string {
  const named = urns.filter((urn) => nameIn(urn) === text);
  return named.length === 1
    ? `; did you mean ${JSON.stringify(named[0])}?`
    : `, and exempts nothing; a URN looks like ${EXAMPLE}`;
}

function misspelt(urn: string, urns: readonly string[], inside: readonly string[]): string {
  if (urn.includes("*") || urns.includes(urn)) return "";
  if (inside.some((each) => each.startsWith(`${urn}#/`)))
    return `, not even what is inside of it: name that, or all of it by ${urn}#**`;
  // Of a URN, most is the same in every other one.
  return didYouMean(urn, urns, (other) => other, Math.max(1, Math.floor(nameIn(urn).length / 3)));
}

function timeLeft(today: string, last: string): string {
  const days = daysBetween(today, last);
  return days === 0 ? "today" : days === 1 ? "one more day" : `${days} more days`;
}
