/** A resource that is exempt from a policy. */
export interface Exempted {
  readonly policy: string;
  readonly urn: string;
}

/** The configuration that exempts the resources: JSON, a policy a line. */
export function documentFor(exempted: readonly Exempted[]): string[] {
  const policies = [...new Set(exempted.map(({ policy }) => policy))];
  return policies.map((policy, at) => {
    const urns = new Set(exempted.filter((each) => each.policy === policy).map(({ urn }) => urn));
    const entries = [...urns].map((urn) => `{"urn": ${JSON.stringify(urn)}, "reason": ""}`);
    const [start, end] = [at === 0 ? "{" : " ", at === policies.length - 1 ? "}" : ","];
    return `${start}${JSON.stringify(policy)}: {"exemptions": [${entries.join(", ")}]}${end}`;
  });
}

/**
 * The configuration by which the engine itself excepts the resources, from CLI 3.274 on (Pulumi's
 * pkg/resource/analyzer/exceptions.go): JSON, a policy a line, with the reason left to be given.
 */
export function exceptionsFor(exempted: readonly Exempted[]): string[] {
  const policies = [...new Set(exempted.map(({ policy }) => policy))];
  const match = policies.map((policy, at) => {
    const targets = new Set(exempted.filter((each) => each.policy === policy).map(({ urn }) => urn));
    return `  ${JSON.stringify({ policies: [policy], targets: [...targets] })}${at === policies.length - 1 ? "" : ","}`;
  });
  return ['{"version": 2, "exceptions": {"public": {"reason": "", "match": [', ...match, "]}}}"];
}
