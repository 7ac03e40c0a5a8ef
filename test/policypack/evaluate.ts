import { fromInputs, fromOutputs, isLate, type Resource as Plain } from "../../policypack/engine/resource";
import { languageOfRuntime } from "../../policypack/languages";
import { type Line, linesOf } from "../../policypack/findings/text";
import { published } from "../../policypack/findings/with-exemptions";
import { policies } from "../../policypack/policies";
import { adapt } from "../../policypack/adapters";
import type { PolicyConfiguration, Resource } from "../harness/engine/analyzer";
import { analyzeRequest, analyzeStackRequest } from "../harness/engine/analyzer-messages";

/** As much of a finding as every caller asks for. */
export interface Found {
  readonly policy: string;
  readonly level: string;
  readonly urn: string;
}

/** With its first line, and all of them in the language of a runtime. */
interface Evaluated extends Found {
  readonly head: string;
  readonly lines: (runtime: string) => Line[];
}

/** What the policies find by themselves in a preview, without the SDK, a process or a protocol. */
export function evaluate(
  inputs: readonly Resource[],
  outputs = inputs,
  config: Readonly<Record<string, PolicyConfiguration>> = {},
): Evaluated[] {
  const early = new Map(inputs.map((each) => [each.urn, fromInputs(analyzeRequest(each))]));
  const messages = analyzeStackRequest([...outputs]).getResourcesList();
  const late = messages.map((each) => fromOutputs(each, early.get(each.getUrn())));
  // A component has no provider, and isn't a resource of AWS, whatever it is called.
  const stack = late.filter(({ provider }) => provider !== undefined || late.every((each) => !each.provider));
  const byItself = [...[...early.values()].filter((each) => !isLate(each)), ...stack.filter(isLate)];
  const [ofStack, ofEach] = [adapt(stack), adapt(byItself)];
  const covered = new Set<string>();
  const all = policies.flatMap((policy) => {
    const options = config[policy.name]?.props ?? {};
    const read = (list: readonly Plain[]): Plain[] => list.filter(({ type }) => policy.reads(type));
    const findings =
      "evaluateStack" in policy
        ? policy.evaluateStack(read(ofStack), options)
        : read(ofEach).flatMap((each) => policy.evaluateResource(each, options));
    for (const { covers = [] } of findings) for (const urn of covers) covered.add(urn);
    return findings.map((finding) => ({ policy, finding }));
  });
  return all
    .filter(({ policy, finding }) => !("yields" in policy && policy.yields && covered.has(finding.urn)))
    .map(({ policy, finding }) => {
      const { urn, isNote = false } = finding;
      const lines = (runtime: string): Line[] =>
        linesOf(published({ finding, urn, exemption: undefined }, policy, undefined, () => languageOfRuntime(runtime)));
      const level = isNote || policy.level === "advisory" ? "advisory" : "mandatory";
      return { policy: policy.name, level, urn, head: lines("")[0]?.text ?? "", lines };
    });
}
