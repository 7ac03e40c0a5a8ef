import { expect } from "chai";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { PolicyTester } from "../../harness/policy-tester";
import type { Diagnostic, Props, Resource } from "../../harness/engine/analyzer";
import { ROOT } from "../../harness/engine/paths";
import { known, urn } from "../resources";

/*
 * A fix is pasted as a user pastes it, and what it was for is found no more. In HCL it is compared as text: there is no
 * parser of it here.
 */

const BUCKET_RULE = "s3-bucket-public-access-block";
const ACCESS_POINT_RULE = "s3-access-point-public-access-block";

const LOCK = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const CONFIGURATION = "PublicAccessBlockConfiguration";

type Properties = Record<string, unknown>;
interface Declared {
  Type: string;
  Properties?: Properties;
}

/** The code that a message ends with, without its indentation: what is between the heading and the exemption. */
function snippetOf({ message }: Diagnostic): string {
  const lines = message.split("\n");
  const heading = lines.findLastIndex((line) => /^(?:Add|Put|In|Leave) .*(?::|set)$/.test(line));
  const code = lines.slice(heading + 1).filter((line) => line.startsWith("      "));
  return code.map((line) => line.slice(6)).join("\n");
}

/** A member of an object, put into JSON text: it replaces one of its name. */
function intoJson(object: Properties | undefined, member: string): Properties {
  return { ...object, ...(JSON.parse(`{${member}}`) as Properties) };
}

/** Lines of YAML, put under `Properties:` of a resource as they are: they replace those of the same key. */
function intoYaml(text: string, id: string, code: string, step: number): string {
  const lines = text.split("\n");
  const resource = lines.indexOf(`${" ".repeat(step)}${id}:`);
  const isInside = (line: string, depth: number): boolean => line.startsWith(" ".repeat(depth * step));
  const endOf = (start: number, depth: number): number => {
    const end = lines.findIndex((line, at) => at > start && !isInside(line, depth));
    return end === -1 ? lines.length : end;
  };
  const head = lines.findIndex(
    (line, at) => at > resource && at < endOf(resource, 2) && line === `${" ".repeat(2 * step)}Properties:`,
  );
  const indented = code.split("\n").map((line) => " ".repeat(3 * step) + line);
  if (head === -1) {
    lines.splice(endOf(resource, 2), 0, `${" ".repeat(2 * step)}Properties:`, ...indented);
    return lines.join("\n");
  }
  const old = lines.findIndex(
    (line, at) => at > head && at < endOf(head, 3) && line.startsWith(`${" ".repeat(3 * step)}${CONFIGURATION}:`),
  );
  if (old === -1) lines.splice(head + 1, 0, ...indented);
  else lines.splice(old, endOf(old, 4) - old, ...indented);
  return lines.join("\n");
}

const flag: fc.Arbitrary<unknown> = fc.constantFrom(
  true,
  false,
  "true",
  "false",
  { Ref: "On" },
  { "Fn::ImportValue": "on" },
);
const block: fc.Arbitrary<unknown> = fc.oneof(
  fc.record(
    { BlockPublicAcls: flag, IgnorePublicAcls: flag, BlockPublicPolicy: flag, RestrictPublicBuckets: flag },
    { requiredKeys: [] },
  ),
  fc.constant({ "Fn::If": ["Missing", LOCK, { Ref: "AWS::NoValue" }] }),
  fc.constant({ "Fn::ImportValue": "block" }),
);
const properties: fc.Arbitrary<Properties> = fc.record(
  {
    BucketName: fc.constantFrom<unknown>("data", { "Fn::Sub": "data-${AWS::AccountId}" }),
    Tags: fc.constant([{ Key: "a", Value: "b: c" }]),
    [CONFIGURATION]: block,
  },
  { requiredKeys: [] },
);
const resources: fc.Arbitrary<Record<string, Declared>> = fc
  .array(
    fc.record(
      { Type: fc.constantFrom("AWS::S3::Bucket", "AWS::S3::AccessPoint"), Properties: properties },
      { requiredKeys: ["Type"] },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => Object.fromEntries(list.map((each, at) => [`R${String(at)}`, each])));

describe("A fix outside of the program", () => {
  const tester = new PolicyTester(ROOT);
  const RULES = [BUCKET_RULE, ACCESS_POINT_RULE];

  async function found(resource: Resource): Promise<Diagnostic[]> {
    const all = [...(await tester.analyze(resource)), ...(await tester.analyzeStack(resource))];
    return all.filter(({ policy }) => RULES.includes(policy));
  }

  function resource(type: string, props: Props): Resource {
    return { type, urn: urn("it", type), name: "it", props, provider: known };
  }

  const stack = (templateBody: string): Resource => resource("aws:cloudformation/stack:Stack", { templateBody });

  /** The resource of the template that a message is about. */
  const idIn = ({ message }: Diagnostic): string => /'it#\/Resources\/(\w+)'/.exec(message)?.[1] ?? "";

  it("makes a template in JSON pass, pasted into the Properties that it names", async () => {
    const pasting = fc.asyncProperty(resources, async (declared) => {
      const template = { Parameters: { On: { Type: "String" } }, Resources: declared };
      for (const each of await found(stack(JSON.stringify(template)))) {
        const to = template.Resources[idIn(each)];
        if (to !== undefined) to.Properties = intoJson(to.Properties, snippetOf(each));
      }
      expect(await found(stack(JSON.stringify(template))), JSON.stringify(template)).to.deep.equal([]);
    });
    await fc.assert(pasting, { numRuns: 60 });
  });

  it("makes a template in YAML pass, pasted under the Properties that it names, whatever the indentation", async () => {
    const pasting = fc.asyncProperty(resources, fc.constantFrom(2, 4), async (declared, indent) => {
      const template = { Parameters: { On: { Type: "String" } }, Resources: declared };
      let text = `# A template\n${stringify(template, { indent, aliasDuplicateObjects: false })}`;
      // An object that is empty is written as {}, under which nothing can be pasted.
      text = text.replace(/^( +Properties:) \{\}$/gm, "$1");
      for (const each of await found(stack(text))) text = intoYaml(text, idIn(each), snippetOf(each), indent);
      expect(await found(stack(text)), text).to.deep.equal([]);
      expect(Object.keys((parse(text) as typeof template).Resources)).to.deep.equal(Object.keys(declared));
    });
    await fc.assert(pasting, { numRuns: 60 });
  });

  it("makes what Cloud Control and an extension are given pass, pasted into it", async () => {
    const control = (state: Properties): Resource =>
      resource("aws:cloudcontrol/resource:Resource", {
        typeName: "AWS::S3::Bucket",
        desiredState: JSON.stringify(state),
      });
    const extension = (state: Properties): Resource =>
      resource("aws-native:index:ExtensionResource", { type: "AWS::S3::Bucket", properties: state as Props });
    const states: Properties[] = [
      {},
      { BucketName: "data" },
      { [CONFIGURATION]: { ...LOCK, BlockPublicAcls: false } },
      { [CONFIGURATION]: {} },
    ];
    for (const [make, into] of [
      [control, "desiredState"],
      [extension, "properties"],
    ] as const) {
      for (const state of states) {
        const [first, ...more] = await found(make(state));
        expect(more, JSON.stringify(state)).to.deep.equal([]);
        if (first === undefined) throw new Error(`nothing is found of ${JSON.stringify(state)}`);
        const isWeak = CONFIGURATION in state;
        expect(first.message).to.include(isWeak ? "In 'it', set\n" : `Add one to its ${into}:\n`);
        expect(await found(make(intoJson(state, snippetOf(first))))).to.deep.equal([]);
      }
    }
  });

  it("is in the language of the template that is inside of another", async () => {
    const inner = "Resources:\n  Data:\n    Type: AWS::S3::Bucket\n";
    const Outer = { Type: "AWS::CloudFormation::StackSet", Properties: { TemplateBody: inner } };
    const [inJson] = await found(stack(JSON.stringify({ Resources: { Outer } })));
    const yaml = Object.entries(LOCK).map(([name]) => `  ${name}: true`);
    const expected = [`${CONFIGURATION}:`, ...yaml].join("\n");
    if (inJson === undefined) throw new Error("nothing is found");
    expect(snippetOf(inJson)).to.equal(expected);
    const nested = JSON.stringify({ Resources: { Data: { Type: "AWS::S3::Bucket" } } });
    const outer = stringify({ Resources: { Outer: { ...Outer, Properties: { TemplateBody: nested } } } });
    const [inYaml] = await found(stack(outer));
    if (inYaml === undefined) throw new Error("nothing is found");
    expect(JSON.parse(`{${snippetOf(inYaml)}}`)).to.deep.equal({ [CONFIGURATION]: LOCK });
  });

  it("calls a bucket of Terraform by its address, labels with hyphens included", async () => {
    const type = "site:tf:aws_s3_bucket";
    const it = (address: string): Resource => ({
      ...{ type, urn: urn(address, type), name: address, provider: known },
      props: { __address: address, bucket: "data" },
    });
    for (const [address, label, inModule] of [
      ["module.site.aws_s3_bucket.my-site[0]", "my-site", "aws_s3_bucket.my-site[0]"],
      ['aws_s3_bucket.all["eu"]', "all", 'aws_s3_bucket.all["eu"]'],
    ] as const) {
      const [first] = await found(it(address));
      if (first === undefined) throw new Error(`nothing is found of ${address}`);
      expect(snippetOf(first).split("\n")).to.deep.equal([
        `resource "aws_s3_bucket_public_access_block" "${label}" {`,
        `  bucket = ${inModule}.id`,
        "  block_public_acls = true",
        "  ignore_public_acls = true",
        "  block_public_policy = true",
        "  restrict_public_buckets = true",
        "}",
      ]);
    }
  });
});
