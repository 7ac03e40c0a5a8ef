import * as pulumi from "@pulumi/pulumi";

import type { LockedDownBucketArgs } from "./locked-down-bucket";

/** The settings of stack configuration; `config:` in Pulumi.yaml declares the same keys, with types and defaults. */
export type Configuration = Pick<LockedDownBucketArgs, keyof typeof KEYS>;

export interface Source {
  /** The namespace of the keys: the project's name. */
  readonly name: string;
  get(key: string): string | undefined;
}

/** The rules that S3 has for a general purpose bucket's name, its reserved beginnings and endings included. */
const NAME =
  /^(?!xn--|sthree-|amzn-s3-demo-|\d+\.\d+\.\d+\.\d+$)(?!.*(?:\.\.|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const RULES = "3 to 63 lower-case letters, digits, dots and hyphens that aren't an IP address";
const KEY_ARN = /^arn:aws(?:-[a-z-]+)?:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

/** The pattern of each key's text, in words, too. */
const KEYS = {
  bucketName: [NAME, RULES],
  kmsKeyArn: [KEY_ARN, "the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID"],
  logBucket: [NAME, `the name of another bucket (${RULES})`],
  retentionDays: [/^(?:0|[1-9]\d{0,5})$/, "a whole number of days, or 0 to keep old versions"],
  protect: [/^(?:true|false)$/, "true or false"],
  forceDestroy: [/^(?:true|false)$/, "true or false"],
} as const;

/**
 * Reads the stack's configuration. A key that is not set, or is empty, is left out of the answer.
 *
 * @throws {pulumi.RunError} naming every key whose value can't be used, and what it must be
 */
export function readConfiguration(source: Source): Configuration {
  const set = Object.entries(KEYS).flatMap(([key, [form, must]]) => {
    const text = source.get(key) ?? "";
    return text === "" ? [] : [{ key, text, form, must }];
  });
  const bucketName = set.find(({ key }) => key === "bucketName")?.text;
  const wrong = set.filter(({ key, text, form }) => !form.test(text) || (key === "logBucket" && text === bucketName));
  const list = wrong.map(
    ({ key, text, must }) => `${source.name}:${key} is ${JSON.stringify(text)}, but must be ${must}`,
  );
  if (list.length > 0) throw new pulumi.RunError(`The stack's configuration can't be used:\n- ${list.join("\n- ")}`);
  const valueOf = ({ key, text }: { key: string; text: string }): unknown =>
    key === "retentionDays" ? Number(text) : text === "true" || (text !== "false" && text);
  const kept = set.filter(({ key, text }) => key !== "retentionDays" || text !== "0");
  return Object.fromEntries(kept.map((each) => [each.key, valueOf(each)]));
}
