import { groupBy, memoized } from "../lib/lists";
import type { Exemption } from "./options";

/**
 * The exemption of a URN: one that holds beats one that has run out or breaks a rule. A list is prepared at its first use, and must
 * stay as it is.
 */
export function exemptionFor(exemptions: readonly Exemption[], urn: string, today: string) {
  const { exact, patterns } = indexOf(exemptions);
  const matching = [...(exact.get(urn) ?? []), ...patterns.filter(({ fits }) => fits(urn))];
  matching.sort((one, other) => one.at - other.at);
  const holding = matching.find(
    ({ exemption: { expires, breaks } }) => breaks === undefined && (expires === undefined || today <= expires),
  );
  const found = holding ?? matching[0];
  return found && { exemption: found.exemption, holds: found === holding };
}

/** A baseline is a list of thousands of URNs, which are looked up; patterns are few, and each is taken apart once. */
const indexOf = memoized((exemptions: readonly Exemption[]) => {
  const exact = groupBy(
    exemptions.map((exemption, at) => ({ exemption, at })),
    ({ exemption }) => exemption.urn,
  );
  const patterns = [...exact].flatMap(([urn, entries]) => {
    if (!urn.includes("*")) return [];
    const fits = compiled(urn);
    exact.delete(urn);
    return entries.map((entry) => ({ ...entry, fits }));
  });
  return { exact, patterns };
}, new WeakMap());

/** The end of a part of a URN, or of an address inside of its resource. */
const PART = /::|#\//y;

/**
 * `*` stands for anything within one part of a URN, `**` for anything; the whole URN must match. What is inside of a resource
 * is a part of its own.
 */
export function matches(pattern: string, urn: string): boolean {
  return compiled(pattern)(urn);
}

/**
 * The texts before a pattern's first star and after its last decide for nearly every URN. For the others, all the ways to
 * match are followed side by side, since a regular expression would try them one after another, for hours if there are many.
 * @param stop what `*` doesn't go over
 */
export function compiled(pattern: string, stop = PART): (urn: string) => boolean {
  const tokens = pattern.match(/\*+|[^*]+/g) ?? [];
  const [start = "", end = ""] = [tokens[0], tokens.at(-1)].map((token) => (token?.startsWith("*") ? "" : token));
  if (!pattern.includes("*")) return (urn) => urn === pattern;
  return (urn) => {
    if (urn.length < start.length + end.length || !urn.startsWith(start) || !urn.endsWith(end)) return false;
    // The places up to which the tokens so far can have matched.
    let places: ReadonlySet<number> = new Set([0]);
    for (const token of tokens) places = placesAfter(token, places, urn, stop);
    return places.has(urn.length);
  };
}

function placesAfter(token: string, places: ReadonlySet<number>, urn: string, stop: RegExp): ReadonlySet<number> {
  const after = new Set<number>();
  for (const place of places) {
    if (!token.startsWith("*")) {
      if (urn.startsWith(token, place)) after.add(place + token.length);
      continue;
    }
    // A star may also match nothing. Where another way has been already, it goes no further than that one.
    for (let at = place; at <= urn.length && !after.has(at); at++) {
      after.add(at);
      stop.lastIndex = at;
      if (token.length === 1 && stop.test(urn)) break;
    }
  }
  return after;
}
