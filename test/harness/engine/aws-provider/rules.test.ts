import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { UNKNOWN } from "../values";
import type { Props } from "../values";
import { check, diff } from "./inputs";
import type { CheckArguments } from "./inputs";
import { kindOf } from "./kinds";
import { memory } from "./memory";

const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const urn = (type: string, name: string) => `urn:pulumi:dev::p::${type}::${name}`;
const subject = (type: string) => ({ type, urn: urn(type, "b"), region: "us-east-1" });

it("The AWS stand-in names a bucket as the provider does: drawn anew by each run, within 63 characters, else the old or the given name", () => {
  const name = (news: Props, more: Partial<CheckArguments> = {}, logical = "Models") => {
    const given = { urn: urn(BUCKET, logical), seed: new Uint8Array([1]), olds: {}, news };
    return check(kindOf(BUCKET), { ...given, ...more }).bucket;
  };
  const olds = { bucket: "models-0000000" };
  const first = name({});
  expect(first).to.match(/^models-[0-9a-f]{7}$/);
  expect(name({}, { seed: new Uint8Array([2]) })).to.not.equal(first);
  expect(name({}, {}, "a".repeat(80))).to.match(/^a{55}-[0-9a-f]{7}$/);
  expect(name({}, {}, "a::b")).to.match(/^a::b-/);
  const table = [
    [name({ bucket: null }), first],
    [name({}, { olds }), "models-0000000"],
    [name({ bucket: "given" }, { olds }), "given"],
    [name({ bucket: UNKNOWN }, { olds }), UNKNOWN],
    [name({ bucketPrefix: "models-" }), undefined],
  ];
  expect(table.map(([found]) => found)).to.deep.equal(table.map(([, wanted]) => wanted));
});

it("Diff of the AWS stand-in finds what changes, and what replaces the resource", () => {
  type Case = [type: string, olds: Props, news: Props, changes: object, replaces: string[], deleteBeforeReplace?: true];
  const cases = parse(readFileSync(join(__dirname, "changes.yaml"), "utf8")) as Case[];
  for (const [type, olds, news, changes, replaces, deleteBeforeReplace = false] of cases) {
    const given = Object.entries(news).map(([key, value]) => [key, value === "UNKNOWN" ? UNKNOWN : value] as const);
    const found = diff(kindOf(type), olds, Object.fromEntries(given), ["ignored"]);
    const wanted = { changes, replaces, deleteBeforeReplace };
    expect({ ...found, changes: Object.fromEntries(found.changes) }).to.deep.equal(wanted);
  }
});

describe("Outputs of the AWS stand-in", () => {
  it("follow a resource's own region, and drop an input that the program no longer gives", async () => {
    const untagged = { bucket: "b", region: "eu-west-1" };
    const tagged = { ...untagged, tags: { a: "1" } };
    const { id, outputs } = await memory.create(subject(BUCKET), tagged);
    const { tags, tagsAll, ...rest } = outputs;
    expect([tags, tagsAll, rest.bucketRegionalDomainName]).to.deep.equal([
      ...[{ a: "1" }, { a: "1" }, "b.s3.eu-west-1.amazonaws.com"],
    ]);
    expect(await memory.update(subject(BUCKET), id, outputs, tagged, untagged)).to.deep.equal(rest);
  });

  it("of a resource that is read by its id alone have the provider's defaults", async () => {
    const flags = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
    const inputs = { ...Object.fromEntries(flags.map((flag) => [flag, false])), bucket: "b" };
    expect(await memory.read(subject(BLOCK), "b", {}, {})).to.deep.equal({
      ...{ inputs, outputs: { ...inputs, region: "us-east-1" } },
    });
  });
});
