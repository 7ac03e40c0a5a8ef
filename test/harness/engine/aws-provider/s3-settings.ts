/** The settings of a bucket, one resource each: how inputs become the document that S3 keeps, and back. */
import * as sdk from "@aws-sdk/client-s3";
import type { Props, Value } from "../values";

/** The settings that S3 keeps, in the names of its API. */
export type Document = Record<string, unknown>;

export interface Setting {
  put(s3: sdk.S3Client, Bucket: string, document: Document): Promise<unknown>;
  /** Undefined when the bucket has none; rejects when S3 says so with an error. */
  get(s3: sdk.S3Client, Bucket: string): Promise<Document | undefined>;
  remove(s3: sdk.S3Client, Bucket: string): Promise<unknown>;
  toDocument(inputs: Props): Document;
  toInputs(document: Document): Props;
}

/** S3's names that are not Pulumi's with a capital letter. */
const IRREGULAR = { id: "ID", sseAlgorithm: "SSEAlgorithm", kmsMasterKeyId: "KMSMasterKeyID" };
const NAMES = new Map<string, string>(Object.entries(IRREGULAR));
const NAMES_BACK = new Map<string, string>([...NAMES].map(([ours, theirs]) => [theirs, ours]));

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, rename));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries.map(([name, part]) => [rename(name), renamed(part, rename)]));
}

const toDocument = (inputs: Props): Document =>
  renamed(inputs, (name) => NAMES.get(name) ?? name.replace(/^./, (first) => first.toUpperCase())) as Document;
const toInputs = (document: Document): Props =>
  renamed(document, (name) => NAMES_BACK.get(name) ?? name.replace(/^./, (first) => first.toLowerCase())) as Props;

type Answer = Record<string, unknown>;
type Command = new (input: object) => unknown;
const commands = sdk as unknown as Record<string, Command>;

/** Sends a command of the SDK, by its name. */
function send(s3: sdk.S3Client, name: string, input: Answer): Promise<Answer> {
  const command = commands[`${name}Command`];
  if (command === undefined) throw new Error(`the AWS SDK has no ${name}Command`);
  return s3.send(new command(input) as never) as Promise<unknown> as Promise<Answer>;
}

/** A setting whose document is one property of what Put is given and of what Get answers. */
const setting = (name: string, property: string, more: Partial<Setting> = {}): Setting => ({
  put: (s3, Bucket, document) => send(s3, `Put${name}`, { Bucket, [property]: document }),
  get: async (s3, Bucket) => (await send(s3, `Get${name}`, { Bucket }))[property] as Document | undefined,
  remove: (s3, Bucket) => send(s3, `Delete${name}`, { Bucket }),
  ...{ toDocument, toInputs },
  ...more,
});

export const settings: Readonly<Record<string, Setting>> = {
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting(
    ...(["PublicAccessBlock", "PublicAccessBlockConfiguration"] as const),
  ),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": setting(
    ...(["BucketOwnershipControls", "OwnershipControls"] as const),
    {
      toDocument: ({ rule }) => toDocument({ rules: [rule ?? {}] }),
      toInputs: (document) => ({ rule: (toInputs(document).rules as Value[])[0] ?? {} }),
    },
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting(
    ...(["BucketEncryption", "ServerSideEncryptionConfiguration"] as const),
  ),
  "aws:s3/bucketVersioning:BucketVersioning": setting("BucketVersioning", "VersioningConfiguration", {
    // A bucket that never had versions has no status; the provider calls that Disabled.
    get: async (s3, Bucket) => ({ Status: (await send(s3, "GetBucketVersioning", { Bucket })).Status ?? "Disabled" }),
    // Versions can be paused, never taken off again.
    remove: (s3, Bucket) =>
      send(s3, "PutBucketVersioning", { Bucket, VersioningConfiguration: { Status: "Suspended" } }),
    toDocument: ({ versioningConfiguration }) => toDocument(versioningConfiguration as Props),
    toInputs: (document) => ({ versioningConfiguration: toInputs(document) }),
  }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting(
    ...(["BucketLifecycleConfiguration", "LifecycleConfiguration"] as const),
    {
      get: async (s3, Bucket) => {
        const { Rules } = await send(s3, "GetBucketLifecycleConfiguration", { Bucket });
        return { Rules };
      },
      remove: (s3, Bucket) => send(s3, "DeleteBucketLifecycle", { Bucket }),
    },
  ),
  "aws:s3/bucketPolicy:BucketPolicy": setting("BucketPolicy", "Policy", {
    put: (s3, Bucket, document) => send(s3, "PutBucketPolicy", { Bucket, Policy: JSON.stringify(document) }),
    get: async (s3, Bucket) =>
      JSON.parse(((await send(s3, "GetBucketPolicy", { Bucket })).Policy as string | undefined) ?? "{}") as Document,
    toDocument: ({ policy }) => (typeof policy === "string" ? JSON.parse(policy) : policy) as Document,
    toInputs: (document) => ({ policy: JSON.stringify(document) }),
  }),
  "aws:s3/bucketLogging:BucketLogging": setting("BucketLogging", "LoggingEnabled", {
    put: (s3, Bucket, LoggingEnabled) =>
      send(s3, "PutBucketLogging", { Bucket, BucketLoggingStatus: { LoggingEnabled } }),
    remove: (s3, Bucket) => send(s3, "PutBucketLogging", { Bucket, BucketLoggingStatus: {} }),
  }),
};
