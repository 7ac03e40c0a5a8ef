import * as pulumi from "@pulumi/pulumi";

import type { LockedDownBucketArgs } from "./locked-down-bucket";

/** What stack configuration can set; `config:` in Pulumi.yaml declares the same keys, with types and defaults. */
export type Configuration = Pick<
  LockedDownBucketArgs,
  "bucketName" | "kmsKeyArn" | "logBucket" | "retentionDays" | "protect" | "forceDestroy"
>;

export interface Source {
  /** The namespace of the keys: the project's name. */
  readonly name: string;
  get(key: string): string | undefined;
}

/**
 * Reads the stack's configuration. A key that is not set, or is empty, is left out of the answer.
 *
 * @throws {pulumi.RunError} naming every key whose value can't be used, and what it must be
 */
export function readConfiguration(source: Source): Configuration {
  const wrong: string[] = [];

  function read<T>(key: string, parse: (text: string) => T | undefined, must: string): T | undefined {
    const text = source.get(key);
    if (text === undefined || text === "") return undefined;
    const value = parse(text);
    if (value === undefined) wrong.push(`${source.name}:${key} is ${JSON.stringify(text)}, but must be ${must}`);
    return value;
  }

  const bucketName = read("bucketName", bucketNameOf, BUCKET_NAME);
  const another = (text: string) => (text === bucketName ? undefined : bucketNameOf(text));
  const configuration = {
    bucketName,
    kmsKeyArn: read("kmsKeyArn", matching(KEY_ARN), "the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID"),
    logBucket: read("logBucket", another, `the name of another bucket (${BUCKET_NAME})`),
    retentionDays: read("retentionDays", daysOf, "a whole number of days, or 0 to keep old versions"),
    protect: read("protect", booleanOf, "true or false"),
    forceDestroy: read("forceDestroy", booleanOf, "true or false"),
  };
  if (wrong.length > 0) throw new pulumi.RunError(`The stack's configuration can't be used:\n- ${wrong.join("\n- ")}`);
  return Object.fromEntries(Object.entries(configuration).filter(([, value]) => value !== undefined && value !== 0));
}

const BUCKET_NAME = "3 to 63 lower-case letters, digits, dots and hyphens that aren't an IP address";

const matching = (pattern: RegExp) => (text: string) => (pattern.test(text) ? text : undefined);

/** The rules that S3 has for a general purpose bucket's name, its reserved beginnings and endings included. */
function bucketNameOf(text: string): string | undefined {
  const barred =
    /\.\.|^\d+\.\d+\.\d+\.\d+$|^xn--|^sthree-|^amzn-s3-demo-|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$/;
  return barred.test(text) ? undefined : matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)(text);
}

const KEY_ARN = /^arn:aws(?:-[a-z-]+)?:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

const daysOf = (text: string) => (/^(?:0|[1-9]\d{0,5})$/.test(text) ? Number(text) : undefined);

const booleanOf = (text: string) => (text === "true" ? true : text === "false" ? false : undefined);
