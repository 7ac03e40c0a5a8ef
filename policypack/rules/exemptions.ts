/** A decision on the record: the resources that a pattern names may fail a policy, for a reason, until a day. */
export interface Exemption {
  readonly urn: string;
  readonly reason: string;
  /** The last day (UTC, YYYY-MM-DD) on which it holds; for good if left out. */
  readonly expires?: string;
}

/** Reads a policy's `exemptions` setting; each problem names its place and says what belongs there. */
export function readExemptions(value: unknown): { exemptions: Exemption[]; problems: string[] } {
  if (value === undefined) return { exemptions: [], problems: [] };
  if (!Array.isArray(value)) return { exemptions: [], problems: ["exemptions: not a list"] };
  const problems = value.flatMap((entry: unknown, index) => problemsOf(entry, `exemptions[${index}]`));
  return { exemptions: problems.length > 0 ? [] : (value as Exemption[]), problems };
}

function problemsOf(entry: unknown, place: string): string[] {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return [`${place}: not an object`];
  const own = new Map<string, unknown>(Object.entries(entry));
  const problems = [...own.keys()]
    .filter((key) => !["urn", "reason", "expires"].includes(key))
    .map((key) => `${place}.${key}: unknown key; an exemption has urn, reason and expires`);
  if (!isText(own.get("urn")))
    problems.push(`${place}.urn: missing; give the URN of the resource, or a pattern`);
  if (!isText(own.get("reason"))) problems.push(`${place}.reason: missing; say why the resource is exempt`);
  if (own.has("expires") && !isDay(own.get("expires"))) {
    problems.push(
      `${place}.expires: ${JSON.stringify(own.get("expires"))} is not a day in the form YYYY-MM-DD`,
    );
  }
  return problems;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}

function isDay(value: unknown): boolean {
  const date = new Date(`${String(value)}T00:00:00Z`);
  // 2027-02-30 is read as 2 March by some engines: only a day that reads back as itself is one.
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === value;
}

/** The lines of a message that tell how to exempt a resource. */
export function entryFor(policy: string, urn: string, exemptIf = "If it must be public"): string {
  const entry = JSON.stringify({ urn, reason: "" }).replaceAll('":"', '": "').replace('","', '", "');
  return `${exemptIf}, say why in the policy pack's configuration:\n  "${policy}": { "exemptions": [${entry}] }`;
}

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
 * `*` stands for anything within one part of a URN, `**` for anything; the whole URN has to match. All the ways to match
 * are followed side by side, since a regular expression would try them one after another, for hours if there are many.
 */
export function matches(pattern: string, urn: string): boolean {
  if (!pattern.includes("*")) return pattern === urn; // A baseline is a long list of these.
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
