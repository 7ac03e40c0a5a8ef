import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "../harness/engine/paths";

import { readConfiguration, type Configuration } from "../../stack/configuration";

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
const said = (key: string, text: string, must: string): string =>
  `The stack's configuration can't be used:\n- the-project:${key} is ${JSON.stringify(text)}, but must be ${must}`;

describe("The stack's configuration", () => {
  it("are the keys that Pulumi.yaml declares, whose defaults are the component's own", () => {
    const project = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as {
      config: Record<string, { default: unknown }>;
    };
    const defaults = Object.entries(project.config).map(([key, declared]) => [key, String(declared.default)]);
    const asked: string[] = [];
    const source = new Map(defaults as [string, string][]);
    const configuration = readConfiguration({
      name: "the-project",
      get: (key) => {
        asked.push(key);
        return source.get(key);
      },
    });
    expect(configuration).to.deep.equal({ protect: true, forceDestroy: false });
    expect(asked.sort()).to.deep.equal([...source.keys()].sort());
  });

  it("are empty when nothing is set, or what is set is empty", () => {
    expect(read({})).to.deep.equal({});
    expect(read({ bucketName: "", kmsKeyArn: "", logBucket: "", retentionDays: "0" })).to.deep.equal({});
  });

  it("are all read", () => {
    const texts = { bucketName: "the-data.v2", kmsKeyArn: KEY, logBucket: "the-logs" };
    const others = { retentionDays: "30", protect: "false", forceDestroy: "true" };
    expect(read({ ...texts, ...others })).to.deep.equal({
      ...{ ...texts, retentionDays: 30, protect: false, forceDestroy: true },
    });
  });

  const refused: [key: string, texts: string[], must: string][] = [
    [
      "bucketName",
      [
        ...["ab", "a".repeat(64), "Data", "the_data", "-data", "data-", ".data", "the..data", "192.168.5.4"],
        ...["xn--data", "sthree-data", "data-s3alias", "data--ol-s3", "data.mrap", "data--use1-az4--x-s3"],
        ...["data--table-s3", "data ", "data\n", "dàta"],
      ],
      NAME,
    ],
    [
      "kmsKeyArn",
      [
        ...["alias/data", "1234abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:s3:::the-data", `${KEY} `],
        "arn:aws:kms:eu-west-1:111122223333:alias/data",
      ],
      "the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID",
    ],
    [
      "retentionDays",
      ["-1", "1.5", "1e3", "007", "a week", "1000000", "true", " 7"],
      "a whole number of days, or 0 to keep old versions",
    ],
    ["protect", ["yes", "1", "True", "FALSE"], "true or false"],
    ["forceDestroy", ["yes", "1", "True", "FALSE"], "true or false"],
  ];
  for (const [key, texts, must] of refused) {
    it(`refuse what can't be the value of ${key}`, () => {
      for (const text of texts) expect(refusal({ [key]: text })).to.equal(said(key, text, must));
    });
  }

  it("accept every name that a bucket may have", () => {
    for (const bucketName of ["abc", "a".repeat(63), "1-data", "my.data-1", "1.2.3"])
      expect(read({ bucketName })).to.deep.equal({ bucketName });
  });

  it("accept a KMS key of another partition", () => {
    const kmsKeyArn = "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234abcd";
    expect(read({ kmsKeyArn })).to.deep.equal({ kmsKeyArn });
  });

  it("refuse a bucket that logs to itself", () => {
    expect(refusal({ bucketName: "the-data", logBucket: "the-data" })).to.equal(
      said("logBucket", "the-data", `the name of another bucket (${NAME})`),
    );
  });

  it("name every key that is wrong at once", () => {
    expect(refusal({ bucketName: "No", logBucket: "fine-logs", retentionDays: "-1", protect: "maybe" })).to.equal(
      [
        "The stack's configuration can't be used:",
        `- the-project:bucketName is "No", but must be ${NAME}`,
        '- the-project:retentionDays is "-1", but must be a whole number of days, or 0 to keep old versions',
        '- the-project:protect is "maybe", but must be true or false',
      ].join("\n"),
    );
  });
});
