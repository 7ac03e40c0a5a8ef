import { type Meta, metas } from "../../policypack/face";
import OWN_RULES from "./rules.json";

/** A policy's requirement, and where this package's documentation has it, from the root of the sources. */
interface Rule extends Readonly<Record<"displayName" | "description" | "remediationSteps", string>> {
  readonly url?: string | undefined;
  readonly docs?: string;
  readonly frameworks?: Meta["frameworks"] | undefined;
}

/** This package's own policy pack. */
export const OWN = "s3-public-access-block";

/** The policy that the verdict stands for: without it no bucket was evaluated. */
export const BUCKET_POLICY = "s3-bucket-public-access-block";

/** The rules of the gate and of the audit that no policy pack could have: of what a preview takes away, and of what S3 says. */
export const LOST = "s3-lost-public-access-block";
export const LIVE = "s3-live-public-access-block";

/** This package's own policies, as far as the gate needs to know them: nothing else here reads the pack's list of them. */
export const OWN_POLICIES = metas.map(({ name, evaluates }) => ({ name, isOfStack: evaluates === "stack" }));

/** Those rules ask for the same block as the first policy. */
const OF_BLOCK = metas[0]?.frameworks;

const RULES = new Map<string, Rule>([
  ...metas.map((policy): [string, Rule] => [policy.name, { ...policy, docs: `docs/policies.md#${policy.name}` }]),
  ...Object.entries(OWN_RULES).map(([name, rule]): [string, Rule] => [name, { ...rule, frameworks: OF_BLOCK }]),
]);

/**
 * The facts of a policy apart from its findings. The engine's events have none of them, so another pack's policies have only
 * a name.
 */
export function ruleOf(pack: string, policy: string): Rule {
  const description = `Policy ${policy} of the policy pack ${pack}.`;
  const remediationSteps = `${description} Each result names the problem of its resource.`;
  const own = pack === OWN ? RULES.get(policy) : undefined;
  return own ?? { displayName: policy, description, remediationSteps };
}
