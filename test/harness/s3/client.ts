/** A client of S3 that shares nothing with the provider: what it reads is what anyone would read. */
import * as sdk from "@aws-sdk/client-s3";

export function s3Client(endpoint: string): sdk.S3Client {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  return new sdk.S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: "a-tester", secretAccessKey: "a-tester" },
  });
}

type Read = (s3: sdk.S3Client, bucket: { Bucket: string }) => Promise<unknown>;
const reads: Readonly<Record<string, Read>> = {
  block: async (s3, bucket) =>
    (await s3.send(new sdk.GetPublicAccessBlockCommand(bucket))).PublicAccessBlockConfiguration,
  ownership: async (s3, bucket) =>
    (await s3.send(new sdk.GetBucketOwnershipControlsCommand(bucket))).OwnershipControls?.Rules,
  encryption: async (s3, bucket) =>
    (await s3.send(new sdk.GetBucketEncryptionCommand(bucket))).ServerSideEncryptionConfiguration?.Rules,
  versioning: async (s3, bucket) => (await s3.send(new sdk.GetBucketVersioningCommand(bucket))).Status,
  lifecycle: async (s3, bucket) => (await s3.send(new sdk.GetBucketLifecycleConfigurationCommand(bucket))).Rules,
  logging: async (s3, bucket) => (await s3.send(new sdk.GetBucketLoggingCommand(bucket))).LoggingEnabled,
  policy: async (s3, bucket) => {
    const { Policy = "null" } = await s3.send(new sdk.GetBucketPolicyCommand(bucket));
    return JSON.parse(Policy) as unknown;
  },
  isPublic: async (s3, bucket) => (await s3.send(new sdk.GetBucketPolicyStatusCommand(bucket))).PolicyStatus?.IsPublic,
};

/** The answer, or the name of S3's error. */
async function orError(asked: Promise<unknown>): Promise<unknown> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof sdk.S3ServiceException) return error.name;
    throw error;
  }
}

/** Everything that S3 says of a bucket; in the place of a setting that it doesn't have, the name of S3's error. */
export async function inspect(s3: sdk.S3Client, Bucket: string): Promise<Record<string, unknown>> {
  const answers = Object.entries(reads).map(
    async ([name, read]) => [name, await orError(read(s3, { Bucket }))] as const,
  );
  return Object.fromEntries(await Promise.all(answers));
}

/** The names of all buckets. */
export async function buckets(s3: sdk.S3Client): Promise<(string | undefined)[]> {
  const { Buckets = [] } = await s3.send(new sdk.ListBucketsCommand({}));
  return Buckets.map(({ Name }) => Name);
}

/** Makes a bucket that S3's log delivery may write to, as it must before another bucket can log to it. */
export async function createLogBucket(s3: sdk.S3Client, Bucket: string): Promise<void> {
  await s3.send(new sdk.CreateBucketCommand({ Bucket }));
  const statement = {
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `arn:aws:s3:::${Bucket}/*`,
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await s3.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy }));
}

/**
 * Puts an object into a bucket whose policy refuses plain HTTP. moto reads such a statement without its condition, as a
 * refusal of everything, so the policy is off until `restore` puts it back.
 */
export async function putObjectPastPolicy(
  s3: sdk.S3Client,
  Bucket: string,
  Key: string,
): Promise<{ restore(): Promise<void> }> {
  const { Policy } = await s3.send(new sdk.GetBucketPolicyCommand({ Bucket }));
  await s3.send(new sdk.DeleteBucketPolicyCommand({ Bucket }));
  await s3.send(new sdk.PutObjectCommand({ Bucket, Key, Body: "weights" }));
  return {
    restore: async () => {
      await s3.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy }));
    },
  };
}
