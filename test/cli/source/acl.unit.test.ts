import { expect } from "chai";
import { readSteps } from "../../../cli/gate/output";
import { privateAcl } from "../../../cli/source/acl";
import { targetOf } from "../../../cli/source/target";
import { violation } from "../report/builders";

const BUCKET = "aws:s3/bucket:Bucket";

describe("a canned ACL that is public", () => {
  const cases: [string, string, string | undefined][] = [
    ["a text", '"public-read"', '"private"'],
    ["a text in other quotes", "'authenticated-read'", "'private'"],
    ["a text in Go", 'pulumi.String("public-read-write")', 'pulumi.String("private")'],
    ["a member in TypeScript", "aws.s3.CannedAcl.PublicRead", "aws.s3.CannedAcl.Private"],
    ["a member in Python", "s3.CannedAcl.PUBLIC_READ_WRITE", "s3.CannedAcl.PRIVATE"],
    ["a member in Go", "s3.CannedAclAuthenticatedRead", "s3.CannedAclPrivate"],
    ["a word in YAML", "public-read", "private"],
    ["a variable", "acl", undefined],
    ["a choice", 'isPublic ? "public-read" : "private"', undefined],
    ["another ACL", '"log-delivery-write"', undefined],
    ["a text in Go by another name", `p.String("public-read")`, `p.String("private")`],
    ["a call", 'f("public-read")', undefined],
  ];
  it("is made private where the program says it in so many words", () => {
    for (const [title, before, after] of cases) expect(privateAcl(before), title).to.equal(after);
  });

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
