/** A resource that is exempt from a policy. */
export interface Exempted {
  readonly policy: string;
  readonly urn: string;
}

/**
 * The lines of a message that tell how to exempt resources: what follows the first line is the whole of a configuration,
 * with the reasons left to be given. An empty one is refused.
 */
export function entryFor(exempted: readonly Exempted[], exemptIf = "If it must be public"): string {
  const lines = documentFor(exempted).map((line) => `  ${line}`);
  return [`${exemptIf}, ${SAY_WHY}`, ...lines].join("\n");
}

/** Follows the lines on how to exempt what the engine has been told of (docs/configuration.md). */
export const OR_EXCEPT =
  "Pulumi CLI exceptions (3.274+) also work, but take no patterns; only Pulumi Cloud's can expire.";

const SAY_WHY =
  "say why in a file for --policy-pack-config, or in the configuration of the organization's policy group:";

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

/** What the document in a message exempts; nothing where it has none. */
export function exemptedIn(message: string): Exempted[] {
  const lines = message.split("\n");
  const start = lines.findIndex((line) => line.endsWith(SAY_WHY));
  if (start === -1) return [];
  const after = lines.slice(start + 1);
  const end = after.findIndex((line) => !line.startsWith("  "));
  try {
    const document = JSON.parse(after.slice(0, end === -1 ? undefined : end).join("\n")) as Record<
      string,
      { exemptions: { urn: string }[] }
    >;
    return Object.entries(document).flatMap(([policy, { exemptions }]) =>
      exemptions.map(({ urn }) => ({ policy, urn })),
    );
  } catch {
    return []; // A name with a line break in it, or what another tool has made of the text.
  }
}
