import { expect } from "chai";
import { mayMakeBucket } from "../../policypack/adapters/types";
import { BLOCK } from "../../policypack/aws/types";
import { groupBy } from "../../policypack/lib/lists";
import { workspace, type DataResource, type Workspace } from "../harness/engine";
import { UNKNOWN, type Props, type Resource, type Value } from "../harness/engine/analyzer";
import { needsEngine } from "../harness/engine/needs-engine";
import { ROOT } from "../harness/engine/paths";
import { Secret } from "../harness/engine/values";
import { casesOf, said, type Case, type Verdict } from "./cases";
import { known } from "./resources";

/*
 * The cases of test/testdata once more, by the real CLI and with the pack as it is built: many cases are one program, which is
 * previewed once. Each case has names of its own there. What can't be in such a program is left out by the rules below.
 */

/** Why a case isn't in the program, and whether it is so. */
const LEFT_OUT: readonly [why: string, is: (each: Case) => boolean][] = [
  ["an update, or a state: this is the first preview", ({ run }) => run !== "preview"],
  ["a configuration: it is one for all cases of a preview", ({ config }) => Object.keys(config).length > 0],
  [
    "what the engine leaves out: there the pack gets other resources or outputs",
    ({ inputs, outputs }) =>
      inputs.length !== outputs.length || inputs.some((each, at) => each.props !== outputs[at]?.props),
  ],
  [
    "a resource without inputs: the engine would make it like any other",
    ({ inputs }) =>
      inputs.some(({ type, props }) => type.startsWith("aws") && Object.values(props).every((value) => value === null)),
  ],
  [
    "a provider of its own: its version would be looked for",
    ({ inputs }) => inputs.some(({ provider }) => provider !== undefined && provider.urn !== known.urn),
  ],
  ["a type that the engine refuses", ({ inputs }) => inputs.some(({ type }) => !/^[^:]+:[^:]*:[^:]+$/.test(type))],
  ["a package that the engine itself is", ({ inputs }) => inputs.some(({ type }) => type.startsWith("pulumi:"))],
  [
    "a resource that the program only reads, or that comes after what is made from it",
    (each) => sorted(each) === undefined,
  ],
  [
    "a name that is known, and made from a resource: in the program it is known where that is",
    ({ inputs }) =>
      inputs.some(({ props, propertyDependencies = {} }) =>
        Object.entries(propertyDependencies).some(([key, from]) => from.length > 0 && props[key] !== UNKNOWN),
      ),
  ],
  ["the template of an earlier update", ({ inputs }) => inputs.some(({ props }) => "usePreviousTemplate" in props)],
  [
    "a block whose bucket may be that of any other case",
    ({ inputs }) =>
      inputs.some(
        ({ type, props: { bucket = UNKNOWN }, propertyDependencies = {} }) =>
          type === BLOCK && bucket === UNKNOWN && (propertyDependencies.bucket ?? []).length === 0,
      ),
  ],
  [
    "a property that every object has",
    ({ inputs }) => inputs.some(({ props }) => Object.keys(props).some((key) => key in {})),
  ],
  [
    "a type of which there is one note for all resources",
    ({ inputs }) => inputs.some(({ type }) => mayMakeBucket(type)),
  ],
];

/** Parents and sources before what they are for; undefined where one isn't in the case. */
function sorted({ inputs }: Case): readonly Resource[] | undefined {
  const done = new Set<string>();
  const order: Resource[] = [];
  const needs = ({ parent, propertyDependencies = {} }: Resource): string[] => [
    ...(parent === undefined ? [] : [parent]),
    ...Object.values(propertyDependencies).flat(),
  ];
  for (let count = -1; order.length > count;) {
    count = order.length;
    for (const each of inputs) {
      if (done.has(each.urn) || !needs(each).every((urn) => done.has(urn))) continue;
      done.add(each.urn);
      order.push(each);
    }
  }
  return order.length === inputs.length ? order : undefined;
}

/** A value as a program that is data has it. An unknown one is what the SDK sends for it. */
function plain(value: Value | undefined, change: (text: string) => string = (text) => text): unknown {
  if (value === UNKNOWN) return "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  if (typeof value === "string") return change(value);
  if (value instanceof Secret) return { secret: plain(value.value, change) };
  if (Array.isArray(value)) return value.map((each) => plain(each, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each, change)]));
}

/** The case's resources, with its mark before their names and before those of the buckets. */
function programOf(each: Case, mark: string): DataResource[] {
  const own = (text: string): string => text.replace(/[\w.-]*-1a2b3c4/g, `${mark}$&`);
  const names = new Map(each.inputs.map(({ urn, name }) => [urn, mark + name]));
  const nameOf = (urn: string): string => names.get(urn) ?? expect.fail(urn);
  return (sorted(each) ?? []).map(({ type, name, props, parent, provider, options, propertyDependencies = {} }) => ({
    type,
    name: mark + name,
    props: plain(props, own) as Record<string, unknown>,
    component: provider === undefined,
    from: Object.fromEntries(Object.entries(propertyDependencies).map(([key, from]) => [key, from.map(nameOf)])),
    ...(parent !== undefined && { parent: nameOf(parent) }),
    ...(options?.ignoreChanges && { options: { ignoreChanges: [...options.ignoreChanges] } }),
  }));
}

/** Of rows that differ in nothing but values the first. */
function ofEachForm(rows: readonly Case[]): Case[] {
  const formOf = ({ inputs }: Case): string =>
    JSON.stringify(inputs.map(({ type, props }) => [type, Object.keys(props)]));
  return [...groupBy(rows, formOf).values()].map(([first]) => first);
}

const firstLines = (findings: Case["findings"]): Props =>
  Object.fromEntries(Object.entries(findings).map(([key, text]) => [key, text.split("\n", 1)[0] ?? ""]));

describe("The cases, by the real CLI", function () {
  needsEngine();
  this.timeout(300_000);
  const stacks: Workspace[] = [];
  after(() => Promise.all(stacks.map((stack) => stack.remove())));

  for (const verdict of ["blocked", "passed"] as const satisfies Verdict[])
    it(`are ${verdict} as over the protocol`, async () => {
      const rows = [...casesOf(verdict).values()].flatMap(ofEachForm);
      const cases = rows
        .filter((each) => !LEFT_OUT.some(([, is]) => is(each)))
        .map((each, at) => ({ ...each, each, mark: `c${at}-` }));
      const resources = cases.flatMap(({ each, mark }) => programOf(each, mark));
      const packages = [...new Set(resources.map(({ type }) => type.split(":")[0] ?? ""))].filter(
        (name) => name !== "aws",
      );
      // Their region, so that what a template makes is where its block is.
      const config = { "aws:region": "eu-west-1" };
      const stack = await workspace({ name: "test", resources }, { packages, config });
      stacks.push(stack);
      const run = await stack.preview({ packs: [ROOT] });
      expect(run.code, run.stderr + run.stdout.slice(-2000)).to.equal(verdict === "blocked" ? 1 : 0);
      expect(cases.length, "most of them").to.be.greaterThan(rows.length / 2);
      const wrong = cases.flatMap(({ title, row, mark, findings }) => {
        const own = run.violations
          .filter(({ urn }) => (urn.split("::")[3] ?? "").startsWith(mark))
          .map((each) => ({ ...each, urn: each.urn.replaceAll(mark, ""), message: each.message.replaceAll(mark, "") }));
        const [found, expected] = [firstLines(said(own, {})), firstLines(findings)];
        return isSame(found, expected) ? [] : [{ title, row, found, expected }];
      });
      expect(wrong).to.deep.equal([]);
    });
});

function isSame(one: Props, other: Props): boolean {
  const text = (props: Props): string => JSON.stringify(Object.entries(props).sort());
  return text(one) === text(other);
}
