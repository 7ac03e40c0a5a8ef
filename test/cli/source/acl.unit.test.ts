import { expect } from "chai";
import { readSteps } from "../../../cli/preview/output";
import { privateAcl } from "../../../cli/source/acl";
import { applyEdits, toEdit } from "../../../cli/source/edit";
import { makerIn } from "../../../cli/source/find";
import { mend } from "../../../cli/source/mend";
import { grammarOf, parse } from "../../../cli/source/syntax";
import { targetOf } from "../../../cli/source/target";
import { declarationOf, mendDeclared } from "../../../cli/source/yaml";
import { violation } from "../report/builders";

const BUCKET = "aws:s3/bucket:Bucket";
const WANTED = { kind: "private", properties: [] } as const;

function mended(file: string, text: string): string | undefined {
  const grammar = grammarOf(file);
  const resource = { type: BUCKET, name: "site" };
  const source = grammar && parse(text, grammar, file);
  const call = source && makerIn(source, resource);
  const declared = grammar === undefined ? declarationOf(text, resource) : undefined;
  const found = source && call ? mend(source, call, WANTED) : declared && mendDeclared(declared, WANTED);
  return found && applyEdits(text, [toEdit(file, text, found.groups.flat())]);
}

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
    ["a call", 'f("public-read")', undefined],
  ];
  for (const [title, before, after] of cases) {
    it(`is ${after === undefined ? "left" : "made private"}: ${title}`, () => {
      expect(privateAcl(before)).to.equal(after);
    });
  }

  const programs: [string, string][] = [
    ["index.ts", 'new aws.s3.Bucket("site", { acl: "public-read", tags: {} });'],
    ["__main__.py", 'aws.s3.Bucket("site", acl="public-read")'],
    [
      "main.go",
      'func f() {\n\ts3.NewBucket(ctx, "site", &s3.BucketArgs{Acl: pulumi.String("public-read")})\n}',
    ],
    [
      "Pulumi.yaml",
      "resources:\n  site:\n    type: aws:s3:Bucket\n    properties:\n      acl: public-read # all\n",
    ],
  ];
  for (const [file, text] of programs) {
    it(`is made private where the program gives it, in ${file}`, () => {
      expect(mended(file, text)).to.equal(text.replace("public-read", "private"));
    });
  }

  it("is left where the program doesn't give it as an argument", () => {
    expect(mended("index.ts", 'new aws.s3.Bucket("site", args);')).to.equal(undefined);
    expect(mended("Pulumi.yaml", "resources:\n  site:\n    type: aws:s3:Bucket\n")).to.equal(undefined);
  });

  it("is what is to be changed of a resource that is public by nothing else", () => {
    const target = (inputs: object, type = BUCKET): string | undefined => {
      const finding = violation({ policy: "s3-no-public-acl", type });
      const state = { inputs, parent: "", provider: "" };
      const steps = readSteps(
        JSON.stringify({ steps: [{ op: "create", urn: finding.urn, newState: state }] }),
      );
      return targetOf(finding, steps)?.wanted.kind;
    };
    expect(target({ acl: "public-read" })).to.equal("private");
    expect(target({ acl: "public-read", grants: [{}] })).to.equal(undefined);
    expect(target({ accessControlPolicy: {} }, "aws:s3/bucketAcl:BucketAcl")).to.equal(undefined);
    expect(target({ accessRules: {} }, "aws-native:lightsail:Bucket")).to.equal(undefined);
  });
});
