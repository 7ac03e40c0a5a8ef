import { expect } from "chai";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { PolicyTester } from "../../harness/policy-tester";
import type { Diagnostic, Props, Resource } from "../../harness/engine/analyzer";
import { ROOT } from "../../harness/engine/paths";
import { resource, template } from "../resources";
import { parameters } from "../runs";

/*
 * A fix is pasted as a user pastes it, and what it was for is found no more. In HCL it is compared as text: there is no
 * parser of it here.
 */

const RULES = ["s3-bucket-public-access-block", "s3-access-point-public-access-block"];
const LOCK = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const BLOCK = "PublicAccessBlockConfiguration";

/** The code that a message ends with, without its indentation: what is between the heading and the exemption. */
function snippetOf({ message }: Diagnostic): string {
  const lines = message.split("\n");
  const heading = lines.findLastIndex((line) => /^(?:Add|Put|In|Leave) .*(?::|set)$/.test(line));
  const code = lines.slice(heading + 1).filter((line) => line.startsWith("      "));
  return code.map((line) => line.slice(6)).join("\n");
}

/** How a template is written, and how the members that are pasted into one of its objects are read. */
const LANGUAGES = {
  JSON: {
    write: (value: unknown) => JSON.stringify(value),
    members: (code: string) => JSON.parse(`{${code}}`) as Props,
  },
  YAML: {
    write: (value: unknown) => `# A template\n${stringify(value, { aliasDuplicateObjects: false })}`,
    members: (code: string) => parse(code) as Props,
  },
};

const flag = fc.constantFrom<unknown>(true, false, "true", "false", { Ref: "On" }, { "Fn::ImportValue": "on" });
const flags = { BlockPublicAcls: flag, IgnorePublicAcls: flag, BlockPublicPolicy: flag, RestrictPublicBuckets: flag };
const properties = fc.record(
  {
    BucketName: fc.constantFrom<unknown>("data", { "Fn::Sub": "data-${AWS::AccountId}" }),
    Tags: fc.constant([{ Key: "a", Value: "b: c" }]),
    [BLOCK]: fc.oneof(
      fc.record(flags, { requiredKeys: [] }),
      fc.constant({ "Fn::If": ["Missing", LOCK, { Ref: "AWS::NoValue" }] }),
      fc.constant({ "Fn::ImportValue": "block" }),
    ),
  },
  { requiredKeys: [] },
);
const declared = fc.record(
  { Type: fc.constantFrom("AWS::S3::Bucket", "AWS::S3::AccessPoint"), Properties: properties },
  { requiredKeys: ["Type"] },
);
const declarations = fc.array(declared, { minLength: 1, maxLength: 4 });

describe("A fix outside of the program", () => {
  const tester = new PolicyTester(ROOT);

  async function found(it: Resource): Promise<Diagnostic[]> {
    return (await tester.found(it)).filter(({ policy }) => RULES.includes(policy));
  }
  const first = async (it: Resource): Promise<Diagnostic> => (await found(it))[0] ?? expect.fail("nothing is found");

  for (const [name, { write, members }] of Object.entries(LANGUAGES))
    it(`makes a template in ${name} pass, pasted into the Properties that it names`, async () => {
      const pasting = fc.asyncProperty(declarations, async (list) => {
        const Resources = Object.fromEntries(list.map((each, at) => [`R${at}`, { ...each }]));
        const text = (): string => write({ Parameters: { On: { Type: "String" } }, Resources });
        for (const each of await found(template(text()))) {
          const to = Resources[/'it#\/Resources\/(\w+)'/.exec(each.message)?.[1] ?? ""] ?? expect.fail(each.message);
          to.Properties = { ...to.Properties, ...members(snippetOf(each)) };
        }
        expect(await found(template(text())), text()).to.deep.equal([]);
      });
      await fc.assert(pasting, parameters(60));
    });

  it("makes what Cloud Control and an extension are given pass, pasted into it", async () => {
    const control = (state: Props): Resource =>
      resource("aws:cloudcontrol/resource:Resource", {
        typeName: "AWS::S3::Bucket",
        desiredState: JSON.stringify(state),
      });
    const extension = (state: Props): Resource =>
      resource("aws-native:index:ExtensionResource", { type: "AWS::S3::Bucket", properties: state });
    const weak = { [BLOCK]: { ...LOCK, BlockPublicAcls: false } };
    for (const [make, into] of [[control, "desiredState"] as const, [extension, "properties"] as const])
      for (const state of [{}, { BucketName: "data" }, weak, { [BLOCK]: {} }]) {
        const finding = await first(make(state));
        expect(finding.message).to.include(BLOCK in state ? "In 'it', set\n" : `Add one to its ${into}:\n`);
        expect(await found(make({ ...state, ...LANGUAGES.JSON.members(snippetOf(finding)) }))).to.deep.equal([]);
      }
  });

  it("is in the language of the template that is inside of another", async () => {
    const { JSON: json, YAML: yaml } = LANGUAGES;
    for (const [outer, inner] of [[json, yaml] as const, [yaml, json] as const]) {
      const TemplateBody = inner.write({ Resources: { Data: { Type: "AWS::S3::Bucket" } } });
      const Outer = { Type: "AWS::CloudFormation::StackSet", Properties: { TemplateBody } };
      const code = snippetOf(await first(template(outer.write({ Resources: { Outer } }))));
      expect(inner.members(code), code).to.deep.equal({ [BLOCK]: LOCK });
      expect(code.startsWith('"')).to.equal(inner === json);
    }
  });
});
