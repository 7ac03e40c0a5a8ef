import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { UNKNOWN } from "../values";
import type { Props } from "../values";
import { diff } from "./inputs";
import { kindOf } from "./kinds";
import { memory } from "./memory";

const BUCKET = "aws:s3/bucket:Bucket";

// How it names and identifies resources is in ../../programs/kinds.yaml.

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

it("Outputs of the AWS stand-in follow a resource's own region, and drop an input that the program no longer gives", async () => {
  const subject = { type: BUCKET, urn: `urn:pulumi:dev::p::${BUCKET}::b`, region: "us-east-1" };
  const untagged = { bucket: "b", region: "eu-west-1" };
  const tagged = { ...untagged, tags: { a: "1" } };
  const { id, outputs } = await memory.create(subject, tagged);
  const { tags, tagsAll, ...rest } = outputs;
  expect([tags, tagsAll, rest.bucketRegionalDomainName]).to.deep.equal([
    ...[{ a: "1" }, { a: "1" }, "b.s3.eu-west-1.amazonaws.com"],
  ]);
  expect(await memory.update(subject, id, outputs, tagged, untagged)).to.deep.equal(rest);
});
