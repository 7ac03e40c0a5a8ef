import { expect } from "chai";
import { boot, type Analyzer, type Diagnostic, type Props, type Resource } from "../harness/engine/analyzer";
import { ROOT } from "../harness/engine/paths";
import { PolicyTester } from "../harness/policy-tester";
import { read } from "../../policypack/findings/text";
import { metas } from "../../policypack/policies/meta";
import { casesOf, keyOf, said, type Case } from "./cases";
import { evaluate } from "./evaluate";
import { sample } from "./runs";

/** What the messages say to exempt. */
function exemptedIn(found: readonly Diagnostic[]): string[] {
  return found
    .flatMap(({ message }) => read(message).howToExempt?.exempted ?? [])
    .map(({ policy, urn }) => keyOf(policy, urn, false));
}

for (const verdict of ["blocked", "passed"] as const) {
  const cases = casesOf(verdict);

  describe(`Over the engine's protocol, ${verdict}`, () => {
    const tester = new PolicyTester(ROOT, { stack: { project: "test", stack: "dev" } });

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
      const test = () => check(tester.pack, each);
      if (each.run !== "preview") {
        const pack = await boot(ROOT, each.run === "state" ? { ofProgram: false } : { stack: { dryRun: false } });
        await check(pack, each).finally(() => pack.close());
      } else await (Object.keys(each.config).length > 0 ? tester.configured(each.config, test) : test());
    }

    for (const [title, rows] of cases)
      it(title, async () => {
        for (const each of sample(rows, ({ marks }) => marks)) {
          await run(each);
          // By the policies as functions, as the property tests have them.
          const found = evaluate(each.inputs, each.outputs, each.config);
          const keys = found.map(({ policy, urn, level }) => keyOf(policy, urn, level === "advisory")).sort();
          if (each.run === "preview" && isPlain(each.config))
            expect(keys, each.row).to.deep.equal(Object.keys(each.findings).sort());
          for (const { lines } of found) expectShort(lines);
        }
      });
  });
}

/** Whether a configuration has nothing but a policy's own options. */
function isPlain(config: Case["config"]): boolean {
  return Object.values(config).every(
    ({ level, props = {} }) =>
      level === undefined && Object.keys(props).every((key) => key === "acceptAccountPublicAccessBlock"),
  );
}

const RUNTIMES = ["nodejs", "python", "go", "dotnet", "java", "yaml", "hcl", "unknown"];

/**
 * A finding takes at most 12 lines of a plain preview, with the one that the CLI puts above it, in every language. One line more
 * where HCL has a line for each attribute, or the language is unknown; three more for each block beyond the third.
 */
function expectShort(lines: ReturnType<typeof evaluate>[number]["lines"]): void {
  for (const runtime of RUNTIMES) {
    const all = lines(runtime).map(({ text }) => text);
    const blocks = all.filter((line) => /^In '.*', set$/.test(line)).length;
    const most = 12 + Number(["hcl", "unknown"].includes(runtime)) + 3 * Math.max(0, blocks - 3);
    expect(all.length + 1, `${runtime}:\n${all.join("\n")}`).to.be.at.most(most);
  }
}
