import { expect } from "chai";
import { readSteps } from "../../../cli/gate/output";
import { publicSites, targetOf } from "../../../cli/source/target";
import { violation } from "../report/builders";
import { testdata } from "../../testdata";

const BUCKET = "aws:s3/bucket:Bucket";

describe("a canned ACL that is public", () => {
  it("is what is to be changed of a resource that is public by nothing else", () => {
    const target = (inputs: object, type = BUCKET): string | undefined => {
      const finding = violation({ policy: "s3-no-public-acl", type });
      const state = { inputs, parent: "", provider: "" };
      const steps = readSteps(JSON.stringify({ steps: [{ op: "create", urn: finding.urn, newState: state }] }));
      return targetOf(finding, steps)?.wanted.kind;
    };
    expect(target({ acl: "public-read" })).to.equal("private");
    expect(target({ acl: "public-read", grants: [{}] })).to.equal(undefined);
    expect(target({ accessControlPolicy: {} }, "aws:s3/bucketAcl:BucketAcl")).to.equal(undefined);
    expect(target({ accessRules: {} }, "aws-native:lightsail:Bucket")).to.equal(undefined);
  });
});

describe("a bucket that looks public on purpose", () => {
  const step = (type: string, name: string, inputs: object, bucket: string[] = []): object => {
    const newState = { inputs, propertyDependencies: { bucket } };
    return { op: "create", urn: `urn:pulumi:dev::shop::${type}::${name}`, newState };
  };
  const urn = `urn:pulumi:dev::shop::${BUCKET}::site`;
  const block = step("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", {}, [urn]);
  const policy = step("aws:s3/bucketPolicy:BucketPolicy", "policy", { bucket: "my-site" });
  const website = "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration";
  const why = (steps: object[], wanted: object, at = urn, source?: string) => {
    const kind = source === undefined ? "violation" : "unverified";
    const finding = violation({ policy: "s3-no-public-bucket-policy", urn: (policy as { urn: string }).urn, kind });
    const target = { urn: at, wanted: { kind: "block", properties: [], ...wanted } as const };
    return publicSites([finding], readSteps(JSON.stringify({ steps })), () => source ?? "")(target)?.split(",")[0];
  };
  const locked = step(BUCKET, "site", { bucket: "my-site" });

  it("is left to a person, with the sign, and so is its block", () => {
    const blockUrn = (block as { urn: string }).urn;
    const flags = { kind: "properties", properties: ["blockPublicAcls", "blockPublicPolicy"] };
    expect(why([locked, block, policy], {})).to.equal("the policy of 'policy' is public");
    expect(why([locked, block, policy], flags, blockUrn)).to.equal("the policy of 'policy' is public");
    expect(why([locked, step(website, "pages", {}, [urn])], {})).to.equal("'pages' configures a website");
    expect(why([step(BUCKET, "site", { website: {} })], { kind: "private" })).to.equal("'site' configures a website");
  });

  it("is one whose policy isn't known yet, and lets everybody in where the program writes it", () => {
    const statements = testdata("policy-sources.yaml") as [source: string, isPublic: boolean][];
    for (const [source, isPublic] of statements)
      expect(why([locked, policy], {}, urn, source), source).to.equal(
        isPublic ? "the policy of 'policy' looks public" : undefined,
      );
  });

  it("isn't one whose policy isn't known, is another bucket's, or stands with what is wanted", () => {
    const other = step(BUCKET, "site", { bucket: "other" });
    expect(why([locked, policy], {}, urn, "")).to.equal(undefined);
    expect(why([other, policy, step(website, "pages", {}, ["urn"])], {})).to.equal(undefined);
    expect(why([locked, policy], { kind: "properties", properties: ["skipDestroy"] })).to.equal(undefined);
  });
});
