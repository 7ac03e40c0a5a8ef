import type { Json } from "../gate/output";
import { type Exempted, type Exemption, groupBy, isInside, isObject } from "../../policypack/face";
import { type Config, isVersioned } from "../config";
import { type Audit, findingsOf } from "../report/audit";
import type { BaselineOptions } from "./args";

/* Today's open resources, as exemptions: with it the policies can be mandatory from the first day, and block new ones. */

/** In the format of the pack's own exemptions, or of the exceptions that the CLI has from version 3.274 on. */
export type Terms = Pick<BaselineOptions, "format" | "reason" | "expires">;
export type Baseline = ReturnType<typeof baseline>;

export function baseline(audit: Audit, config: Config, { format, reason, expires }: Terms) {
  const blocking = findingsOf(audit).filter(({ blocks }) => blocks);
  // Without what it covers an exemption only lets the next finding through.
  const all = blocking.flatMap(({ policy, urn, covers = [] }): Exempted[] => [{ policy, urn }, ...covers]);
  // A star in a URN would stand for others, and the engine knows nothing of what is inside.
  const isNameable = ({ urn }: Exempted): boolean => !(format === "engine" ? isInside(urn) : urn.includes("*"));
  const { entries, added } = entriesOf(all.filter(isNameable));
  const sorted = entries.map(([policy, urns]) => [policy, [...urns].sort()] as const);
  const content =
    format === "engine"
      ? withExceptions(config.content, sorted, `${reason}; until ${expires}`, audit.date)
      : withExemptions(config.content, sorted, { reason, since: audit.date, expires });
  const leftOut = [...new Set(all.filter((each) => !isNameable(each)).map(({ urn }) => urn))];
  return { text: `${JSON.stringify(content, undefined, 2)}\n`, added, leftOut };
}

export type Entries = readonly (readonly [policy: string, urns: readonly string[]])[];

/** The resources by policy, each once, and how many there are. */
export function entriesOf(exempted: readonly Exempted[]): { entries: Entries; added: number } {
  const byPolicy = [...groupBy(exempted, ({ policy }) => policy)];
  const entries = byPolicy.map(([policy, each]) => [policy, [...new Set(each.map(({ urn }) => urn))]] as const);
  return { entries, added: entries.reduce((sum, [, urns]) => sum + urns.length, 0) };
}

/**
 * The configuration with an exemption more for each entry. One of version 2 has its policies a level deeper.
 * @param stays whether an existing exemption is kept next to a new one of the same URN
 */
export function withExemptions(
  content: Json,
  entries: Entries,
  terms: Omit<Exemption, "urn">,
  stays: (old: Exemption) => boolean = () => true,
): Json {
  const policies = isVersioned(content) ? objectOf(content.policies) : content;
  const exempt = entries.map(([policy, urns]): [string, Json] => {
    const before = objectOf(policies[policy]);
    const all = Array.isArray(before.exemptions) ? (before.exemptions as Exemption[]) : [];
    const old = all.filter((each) => !urns.includes(each.urn) || stays(each));
    const level = typeof policies[policy] === "string" ? { enforcementLevel: policies[policy] } : {};
    const exemptions = [...old, ...urns.map((urn) => ({ urn, ...terms }))];
    return [policy, { ...level, ...before, exemptions }];
  });
  const all = { ...policies, ...Object.fromEntries(exempt) };
  return isVersioned(content) ? { ...content, policies: all } : all;
}

/** One exception per policy, which names its resources; in a file, an exception can't expire. */
function withExceptions(content: Json, entries: Entries, reason: string, date: string): Json {
  const { environments, ...policies } = content;
  const versioned: Json = isVersioned(content) ? content : { version: 2, environments, policies };
  const exceptions = { ...objectOf(versioned.exceptions) };
  for (const [policy, targets] of entries) {
    const id = `baseline-${date}-${policy}`;
    let unused = id;
    for (let number = 2; Object.hasOwn(exceptions, unused); number++) unused = `${id}-${number}`;
    exceptions[unused] = { reason, match: [{ policies: [policy], targets }] };
  }
  return { ...versioned, exceptions };
}

const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
