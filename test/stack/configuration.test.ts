import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "../harness/engine/paths";

import { readConfiguration, type Configuration } from "../../stack/configuration";
import { testdata } from "../testdata";

const read = (values: Record<string, string>): Configuration =>
  readConfiguration({ name: "the-project", get: (key) => values[key] });

const refusal = (values: Record<string, string>): string => {
  try {
    return `accepted: ${JSON.stringify(read(values))}`;
  } catch (error) {
    if (!(error instanceof pulumi.RunError)) throw error;
    return error.message;
  }
};

const NAME = "3 to 63 lower-case letters, digits, dots and hyphens that aren't an IP address";
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const { refused } = testdata("reference-stack.yaml") as { refused: Record<string, Record<string, string[]>> };
const said = (key: string, text: string, must: string): string =>
  `The stack's configuration can't be used:\n- the-project:${key} is ${JSON.stringify(text)}, but must be ${must}`;

describe("The stack's configuration", () => {
  it("has the keys that Pulumi.yaml declares, whose defaults are the component's own", () => {
    const project = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as {
      config: Record<string, { default: unknown }>;
    };
    const asked: string[] = [];
    const get = (key: string): string | undefined => {
      asked.push(key);
      const declared = project.config[key];
      return declared && String(declared.default);
    };
    expect(readConfiguration({ name: "the-project", get })).to.deep.equal({ protect: true, forceDestroy: false });
    expect(asked.sort()).to.deep.equal(Object.keys(project.config).sort());
  });

  it("is read, each key, and left out where it is not set, or empty", () => {
    expect(read({})).to.deep.equal({});
    expect(read({ bucketName: "", kmsKeyArn: "", logBucket: "", retentionDays: "0" })).to.deep.equal({});
    const texts = { bucketName: "the-data.v2", kmsKeyArn: KEY, logBucket: "the-logs" };
    expect(read({ ...texts, retentionDays: "30", protect: "false", forceDestroy: "true" })).to.deep.equal({
      ...texts,
      retentionDays: 30,
      protect: false,
      forceDestroy: true,
    });
  });

  for (const [key, byNeed] of Object.entries(refused))
    it(`refuses what can't be the value of ${key}`, () => {
      for (const [must, texts] of Object.entries(byNeed))
        for (const text of texts) expect(refusal({ [key]: text })).to.equal(said(key, text, must));
    });

  it("accepts every name that a bucket may have, and a KMS key of another partition", () => {
    for (const bucketName of ["abc", "a".repeat(63), "1-data", "my.data-1", "1.2.3"])
      expect(read({ bucketName })).to.deep.equal({ bucketName });
    const kmsKeyArn = "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234abcd";
    expect(read({ kmsKeyArn })).to.deep.equal({ kmsKeyArn });
  });

  it("refuses a bucket that logs to itself, and names every key that is wrong at once", () => {
    const another = `the name of another bucket (${NAME})`;
    const itself = { bucketName: "the-data", logBucket: "the-data" };
    expect(refusal(itself)).to.equal(said("logBucket", "the-data", another));
    expect(refusal({ bucketName: "No", logBucket: "fine-logs", protect: "maybe" })).to.equal(
      `${said("bucketName", "No", NAME)}\n- the-project:protect is "maybe", but must be true or false`,
    );
  });
});
