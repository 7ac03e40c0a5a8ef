/** The bucket itself in S3: its existence and its tags. */
import * as sdk from "@aws-sdk/client-s3";
import type { Props } from "../values";

/** @throws Error when the inputs have no name: one after a prefix is not made up here. */
export function bucketName({ bucket }: Props): string {
  if (typeof bucket !== "string") throw new Error("the S3 backend needs the bucket's name");
  return bucket;
}

export async function createBucket(s3: sdk.S3Client, inputs: Props, region: string): Promise<void> {
  const Bucket = bucketName(inputs);
  await s3.send(
    new sdk.CreateBucketCommand({
      Bucket,
      // S3 takes the place of its first region only unsaid.
      ...(region !== "us-east-1" && {
        CreateBucketConfiguration: { LocationConstraint: region as sdk.BucketLocationConstraint },
      }),
    }),
  );
  if (inputs.tags !== undefined) await tagBucket(s3, Bucket, inputs);
}

export async function tagBucket(s3: sdk.S3Client, Bucket: string, { tags }: Props): Promise<void> {
  const TagSet = Object.entries((tags ?? {}) as Record<string, string>).map(([Key, Value]) => ({
    Key,
    Value,
  }));
  if (TagSet.length > 0) await s3.send(new sdk.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  else await s3.send(new sdk.DeleteBucketTaggingCommand({ Bucket }));
}

/** The bucket's tags; rejects when there is no bucket, or when it has none. */
export async function readTags(s3: sdk.S3Client, Bucket: string): Promise<Props> {
  const { TagSet = [] } = await s3.send(new sdk.GetBucketTaggingCommand({ Bucket }));
  return Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Deletes a bucket; with `forceDestroy`, every version of every object first. S3 refuses one that has objects. */
export async function deleteBucket(s3: sdk.S3Client, Bucket: string, forceDestroy: boolean): Promise<void> {
  if (forceDestroy) await emptyBucket(s3, Bucket);
  await s3.send(new sdk.DeleteBucketCommand({ Bucket }));
}

async function emptyBucket(s3: sdk.S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new sdk.ListObjectVersionsCommand({ Bucket }),
    );
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    const { Errors = [] } = await s3.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    if (Errors[0]) throw new Error(`S3 keeps ${String(Errors[0].Key)}: ${String(Errors[0].Code)}`);
  }
}
