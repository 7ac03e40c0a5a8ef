import type { Exemption } from "./schema";

/** Tells a URN's exemption; one that still holds beats one that has run out. */
export function exemptionFor(
  exemptions: readonly Exemption[],
  urn: string,
  today: string,
): { exemption: Exemption; holds: boolean } | undefined {
  const matching = exemptions.filter((exemption) => matches(exemption.urn, urn));
  const holding = matching.find(({ expires }) => expires === undefined || today <= expires);
  const exemption = holding ?? matching[0];
  return exemption && { exemption, holds: exemption === holding };
}

/**
 * `*` stands for anything within one part of a URN, `**` for anything; the whole URN must match. All the ways to match
 * are followed side by side, since a regular expression would try them one after another, for hours if there are many.
 */
export function matches(pattern: string, urn: string): boolean {
  const tokens = pattern.match(/\*+|[^*]/g) ?? [];
  // The numbers of tokens that can have matched what is read so far; a star may also match nothing.
  let matched = withStars(new Set([0]), tokens);
  for (let at = 0; at < urn.length; at++) {
    const next = new Set<number>();
    for (const count of matched) {
      const token = tokens[count];
      if (token === undefined) continue;
      if (token.length > 1 || (token === "*" && !urn.startsWith("::", at))) next.add(count);
      else if (token === urn[at]) next.add(count + 1);
    }
    matched = withStars(next, tokens);
  }
  return matched.has(tokens.length);
}

function withStars(counts: Set<number>, tokens: readonly string[]): Set<number> {
  for (const count of counts) if (tokens[count]?.startsWith("*") === true) counts.add(count + 1);
  return counts;
}
