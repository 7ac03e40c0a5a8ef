/** A client of S3 that shares nothing with the provider: what it reads is what anyone would read. */
import * as sdk from "@aws-sdk/client-s3";

export function s3Client(endpoint: string): sdk.S3 {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  return new sdk.S3({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: "a-tester", secretAccessKey: "a-tester" },
  });
}

type Read = (s3: sdk.S3, of: { Bucket: string }) => Promise<unknown>;
const reads: Readonly<Record<string, Read>> = {
  block: async (s3, of) => (await s3.getPublicAccessBlock(of)).PublicAccessBlockConfiguration,
  ownership: async (s3, of) => (await s3.getBucketOwnershipControls(of)).OwnershipControls?.Rules,
  encryption: async (s3, of) => (await s3.getBucketEncryption(of)).ServerSideEncryptionConfiguration?.Rules,
  versioning: async (s3, of) => (await s3.getBucketVersioning(of)).Status,
  lifecycle: async (s3, of) => (await s3.getBucketLifecycleConfiguration(of)).Rules,
  logging: async (s3, of) => (await s3.getBucketLogging(of)).LoggingEnabled,
  policy: async (s3, of) => JSON.parse((await s3.getBucketPolicy(of)).Policy ?? "null") as unknown,
  isPublic: async (s3, of) => (await s3.getBucketPolicyStatus(of)).PolicyStatus?.IsPublic,
};

/** Everything that S3 says of a bucket; in the place of a setting that it doesn't have, the name of S3's error. */
export async function inspect(s3: sdk.S3, Bucket: string): Promise<Record<string, unknown>> {
  const orName = (error: unknown): string => {
    if (error instanceof sdk.S3ServiceException) return error.name;
    throw error;
  };
  const asked = Object.entries(reads).map(async ([name, read]) => [name, await read(s3, { Bucket }).catch(orName)]);
  return Object.fromEntries(await Promise.all(asked)) as Record<string, unknown>;
}

/** The names of all buckets. */
export async function buckets(s3: sdk.S3): Promise<(string | undefined)[]> {
  const { Buckets = [] } = await s3.listBuckets({});
  return Buckets.map(({ Name }) => Name);
}

/** Gives a bucket a policy that allows an action on what is in it. */
export async function allow(s3: sdk.S3, Bucket: string, Principal: unknown, Action: string): Promise<void> {
  const Statement = [{ Effect: "Allow", Principal, Action, Resource: `arn:aws:s3:::${Bucket}/*` }];
  await s3.putBucketPolicy({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement }) });
}

/**
 * Puts an object into a bucket whose policy refuses plain HTTP. moto reads such a statement without its condition, as a
 * refusal of everything, so the policy is off meanwhile.
 */
export async function putObjectPastPolicy(s3: sdk.S3, Bucket: string, Key: string): Promise<void> {
  const { Policy } = await s3.getBucketPolicy({ Bucket });
  await s3.deleteBucketPolicy({ Bucket });
  await s3.putObject({ Bucket, Key, Body: "weights" });
  await s3.putBucketPolicy({ Bucket, Policy });
}
