/*
 * The parts of `@pulumi/aws` that this repository uses, of the same types. ESLint sees them in place of the whole, whose 2,700
 * files take a quarter of the time and of the memory that linting takes. A part that is used and isn't here is an error there.
 */
export { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
export { getPartitionOutput } from "@pulumi/aws/getPartition";
export * as cloudfront from "@pulumi/aws/cloudfront";
export * as iam from "@pulumi/aws/iam";
export * as s3 from "@pulumi/aws/s3";
export * as types from "@pulumi/aws/types";
