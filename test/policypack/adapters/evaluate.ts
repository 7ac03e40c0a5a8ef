import { fromInputs, fromOutputs, type Resource as Told } from "../../../policypack/engine/resource";
import { linesOf } from "../../../policypack/findings/text";
import { published } from "../../../policypack/findings/with-exemptions";
import { policies } from "../../../policypack/policies";
import { adapt } from "../../../policypack/adapters";
import type { Resource } from "../../harness/engine/analyzer";
import { analyzeRequest, analyzeStackRequest } from "../../harness/engine/analyzer-messages";

/** As much of a finding as every caller asks for. */
export interface Found {
  readonly policy: string;
  readonly level: string;
  readonly urn: string;
}

/** What the policies find at a first preview, without a process or a protocol. */
export function evaluate(resources: Resource[]): (Found & { head: string })[] {
  const request = analyzeStackRequest(resources);
  const planned = new Map(resources.map((each) => [each.urn, fromInputs(analyzeRequest(each))]));
  const stack = request.getResourcesList().map((each): Told => fromOutputs(each, planned.get(each.getUrn())));
  const covered = new Set<string>();
  const found = policies.flatMap((policy) => {
    const read = adapt(stack).filter(({ type }) => policy.reads(type));
    const all =
      "evaluateStack" in policy
        ? policy.evaluateStack(read, {})
        : read.flatMap((each) => policy.evaluateResource(each, {}));
    for (const { covers = [] } of all) for (const urn of covers) covered.add(urn);
    return all.map((finding) => {
      const { urn, isNote, alsoExempt } = finding;
      alsoExempt?.(); // What a message has at its end is evaluated, too.
      const [head] = linesOf(published({ finding, urn, exemption: undefined }, policy, undefined, () => undefined));
      return { policy, urn, head: head?.text ?? "", level: isNote === true ? "advisory" : "mandatory" };
    });
  });
  return found
    .filter(({ policy, urn }) => !("yields" in policy && policy.yields && covered.has(urn)))
    .map(({ policy, ...rest }) => ({ policy: policy.name, ...rest }));
}
