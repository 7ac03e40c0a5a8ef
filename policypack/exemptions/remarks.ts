import { dayAfter, daysBetween } from "../lib/days";
import { didYouMean } from "../lib/suggest";
import { isInside, nameIn } from "../lib/urn";
import { matches } from "./match";
import type { Exemption } from "./options";

/*
 * Remarks on a policy's exemptions, though nothing is wrong with their form. None of them blocks: an exemption
 * that does nothing exempts nothing.
 */

/** How many days ahead an exemption's end is reported. */
const SOON_DAYS = 14;
/** How many are named of each kind. */
const NAMED = 5;

/** A run, as far as exemptions are concerned. */
export interface Run {
  readonly today: string;
  /** How the URNs of its stack begin: `urn:pulumi:STACK::PROJECT::`. Undefined if unknown. */
  readonly stack: string | undefined;
  /** The URNs that the policy was asked about. */
  readonly urns: readonly string[];
  readonly used: ReadonlySet<Exemption>;
}

const KINDS = ["broken", "strange", "all", "reaching", "ending", "idle"] as const;

/** The remarks on a policy's exemptions, each of which names its place in the configuration. */
export function remarksOn(exemptions: readonly Exemption[], { today, stack, urns, used }: Run): string[] {
  const soon = dayAfter(today, SOON_DAYS);
  const remarks = new Map<string, string[]>(KINDS.map((kind) => [kind, []]));
  const inside = urns.filter(isInside);
  for (const [at, exemption] of exemptions.entries()) {
    const { urn, expires, breaks } = exemption;
    const isUsed = used.has(exemption);
    const remark = (kind: (typeof KINDS)[number], text: string) => remarks.get(kind)?.push(`exemptions[${at}]${text}`);
    if (!canBeUrn(urn)) remark("strange", `.urn: ${JSON.stringify(urn)} isn't a URN${meant(urn, urns)}`);
    else if (/^(?:urn:pulumi:)?[*:]*$/.test(urn) && matches(urn, EXAMPLE))
      remark("all", `.urn: ${JSON.stringify(urn)} exempts every resource of this policy`);
    if (breaks !== undefined) remark("broken", `: it doesn't hold, by ${breaks.rule}: ${breaks.why}: ${urn}`);
    const covered = urn.includes("*") && isUsed ? inside.filter((each) => matches(urn, each)).length : 0;
    const count = `${covered} ${covered === 1 ? "resource" : "resources"}`;
    if (covered > 0) remark("reaching", `: it covers ${count} inside of others: ${urn}`);
    if (isUsed && expires !== undefined && expires >= today && expires <= soon) {
      const days = daysBetween(today, expires);
      const left = days === 0 ? "today" : days === 1 ? "one more day" : `${days} more days`;
      remark("ending", `: it holds until ${expires}, ${left}: ${urn}`);
    }
    if (stack !== undefined && urn.startsWith(stack) && !isUsed)
      remark("idle", `: unused: no finding in this stack matches ${urn}${misspelt(urn, urns, inside)}`);
  }
  // A list of thousands isn't a message.
  return [...remarks.values()].flatMap((each) => {
    const more = each.length - NAMED;
    return more <= 0 ? each : [...each.slice(0, NAMED), `and ${more} more like these`];
  });
}

/** Whether the pattern could match a URN at all: urn:pulumi:STACK::PROJECT::TYPE::NAME. */
function canBeUrn(pattern: string): boolean {
  const start = "urn:pulumi:";
  const [literal = "", ...stars] = pattern.split("*");
  if (stars.length === 0) return pattern.startsWith(start) && pattern.split("::").length >= 4;
  return literal.startsWith(start) || start.startsWith(literal);
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
