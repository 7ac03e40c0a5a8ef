/* What the audit has of the pack beside that: the policies. */
export { policies } from "./policies";
export { s3BucketPublicAccessBlock, survey } from "./policies/s3-bucket-public-access-block";
export { toBucket } from "./policies/s3-bucket-public-access-block/resources";
export { LOCKED } from "./policies/s3-bucket-public-access-block/rule";
