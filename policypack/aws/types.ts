/* Type tokens of @pulumi/aws and @pulumi/aws-native that several policies and the command line compare with. */

export const NATIVE_BUCKET = "aws-native:s3:Bucket";
export const BUCKETS: ReadonlySet<string> = new Set([
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  NATIVE_BUCKET,
]);
export const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
export const ACCOUNT_BLOCK = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
export const NATIVE_POLICY = "aws-native:s3:BucketPolicy";

/** Types of AWS's providers. A resource of theirs has a provider: without one it is a component of such a type. */
export function isOfAws(type: string): boolean {
  return /^aws(?:-native)?:(?!tf:)/.test(type);
}
