import { expect } from "chai";
import fc from "fast-check";
import { neutral } from "../../../cli/report/neutral";
import type { Resource } from "../../../policypack/engine/resource";
import type { Exemption } from "../../../policypack/exemptions/options";
import { documentFor } from "../../../policypack/exemptions/entry";
import { fixesOf, type Published } from "../../../policypack/findings/finding";
import { read, titleOf, write } from "../../../policypack/findings/text";
import SENTENCES from "../../../policypack/findings/sentences.json";
import { policies } from "../../../policypack/policies";
import { adapt } from "../../../policypack/adapters";
import { published, withExemptions } from "../../../policypack/findings/with-exemptions";
import { languageOfRuntime } from "../../../policypack/languages";
import { UNKNOWN } from "../../../policypack/lib/values";
import { ON } from "../resources";
import { parameters, sample } from "../runs";
import { testdata } from "../../testdata";

const RUNTIMES = ["nodejs", "python", "go", "dotnet", "java", "yaml", "hcl", "none"];

/** Names that try to be something else than a name. */
const { logicalNames: HOSTILE } = testdata("nonsense.yaml") as { logicalNames: string[] };

const PROVIDER = "urn:pulumi:dev::p::pulumi:providers:aws::";
const urnOf = (type: string, name: string): string => `urn:pulumi:dev::p::${type}::${name}`;

function resource(type: string, name: string, props: object, change: Partial<Resource> = {}): Resource {
  const values = new Map<string, unknown>(Object.entries(props));
  const value = (key: string): unknown => values.get(key);
  const provider = { urn: `${PROVIDER}${name}`, read: (key: string) => (key === "version" ? "7.48.0" : undefined) };
  return {
    ...{ urn: urnOf(type, name), type: type.split("$").at(-1) ?? "", read: value, input: value, provider },
    ...{ isSecret: () => false, references: () => [], hasOutputs: true, hasInputs: true },
    ...{ isWithoutInputs: false, ignoreChanges: [], inThisRun: true, ...change },
  };
}

const BUCKET = "web:Site$aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const STACK = "aws:cloudformation/stack:Stack";
const OFF = { blockPublicAcls: false, ignorePublicAcls: UNKNOWN, blockPublicPolicy: "yes" };
const OTHERS = [
  { Effect: "Allow", Principal: { Service: "a.amazonaws.com", AWS: "123456789012" }, Action: "*" },
  { Effect: "Allow", Principal: "*", Condition: { IpAddress: { "aws:SourceIp": "3.0.0.0/8" } } },
];
const EVERYONE = { Statement: [{ Sid: "it's open", Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }] };

/** Programs that together bring forth every sentence. */
function programs(name: string): Resource[][] {
  const parent = urnOf("web:Site", name);
  const bucket = (props: object = {}) => resource(BUCKET, name, { bucket: "data", ...props }, { parent });
  const block = (end: string, props: object, from: string[] = [bucket().urn], change: Partial<Resource> = {}) =>
    resource(BLOCK, name + end, props, { references: () => from, ...change });
  const old = { urn: `${PROVIDER}${name}`, read: () => undefined };
  const unnamed = resource(BUCKET, name, { bucket: UNKNOWN });
  const alone = (type: string, props: object, change?: Partial<Resource>) => [resource(type, name, props, change)];
  const object = (acl: unknown) =>
    alone("synced-folder:index:S3BucketFolder$aws:s3/bucketObject:BucketObject", { acl }, { parent });
  const native = (publicAccessBlockConfiguration: object) =>
    alone("aws-native:s3:Bucket", { publicAccessBlockConfiguration });
  const template = (Properties: object) =>
    resource(STACK, name, {
      templateBody: JSON.stringify({ Resources: { B: { Type: "AWS::S3::Bucket", Properties } } }),
    });
  return [
    [bucket()],
    [bucket({ id: "data" }), resource("aws:s3/bucketPolicy:BucketPolicy", name, { policy: UNKNOWN, bucket: "data" })],
    [bucket(), block("a", { bucket: "data", ...OFF }), block("b", { bucket: "data", ...OFF })],
    [bucket(), block("a", { bucket: "data", ...OFF })],
    [unnamed, block("a", { bucket: UNKNOWN, ...ON }, [unnamed.urn, "urn:other"])],
    [bucket(), block("a", { bucket: "data-logs", ...ON })],
    [bucket(), block("a", { bucket: "data", ...ON }, [bucket().urn], { inThisRun: false })],
    [bucket(), block("a", { bucket: "data", ...ON }), block("b", { bucket: "data", ...ON })],
    [bucket(), block("a", { bucket: "data", ...ON }, [bucket().urn], { provider: old })],
    alone("aws:s3/bucketPolicy:BucketPolicy", { policy: { Statement: OTHERS } }),
    alone("aws-native:iam:Role", { assumeRolePolicyDocument: EVERYONE, policies: [{ policyDocument: EVERYONE }] }),
    alone("aws:codebuild/project:Project", { projectVisibility: "PUBLIC_READ" }),
    [bucket({ bucket: "data", region: "eu-west-1" }), block("a", { bucket: "data", region: "us-east-1", ...ON }, [])],
    native(OFF),
    [template({})],
    [template({ PublicAccessBlockConfiguration: { BlockPublicAcls: false } })],
    [template({}), block("a", { bucket: "data", ...ON }, [urnOf(STACK, name)])],
    alone(STACK, { templateBody: "{" }),
    alone(STACK, { templateBody: UNKNOWN }),
    alone("x:tf:aws_s3_bucket", {}),
    alone("acme:s3:Bucket", {}),
    alone("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", OFF),
    ...["{", UNKNOWN, { s3_attributes: { public_access_block_configuration: { "@@assign": "none" } } }].map((content) =>
      alone("aws:organizations/policy:Policy", { type: "S3_POLICY", content }),
    ),
    alone("aws:s3/accessPoint:AccessPoint", { publicAccessBlockConfiguration: OFF, policy: EVERYONE }),
    ...["public-read", UNKNOWN, 1].map((acl) => alone("aws:s3/bucketAcl:BucketAcl", { acl })),
    alone("aws:s3/bucketAcl:BucketAcl", { acl: "public-read" }, { isSecret: () => true }),
    alone("aws-native:lightsail:Bucket", { accessRules: { getObject: "public" } }),
    ...[EVERYONE, "{", UNKNOWN].map((policy) => alone("aws:s3/bucketPolicy:BucketPolicy", { policy })),
    object("public-read"),
    object(UNKNOWN),
  ];
}

/** All that is published of the programs, as it is, exempt, and where the exemption has run out. */
function everything(name: string, runtime: string, reason: string): Published[] {
  const language = () => languageOfRuntime(runtime);
  const lists: Exemption[][] = [[], [{ urn: "**", reason }], [{ urn: "**", reason, expires: "2020-01-01" }]];
  const breaks = { rule: "exemptionRules.maxDays", why: "it never expires" };
  lists.push([{ urn: "**", reason, breaks }]);
  return programs(name).flatMap((program) => {
    const all = adapt(program);
    const hosts = new Map(all.map(({ urn, on = urn }) => [urn, on]));
    return policies.flatMap((policy) => {
      const seen = all.filter(({ type }) => policy.reads(type));
      const findings =
        "evaluateStack" in policy
          ? policy.evaluateStack(seen, {})
          : seen.flatMap((each) => policy.evaluateResource(each, {}));
      return lists.flatMap((exemptions) =>
        withExemptions(findings, hosts, exemptions, "2026-11-30").map((each) =>
          published(each, policy, "security@example.com", language),
        ),
      );
    });
  });
}

/** The document has its entries by policy. */
const comparable = ({ howToExempt, ...rest }: Published) => ({
  ...rest,
  howToExempt: howToExempt && { ...howToExempt, exempted: documentFor(howToExempt.exempted) },
});

describe("The text of a finding", () => {
  const name = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 20 }));

  it("is read as what was written, for every policy, language, and name", () => {
    fc.assert(
      fc.property(name, fc.constantFrom(...RUNTIMES), fc.constantFrom(...HOSTILE.filter(Boolean)), (...given) => {
        for (const each of everything(...given))
          expect(comparable(read(write(each))), write(each)).to.deep.equal(comparable(each));
      }),
      { ...parameters(30), examples: HOSTILE.map((each, at) => [each, RUNTIMES[at % 8] ?? "", each || "x"]) },
    );
  });

  it("says the same to a program when all that can't be seen is taken out of it", () => {
    const essence = (each: Published) => {
      const { kind, cause, address, exemption, howToExempt } = comparable(each);
      const fixes = fixesOf(each).map(({ kind: does, properties }) => [does, properties]);
      return { kind, cause, address, expires: exemption?.expires, howToExempt, fixes };
    };
    for (const given of sample(HOSTILE, ([first = ""]) => [first]))
      for (const each of everything(given, "python", given || "x"))
        expect(essence(read(neutral(write(each)).trim()))).to.deep.equal(essence(each));
  });

  it("has every sentence that there is", () => {
    const all = everything("data", "nodejs", "reviewed");
    const [causes, fixes] = [all.map(({ cause }) => cause), all.flatMap(fixesOf).map(({ kind }) => kind)];
    const missing = (table: object, had: readonly string[]) => Object.keys(table).filter((key) => !had.includes(key));
    // What the gate alone says never travels as text.
    expect([missing(SENTENCES.headlines, causes), missing(SENTENCES.headings, fixes)]).to.deep.equal([
      ["lost"],
      ["add-target", "remove-exclude", "other"],
    ]);
  });

  it("of another version of the pack is read as far as it goes", () => {
    const { cause, facts, lines } = read("Something new.\nMore.\nDo this:\n      a\n      b");
    expect({ cause, facts, lines }).to.deep.equal({
      ...{ cause: "other", facts: { text: "Something new." } },
      lines: ["More.", { kind: "other", facts: { text: "Do this:" }, code: ["a", "b"], properties: [] }],
    });
  });

  it("has a title without names, that a group of findings can have", () => {
    const titles = [...new Set(everything("it's", "nodejs", "reviewed").map(titleOf))];
    expect(titles.filter((title) => title.includes("it’s"))).to.deep.equal([]);
    expect(titles).to.include.members([
      "Bucket can be opened to the public: it can't be verified that public access block targets it",
      "Bucket has more than one public access block",
      "The bucket policy is public",
      "A resource has the type acme:s3:Bucket, which can make an S3 bucket that this pack can't evaluate",
    ]);
  });
});
