import { expect } from "chai";
import { UNKNOWN } from "../../../policypack/lib/values";
import { evaluate } from "../../../policypack/adapters/template";
import type { Environment } from "../../../policypack/adapters/functions";
import { parseTemplate } from "../../../policypack/adapters/template-text";
import { PolicyTester } from "../../harness/policy-tester";
import { ROOT } from "../../harness/engine/paths";
import { testdata, textOf } from "../../testdata";
import { template as stackWith } from "../resources";
import { CASES, told } from "./templates";

const NOTHING: Environment = { parameters: {}, pseudo: {} };
const ENVIRONMENT: Environment = {
  parameters: { Given: "given", List: "a, b", NotYet: UNKNOWN },
  pseudo: { "AWS::Region": "eu-west-1" },
};
const { template } = parseTemplate(textOf("functions.yaml")) as { template: { Head: object } };
const { Head, ...FUNCTIONS } = template;

/** A value in a template, evaluated. */
function valueOf(value: unknown, head = Head, environment = ENVIRONMENT): unknown {
  const It = { Type: "AWS::S3::Bucket", Properties: { It: value } };
  const Resources = { Role: { Type: "AWS::IAM::Role" }, Lookup: { Type: "Custom::Lookup" }, It };
  const { resources } = evaluate({ ...head, Resources }, environment);
  return resources.find(({ id }) => id === "It")?.read("It");
}

/** UNKNOWN and ABSENT in a table are what they stand for. */
function meant(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(meant);
  return node === "UNKNOWN" ? UNKNOWN : node === "ABSENT" ? undefined : node;
}

describe("The value in a template", () => {
  for (const [name, rows] of Object.entries<[value: unknown, result: unknown][]>(FUNCTIONS))
    it(`is that of the ${rows.length} rows on ${name}`, () => {
      for (const [value, result] of rows) expect(valueOf(value), JSON.stringify(value)).to.deep.equal(meant(result));
    });

  it("is unknown where nobody can tell which parameters are given, and a default where none are", () => {
    for (const [parameters, wanted] of [
      ...[[], '{"Given":"y"}', 1, UNKNOWN].map((given) => [given, UNKNOWN]),
      ...[undefined, null, {}].map((given) => [given, "x"]),
    ])
      expect(valueOf({ Ref: "Given" }, Head, { ...NOTHING, parameters })).to.equal(wanted);
  });

  it("is unknown where it is longer than any memory, or behind more conditions than a recursion gets through", () => {
    const twice = (inner: unknown): object => ({ "Fn::Sub": ["${A}${A}", { A: inner }] });
    let long: unknown = "a";
    for (let depth = 0; depth < 60; depth++) long = twice(long);
    expect(valueOf(long)).to.equal(UNKNOWN);
    expect(valueOf(twice(twice("a")))).to.equal("aaaa");
    const chain = Array.from({ length: 50_000 }, (_, at) => [`C${at}`, { "Fn::Not": [{ Condition: `C${at + 1}` }] }]);
    const Conditions = Object.fromEntries([...chain, ["C50000", { "Fn::Equals": ["a", "a"] }]]) as object;
    expect(valueOf({ "Fn::If": ["C0", 1, 2] }, { Conditions })).to.equal(UNKNOWN);
    expect(valueOf({ "Fn::If": ["C49900", 1, 2] }, { Conditions })).to.equal(1);
  });
});

const TEXTS = testdata("template-texts.yaml") as Record<"means" | "refused", [string, unknown][]> &
  Record<"hidden" | "unreadable", [object, ...string[]][]> & {
    repeated: [string, object][];
    made: object;
    macros: object[];
    outputs: string;
  };

describe("A template", () => {
  it("has the resources whose condition isn't false", () => {
    const { resources } = evaluate(TEXTS.made, NOTHING);
    expect(resources.map(({ id }) => id)).to.deep.equal(["Plain", "Is", "May", "Odd"]);
  });

  it("names the parts that may hide a bucket, and those that nobody can read", () => {
    for (const kind of ["hidden", "unreadable"] as const)
      for (const [template, ...wanted] of TEXTS[kind]) {
        const found = evaluate(template, NOTHING).hidden.map(({ path, reason, isReadable }) => {
          expect(isReadable).to.equal(kind === "hidden");
          return [path, reason];
        });
        expect(found.flat(), JSON.stringify(template)).to.deep.equal(wanted);
      }
  });

  it("has no properties that are known where a macro puts some in", () => {
    for (const It of TEXTS.macros)
      expect(evaluate({ Resources: { It } }, NOTHING).resources[0]?.read("BucketName")).to.equal(UNKNOWN);
  });

  it("knows which outputs are the name or the ARN of a resource, however they are written", () => {
    const { exports } = evaluate(parseTemplate(TEXTS.outputs).template as object, NOTHING);
    const keys = ["Name", "Text", "Either", "Joined", "Arn", "Short"];
    expect(exports).to.deep.equal(keys.map((key) => ({ key, id: "It" })));
  });
});

describe("The text of a template", () => {
  it("means the same in JSON and in YAML, or is refused with the reason", () => {
    for (const [body, value] of TEXTS.means) expect(parseTemplate(body).template, body).to.deep.equal(value);
    for (const [body, reason] of TEXTS.refused)
      expect(parseTemplate(body).problem?.slice(0, String(reason).length), body).to.equal(reason);
  });

  it("has the last value of a key that is given twice, and names the key", () => {
    for (const [body, read] of TEXTS.repeated)
      expect(JSON.parse(JSON.stringify(parseTemplate(body))), body).to.deep.equal(read);
  });

  it("is read once, however often the engine sends it, and forgotten when many others have been read", () => {
    const body = "Resources: { A: { Type: AWS::S3::Bucket } }";
    const first = parseTemplate(body);
    expect(parseTemplate(body)).to.equal(first);
    for (let count = 0; count < 11; count++) parseTemplate(`{"${"x".repeat(1_000_000)}": ${String(count)}}`);
    expect(parseTemplate(body)).to.not.equal(first);
    expect(parseTemplate(body)).to.deep.equal(first);
  });
});

describe("The verdict on a template, over the protocol", () => {
  const tester = new PolicyTester(ROOT);

  it(`is that of the ${CASES.length} cases in templates.yaml`, async () => {
    for (const { name, body, finds } of CASES) {
      const stack = stackWith(body, name);
      const found = await tester.found(stack);
      expect(found.map(told).sort(), body).to.deep.equal([...finds].sort());
    }
  });
});
