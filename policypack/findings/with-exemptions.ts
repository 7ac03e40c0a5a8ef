import { exemptionFor } from "../exemptions/match";
import type { Exemption } from "../exemptions/options";
import { javascript, type Language } from "../languages";
import { exempt, type Finding, onOneLineEach, type Published, toExempt } from "./finding";

/** A finding by the configuration's exemptions. */
export type Matched = Readonly<ReturnType<typeof withExemptions>[number]>;

/**
 * The findings of one policy: of several on one resource the first.
 * @param hosts the resource that another is inside of, which is the only one of the two that the engine knows
 * @param today the day (UTC, YYYY-MM-DD)
 * @param exceptions the engine's own, which are by the resource that a finding is shown on
 */
export function withExemptions(
  findings: readonly Finding[],
  hosts: ReadonlyMap<string, string>,
  exemptions: readonly Exemption[],
  today: string,
  exceptions: readonly Exemption[] = [],
) {
  const seen = new Set<string>();
  return findings.flatMap((finding) => {
    const { urn: place, isNote } = finding;
    if (seen.has(place)) return [];
    seen.add(place);
    /** The resource that it is shown on. */
    const urn = hosts.get(place) ?? place;
    /** The exemption that covers it, whether or not that still holds. A note needs none. */
    const found = exemptionFor(exemptions, place, today) ?? exemptionFor(exceptions, urn, today);
    return [{ finding, urn, exemption: isNote === true ? undefined : found }];
  });
}

/** Whether it fails the run, if its policy is mandatory. */
export function isViolation({ finding, exemption }: Matched): boolean {
  return finding.isNote !== true && exemption?.holds !== true;
}

/** The resources that a mandatory policy's findings cover, about which a policy that yields stays silent. */
export function coveredBy(matched: readonly Matched[]): string[] {
  return matched.filter(isViolation).flatMap(({ finding }) => finding.covers ?? []);
}

/**
 * The finding as it is reported.
 * @param language the language of the program that a resource belongs to, where it is known; asked for only for code
 */
export function published(
  { finding, urn, exemption }: Matched,
  { name, exemptIf = "If it must be public" }: { readonly name: string; readonly exemptIf?: string },
  contact: string | undefined,
  language: (urn: string) => Language | undefined,
): Published {
  const { urn: address, said, isNote = false, alsoExempt } = finding;
  let isGuessed = false;
  const program = (): Language => {
    const known = language(urn);
    isGuessed = known === undefined;
    return known ?? javascript;
  };
  const text = typeof said === "function" ? said(program) : said;
  const whole: Published = {
    ...onOneLineEach(text),
    kind: text.isUnverified ? "unverified" : "violation",
    isGuessed,
    isOnlyShown: false,
    address: address === urn ? undefined : address,
    ...{ exemption: undefined, contact: undefined, howToExempt: undefined },
  };
  if (isNote) return whole;
  if (exemption !== undefined) {
    const { reason, expires, breaks } = exemption.exemption;
    const under = exempt(whole, reason, expires);
    if (exemption.holds || under.exemption === undefined) return under;
    const broken = breaks && { expires: undefined, breaks: breaks.rule };
    return { ...whole, contact, exemption: { ...under.exemption, ...broken } };
  }
  const exempted = [{ policy: name, urn: address }, ...(alsoExempt?.() ?? [])];
  return { ...whole, contact, howToExempt: toExempt(exempted, exemptIf, whole.address) };
}
