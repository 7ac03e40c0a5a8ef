import { metas } from "../../policypack/policies/meta";
import { LOST, LOST_RULE, OWN } from "../preview/lost-findings";

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
  if (pack === OWN && policy === LOST) return LOST_RULE;
  const own = pack === OWN ? metas.find(({ name }) => name === policy) : undefined;
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
