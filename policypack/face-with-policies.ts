/* What the audit has of the pack beside that: the policies, and how they are configured. */
export { policies } from "./policies";
export { s3BucketPublicAccessBlock, survey } from "./policies/s3-bucket-public-access-block";
export { configSchema, optionNames, problemsOfAll, unknownOption } from "./policy/configuration";
