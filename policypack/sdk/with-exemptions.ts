import { exemptionFor, type Match } from "../exemptions/match";
import type { Exemption } from "../exemptions/schema";
import type { Finding } from "./definition";

/** A finding by the configuration's exemptions. */
export interface Matched {
  readonly finding: Finding;
  /** The resource that it is shown on. */
  readonly urn: string;
  /** What it falls under, whether that still holds or not. A note needs none. */
  readonly exemption: Match | undefined;
}

/**
 * The findings of one policy: of several on one resource the first.
 * @param hosts the resource that another is inside of, which is the only one of the two that the engine knows
 * @param today the day (UTC, YYYY-MM-DD)
 */
export function withExemptions(
  findings: readonly Finding[],
  hosts: ReadonlyMap<string, string>,
  exemptions: readonly Exemption[],
  today: string,
): Matched[] {
  const seen = new Set<string>();
  return findings.flatMap((finding) => {
    const { urn: place, isNote } = finding;
    if (seen.has(place)) return [];
    seen.add(place);
    const urn = hosts.get(place) ?? place;
    const found = exemptionFor(exemptions, place, today) ?? exemptionFor(exemptions, urn, today);
    return [{ finding, urn, exemption: isNote === true ? undefined : found }];
  });
}

/** Whether it fails the run, if its policy is mandatory. */
export function isViolation({ finding, exemption }: Matched): boolean {
  return finding.isNote !== true && exemption?.holds !== true;
}

/** The resources of which the findings of a mandatory policy say what a policy that yields would say again. */
export function coveredBy(matched: readonly Matched[]): string[] {
  return matched.filter(isViolation).flatMap(({ finding }) => finding.covers ?? []);
}
