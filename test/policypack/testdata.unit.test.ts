import { expect } from "chai";
import { boot, type Analyzer, type Diagnostic, type Props, type Resource } from "../harness/engine/analyzer";
import { analyzeRequest, analyzeStackRequest } from "../harness/engine/analyzer-messages";
import { ROOT } from "../harness/engine/paths";
import { PolicyTester } from "../harness/policy-tester";
import { fromInputs, fromOutputs, isLate, type Resource as Plain } from "../../policypack/engine/resource";
import type { Finding } from "../../policypack/findings/finding";
import { read } from "../../policypack/findings/text";
import { policies } from "../../policypack/policies";
import { metas } from "../../policypack/policies/meta";
import { adapt } from "../../policypack/adapters";
import type { PackPolicy } from "../../policypack/policy/definition";
import { casesOf, keyOf, said, type Case } from "./cases";

/** What the messages say to exempt. */
function exemptedIn(found: readonly Diagnostic[]): string[] {
  return found
    .flatMap(({ message }) => read(message).howToExempt?.exempted ?? [])
    .map(({ policy, urn }) => keyOf(policy, urn, false));
}

for (const verdict of ["blocked", "passed"] as const) {
  const cases = casesOf(verdict);

  describe(`Over the engine's protocol, ${verdict}`, () => {
    const testers = {
      preview: new PolicyTester(ROOT, { stack: { project: "test", stack: "dev" } }),
      update: new PolicyTester(ROOT, { stack: { dryRun: false } }),
    };

    /** The case's resources as they are after what the pack changes of them, and what it changes. */
    async function remedied(pack: Analyzer, { inputs, outputs }: Case) {
      const changes = new Map<string, Props>();
      for (const resource of inputs)
        for (const { props } of await pack.remediate(resource)) changes.set(resource.name, props);
      const changed = (each: Resource): Resource => ({ ...each, props: changes.get(each.name) ?? each.props });
      return { inputs: inputs.map(changed), outputs: outputs.map(changed), changes };
    }

    async function check(pack: Analyzer, each: Case): Promise<void> {
      const { row, findings, exempt, remediated } = each;
      const { inputs, outputs, changes } =
        remediated === undefined ? { ...each, changes: undefined } : await remedied(pack, each);
      for (const { name, props } of each.inputs) {
        const change = remediated?.[name];
        if (changes !== undefined) expect(changes.get(name), row).to.deep.equal(change && { ...props, ...change });
      }
      const found: Diagnostic[] = [];
      for (const resource of inputs) found.push(...(await pack.analyze(resource)));
      found.push(...(await pack.analyzeStack([...outputs])));
      expect(said(found, findings), row).to.deep.equal(findings);
      expect(
        found.some(({ level }) => level === "mandatory"),
        row,
      ).to.equal(verdict === "blocked");
      for (const { policy, severity } of found)
        expect(severity, row).to.equal(metas.find(({ name }) => name === policy)?.severity);
      if (exempt !== undefined) expect(exemptedIn(found), row).to.deep.equal(exempt);
    }

    async function run(each: Case): Promise<void> {
      if (each.run === "state") {
        const pack = await boot(ROOT, { ofProgram: false });
        await check(pack, each).finally(() => pack.close());
      } else {
        const tester = testers[each.run];
        const test = () => check(tester.pack, each);
        await (Object.keys(each.config).length > 0 ? tester.configured(each.config, test) : test());
      }
    }

    for (const [title, rows] of cases)
      it(title, async () => {
        for (const each of rows) await run(each);
      });
  });

  describe(`By the policies as functions, ${verdict}`, () => {
    for (const [title, rows] of cases) {
      const plain = rows.filter(({ run, config }) => run === "preview" && isPlain(config));
      if (plain.length > 0)
        it(title, () => {
          for (const each of plain)
            expect(found(each).sort(), each.row).to.deep.equal(Object.keys(each.findings).sort());
        });
    }
  });
}

/** Whether a configuration has nothing but a policy's own options. */
function isPlain(config: Case["config"]): boolean {
  return Object.values(config).every(
    ({ level, props = {} }) =>
      level === undefined && Object.keys(props).every((key) => key === "acceptAccountPublicAccessBlock"),
  );
}

/** What the policies find by themselves in the resources, without the SDK and without a server. */
function found({ inputs, outputs, config }: Case): string[] {
  const early = new Map(inputs.map((each) => [each.urn, fromInputs(analyzeRequest(each))]));
  const messages = analyzeStackRequest([...outputs]).getResourcesList();
  const late = messages.map((each) => fromOutputs(each, early.get(each.getUrn())));
  // A component has no provider, and isn't a resource of AWS, whatever it is called.
  const stack = late.filter(({ provider }) => provider !== undefined || late.every((each) => !each.provider));
  const byItself = [...[...early.values()].filter((each) => !isLate(each)), ...stack.filter(isLate)];
  const evaluate = (policy: PackPolicy): readonly Finding[] => {
    const options = config[policy.name]?.props ?? {};
    const seen = (list: readonly Plain[]) => adapt(list).filter(({ type }) => policy.reads(type));
    return "evaluateStack" in policy
      ? policy.evaluateStack(seen(stack), options)
      : seen(byItself).flatMap((each) => policy.evaluateResource(each, options));
  };
  const all = policies.map((policy) => ({ policy, findings: evaluate(policy) }));
  const covered = new Set(all.flatMap(({ findings }) => findings.flatMap(({ covers = [] }) => covers)));
  return all.flatMap(({ policy, findings }) =>
    findings
      .filter(({ urn }) => !("yields" in policy && policy.yields && covered.has(urn)))
      .map(({ urn, isNote = false }) => keyOf(policy.name, urn, isNote || policy.level === "advisory")),
  );
}
