import { policies } from "../policypack/policies";

/** What a policy asks for. */
export interface Rule {
  readonly title: string;
  readonly description: string;
  readonly help: string;
  readonly url?: string;
}

/**
 * What is known of a policy beside its findings. The engine's events have nothing of it, so of another pack's policies it
 * is the name.
 */
export function ruleOf(pack: string, policy: string): Rule {
  const own = pack === "s3-public-access-block" ? policies.find(({ name }) => name === policy) : undefined;
  if (own !== undefined) {
    const { displayName, description, remediationSteps, url } = own;
    return { title: displayName, description, help: remediationSteps, url };
  }
  const text = `Policy ${policy} of the policy pack ${pack}.`;
  return {
    title: policy,
    description: text,
    help: `${text} Each result says what is wrong with its resource.`,
  };
}
