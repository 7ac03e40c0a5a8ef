import type { Exemption } from "./schema";

/** A URN's exemption; one that still holds beats one that has run out. */
export interface Match {
  readonly exemption: Exemption;
  readonly holds: boolean;
}

/** Tells a URN's exemption. A list is prepared at its first use, and must stay as it is. */
export function exemptionFor(exemptions: readonly Exemption[], urn: string, today: string): Match | undefined {
  const { exact, patterns } = indexOf(exemptions);
  const matching = [...(exact.get(urn) ?? []), ...patterns.filter(({ fits }) => fits(urn))];
  matching.sort((one, other) => one.at - other.at);
  const holding = matching.find(({ exemption: { expires } }) => expires === undefined || today <= expires);
  const found = holding ?? matching[0];
  return found && { exemption: found.exemption, holds: found === holding };
}

interface Entry {
  readonly exemption: Exemption;
  /** Its place in the list. */
  readonly at: number;
}

interface Index {
  readonly exact: ReadonlyMap<string, readonly Entry[]>;
  readonly patterns: readonly (Entry & { readonly fits: (urn: string) => boolean })[];
}

const indexes = new WeakMap<readonly Exemption[], Index>();

/** A baseline is a list of thousands of URNs, which are looked up; patterns are few, and each is taken apart once. */
function indexOf(exemptions: readonly Exemption[]): Index {
  const known = indexes.get(exemptions);
  if (known !== undefined) return known;
  const exact = new Map<string, Entry[]>();
  const patterns: (Entry & { fits: (urn: string) => boolean })[] = [];
  for (const [at, exemption] of exemptions.entries()) {
    const { urn } = exemption;
    const same = exact.get(urn);
    if (urn.includes("*")) patterns.push({ exemption, at, fits: compiled(urn) });
    else if (same === undefined) exact.set(urn, [{ exemption, at }]);
    else same.push({ exemption, at });
  }
  const index = { exact, patterns };
  indexes.set(exemptions, index);
  return index;
}

/**
 * `*` stands for anything within one part of a URN, `**` for anything; the whole URN must match. What is inside of a resource
 * is a part of its own.
 */
export function matches(pattern: string, urn: string): boolean {
  return compiled(pattern)(urn);
}

/**
 * What a pattern has before its first star and after its last decides for nearly every URN. Of the others all the ways to
 * match are followed side by side, since a regular expression would try them one after another, for hours if there are many.
 * @param stop what `*` doesn't go over
 */
export function compiled(pattern: string, stop = PART): (urn: string) => boolean {
  const first = pattern.indexOf("*");
  if (first === -1) return (urn) => urn === pattern;
  const [start, end] = [pattern.slice(0, first), pattern.slice(pattern.lastIndexOf("*") + 1)];
  let tokens: readonly string[] | undefined;
  return (urn) => {
    if (urn.length < start.length + end.length || !urn.startsWith(start) || !urn.endsWith(end)) return false;
    tokens ??= pattern.slice(first, pattern.length - end.length).match(/\*+|[^*]/g) ?? [];
    return follows(tokens, urn.slice(start.length, urn.length - end.length), end, stop);
  };
}

/** @param after what comes after the text in the URN, where a `stop` may begin */
function follows(tokens: readonly string[], text: string, after: string, stop: RegExp): boolean {
  const whole = text + after;
  // The numbers of tokens that can have matched what is read so far; a star may also match nothing.
  let matched = withStars(new Set([0]), tokens);
  for (let at = 0; at < text.length && matched.size > 0; at++) {
    const next = new Set<number>();
    for (const count of matched) {
      const token = tokens[count];
      if (token === undefined) continue;
      if (token.length > 1 || (token === "*" && !isAt(stop, whole, at))) next.add(count);
      else if (token === text[at]) next.add(count + 1);
    }
    matched = withStars(next, tokens);
  }
  return matched.has(tokens.length);
}

/** What ends a part of a URN, or of the address of what is inside of its resource. */
const PART = /::|#\//y;

function isAt(stop: RegExp, text: string, at: number): boolean {
  stop.lastIndex = at;
  return stop.test(text);
}

function withStars(counts: Set<number>, tokens: readonly string[]): Set<number> {
  for (const count of counts) if (tokens[count]?.startsWith("*") === true) counts.add(count + 1);
  return counts;
}
