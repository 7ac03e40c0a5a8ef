import { expect } from "chai";
import { UNKNOWN, type Props, type Resource } from "../../../../harness/engine/analyzer";
import { PolicyTester } from "../../../../harness/policy-tester";
import { block, bucket, entry, provider, urn } from "../../resources";
import { ROOT } from "../doors";

const POLICY = "s3-bucket-public-access-block";

/** The lines of the one finding on a bucket. */
async function linesOf(tester: PolicyTester, ...stack: Resource[]): Promise<string[]> {
  for (const resource of stack) await tester.analyze(resource);
  const found = await tester.analyzeStack(...stack);
  return found.find(({ policy }) => policy === POLICY)?.message.split("\n") ?? [];
}

describe("What is said of an open bucket", () => {
  const tester = new PolicyTester(ROOT);
  const lines = (...stack: Resource[]): Promise<string[]> => linesOf(tester, ...stack);

  it("tells of the provider that the program gives it, which its block needs too", async () => {
    const by = provider({ region: "eu-west-1", version: "7.48.0" }, "east's");
    const said = await lines(bucket("data", { provider: by }));
    expect(said).to.include.members([
      "Add one, where yourBucket is the variable that holds the bucket, and yourProvider the variable that holds its provider 'east’s':",
      "      }, { provider: yourProvider });",
    ]);
    for (const name of ["default", "default_7_48_0", "default_7_48_0_https_/example.com"]) {
      const plain = await lines(bucket("data", { provider: provider({}, name) }));
      expect(plain.join("\n"), name).to.not.include("yourProvider");
    }
    expect((await lines(bucket("data", { provider: provider({}, "defaults") }))).join("\n")).to.include(
      "yourProvider the variable that holds its provider 'defaults'",
    );
  });

  it("tells of the component that it is in, by type and name", async () => {
    const of = (parentType: string, parent = `urn:pulumi:dev::test::${parentType}::docs`): Resource =>
      bucket("pages", {
        urn: `urn:pulumi:dev::test::${parentType}$aws:s3/bucket:Bucket::pages`,
        parent,
      });
    expect((await lines(of("shop:web:Site")))[1]).to.equal("Made inside shop:web:Site 'docs'.");
    const deep = of("shop:web:Site$shop:web:Pages");
    expect((await lines(deep))[1]).to.equal("Made inside shop:web:Pages 'docs'.");
    const says = async (resource: Resource): Promise<boolean> =>
      (await lines(resource)).some((line) => line.startsWith("Made inside"));
    expect(await says(of("aws:s3/bucket:Bucket"))).to.equal(false);
    expect(await says(of("aws-native:s3:Bucket"))).to.equal(false);
    expect(
      await says(bucket("pages", { parent: "urn:pulumi:dev::test::pulumi:pulumi:Stack::test-dev" })),
    ).to.equal(false);
  });

  it("has any name as a text", async () => {
    expect(await lines(bucket('it"s \\ a\nclass'))).to.include(
      '      new aws.s3.BucketPublicAccessBlock("it\\"s \\\\ a\\nclassAccessBlock", {',
    );
  });

  it("names the bucket by its name where that is known and proves more than its id", async () => {
    const from = { propertyDependencies: { bucket: [urn("data"), urn("logs")] } };
    const ends = async (name: Props): Promise<string | undefined> => {
      const data = bucket("data");
      const said = await lines({ ...data, props: { ...data.props, ...name } }, block("lock", "data", from));
      return said.find((line) => line.startsWith("      bucket"));
    };
    expect(await ends({})).to.equal("      bucket: yourBucket.bucket,");
    expect(await ends({ bucket: UNKNOWN })).to.equal("      bucket: yourBucket.id,");
  });
});

describe("The exemption of a bucket that must be public", () => {
  const tester = new PolicyTester(ROOT);
  const PUBLIC = { Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject" }] };
  const attached = (name: string, type: string, props: Props, change: Partial<Resource> = {}): Resource => ({
    ...block(name, "data", { type, urn: urn(name, type), props: { bucket: UNKNOWN, ...props } }),
    ...change,
  });
  const POLICY_TYPE = "aws:s3/bucketPolicy:BucketPolicy";
  const ACL_TYPE = "aws:s3/bucketAcl:BucketAcl";
  const asked = async (...stack: Resource[]): Promise<string> => {
    const said = await linesOf(tester, ...stack);
    return said.slice(said.findIndex((line) => line.startsWith("  {"))).join("\n");
  };

  it("is of its blocks, its policies and its ACLs as well, those that aren't known yet included", async () => {
    const said = await asked(
      bucket("data", { props: { bucket: "data-1a2b3c4", acl: "public-read" } }),
      block("lock", "data", {}, { blockPublicPolicy: false }),
      attached("policy", POLICY_TYPE, { policy: UNKNOWN }),
      attached("acl", ACL_TYPE, { acl: "public-read" }),
    );
    const document = said.split("\n").filter((line) => line.startsWith("  "));
    expect(JSON.parse(document.join("\n"))).to.deep.equal({
      [POLICY]: { exemptions: [{ urn: urn("data"), reason: "" }] },
      "s3-public-access-block-flags": {
        exemptions: [
          { urn: urn("lock", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"), reason: "" },
        ],
      },
      "s3-no-public-acl": {
        exemptions: [
          { urn: urn("data"), reason: "" },
          { urn: urn("acl", ACL_TYPE), reason: "" },
        ],
      },
      "s3-no-public-bucket-policy": { exemptions: [{ urn: urn("policy", POLICY_TYPE), reason: "" }] },
    });
  });

  it("is of nothing that isn't public, or isn't the bucket's", async () => {
    const other = { propertyDependencies: { bucket: [urn("other")] } };
    const said = await asked(
      bucket("data", { props: { bucket: "data-1a2b3c4", acl: "private" } }),
      attached("policy", POLICY_TYPE, { policy: { Statement: [] } }),
      attached("others", POLICY_TYPE, { policy: PUBLIC }, other),
      attached("acl", ACL_TYPE, { acl: "private" }),
    );
    expect(said).to.equal(entry(POLICY, urn("data")));
  });

  it("finds a policy by the bucket's name, and of what isn't told before the end by its outputs", async () => {
    const named = attached(
      "policy",
      POLICY_TYPE,
      { bucket: "data-1a2b3c4", policy: PUBLIC },
      {
        propertyDependencies: {},
      },
    );
    const expected = entry(POLICY, urn("data"), ["s3-no-public-bucket-policy", urn("policy", POLICY_TYPE)]);
    expect(await asked(bucket("data"), named)).to.equal(expected);
    const native = "aws-native:s3:BucketPolicy";
    const ofNative = attached("policy", native, { bucket: "data-1a2b3c4", policyDocument: PUBLIC });
    expect(await asked(bucket("data"), ofNative)).to.equal(
      entry(POLICY, urn("data"), ["s3-no-public-bucket-policy", urn("policy", native)]),
    );
  });

  it("asks nothing of what the provider computes", async () => {
    const inputs = bucket("data", { props: { bucket: "data-1a2b3c4" } });
    await tester.analyze(inputs);
    const computed = bucket("data", { props: { bucket: "data-1a2b3c4", acl: UNKNOWN, policy: UNKNOWN } });
    const [found] = await tester.analyzeStack(computed);
    expect(found?.message.split("\n").slice(-2).join("\n")).to.equal(entry(POLICY, urn("data")));
  });
});
