/* What the audit needs of the pack in addition: the policies. */
export { policies } from "./policies";
export { s3BucketPublicAccessBlock, survey } from "./policies/s3-bucket-public-access-block";
export { toBucket } from "./policies/s3-bucket-public-access-block/resources";
export { LOCKED } from "./policies/s3-bucket-public-access-block/rule";
