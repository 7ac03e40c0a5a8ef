/** The settings of a bucket, one resource each: how inputs become the document that S3 keeps, and back. */
import * as sdk from "@aws-sdk/client-s3";
import type { Props, Value } from "../values";

/** What S3 keeps, in the names of its API. */
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
const IRREGULAR: Readonly<Record<string, string>> = {
  id: "ID",
  sseAlgorithm: "SSEAlgorithm",
  kmsMasterKeyId: "KMSMasterKeyID",
};
const IRREGULAR_BACK = Object.fromEntries(Object.entries(IRREGULAR).map(([ours, theirs]) => [theirs, ours]));

const toName = (name: string): string => IRREGULAR[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
const fromName = (name: string): string =>
  IRREGULAR_BACK[name] ?? name.charAt(0).toLowerCase() + name.slice(1);

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, rename));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries.map(([name, part]) => [rename(name), renamed(part, rename)]));
}

const capitals = {
  toDocument: (inputs: Props): Document => renamed(inputs, toName) as Document,
  toInputs: (document: Document): Props => renamed(document, fromName) as Props,
};

const accessBlock: Setting = {
  put: (s3, Bucket, PublicAccessBlockConfiguration) =>
    s3.send(new sdk.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration })),
  get: async (s3, Bucket) => ({
    ...(await s3.send(new sdk.GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration,
  }),
  remove: (s3, Bucket) => s3.send(new sdk.DeletePublicAccessBlockCommand({ Bucket })),
  ...capitals,
};

const ownership: Setting = {
  put: (s3, Bucket, document) =>
    s3.send(
      new sdk.PutBucketOwnershipControlsCommand({
        Bucket,
        OwnershipControls: document as unknown as sdk.OwnershipControls,
      }),
    ),
  get: async (s3, Bucket) => ({
    ...(await s3.send(new sdk.GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls,
  }),
  remove: (s3, Bucket) => s3.send(new sdk.DeleteBucketOwnershipControlsCommand({ Bucket })),
  toDocument: ({ rule }) => capitals.toDocument({ rules: [rule ?? {}] }),
  toInputs: (document) => ({ rule: (capitals.toInputs(document).rules as Value[])[0] ?? {} }),
};

const encryption: Setting = {
  put: (s3, Bucket, document) =>
    s3.send(
      new sdk.PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: document as unknown as sdk.ServerSideEncryptionConfiguration,
      }),
    ),
  get: async (s3, Bucket) => ({
    ...(await s3.send(new sdk.GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration,
  }),
  remove: (s3, Bucket) => s3.send(new sdk.DeleteBucketEncryptionCommand({ Bucket })),
  ...capitals,
};

const versioning: Setting = {
  put: (s3, Bucket, VersioningConfiguration) =>
    s3.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration })),
  // A bucket that never had versions has no status; the provider calls that Disabled.
  get: async (s3, Bucket) => ({
    Status: (await s3.send(new sdk.GetBucketVersioningCommand({ Bucket }))).Status ?? "Disabled",
  }),
  // Versions can be paused, never taken off again.
  remove: (s3, Bucket) =>
    s3.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } })),
  toDocument: ({ versioningConfiguration }) => capitals.toDocument(versioningConfiguration as Props),
  toInputs: (document) => ({ versioningConfiguration: capitals.toInputs(document) }),
};

const lifecycle: Setting = {
  put: (s3, Bucket, document) =>
    s3.send(
      new sdk.PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: document as unknown as sdk.BucketLifecycleConfiguration,
      }),
    ),
  get: async (s3, Bucket) => ({
    Rules: (await s3.send(new sdk.GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules,
  }),
  remove: (s3, Bucket) => s3.send(new sdk.DeleteBucketLifecycleCommand({ Bucket })),
  ...capitals,
};

const policy: Setting = {
  put: (s3, Bucket, document) =>
    s3.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(document) })),
  get: async (s3, Bucket) =>
    JSON.parse((await s3.send(new sdk.GetBucketPolicyCommand({ Bucket }))).Policy ?? "{}") as Document,
  remove: (s3, Bucket) => s3.send(new sdk.DeleteBucketPolicyCommand({ Bucket })),
  toDocument: ({ policy }) =>
    typeof policy === "string" ? (JSON.parse(policy) as Document) : (policy as Document),
  toInputs: (document) => ({ policy: JSON.stringify(document) }),
};

const logging: Setting = {
  put: (s3, Bucket, document) =>
    s3.send(
      new sdk.PutBucketLoggingCommand({
        Bucket,
        BucketLoggingStatus: { LoggingEnabled: document as unknown as sdk.LoggingEnabled },
      }),
    ),
  get: async (s3, Bucket) => {
    const { LoggingEnabled } = await s3.send(new sdk.GetBucketLoggingCommand({ Bucket }));
    return LoggingEnabled && { ...LoggingEnabled };
  },
  remove: (s3, Bucket) => s3.send(new sdk.PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: {} })),
  ...capitals,
};

export const settings: Readonly<Record<string, Setting>> = {
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": accessBlock,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ownership,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": encryption,
  "aws:s3/bucketVersioning:BucketVersioning": versioning,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": lifecycle,
  "aws:s3/bucketPolicy:BucketPolicy": policy,
  "aws:s3/bucketLogging:BucketLogging": logging,
};
