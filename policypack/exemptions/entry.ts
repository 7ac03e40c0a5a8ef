import { groupBy } from "../lib/lists";

/** A resource that is exempt from a policy. */
export type Exempted = Readonly<Record<"policy" | "urn", string>>;

/** The URNs by policy, each once. */
function byPolicy(exempted: readonly Exempted[]): [policy: string, urns: string[]][] {
  const groups = [...groupBy(exempted, ({ policy }) => policy)];
  return groups.map(([policy, each]) => [policy, [...new Set(each.map(({ urn }) => urn))]]);
}

/** The configuration that exempts the resources: JSON, a policy a line. */
export function documentFor(exempted: readonly Exempted[]): string[] {
  return byPolicy(exempted).map(([policy, urns], at, all) => {
    const entries = urns.map((urn) => `{"urn": ${JSON.stringify(urn)}, "reason": ""}`).join(", ");
    return `${at === 0 ? "{" : " "}${JSON.stringify(policy)}: {"exemptions": [${entries}]}${at === all.length - 1 ? "}" : ","}`;
  });
}

/**
 * The configuration by which the engine itself excepts the resources, from CLI 3.274 on (Pulumi's
 * pkg/resource/analyzer/exceptions.go): JSON, a policy a line, with the reason left to be given.
 */
export function exceptionsFor(exempted: readonly Exempted[]): string[] {
  const match = byPolicy(exempted).map(([policy, targets]) => `  ${JSON.stringify({ policies: [policy], targets })}`);
  return [
    '{"version": 2, "exceptions": {"public": {"reason": "", "match": [',
    ...match.join(",\n").split("\n"),
    "]}}}",
  ];
}
