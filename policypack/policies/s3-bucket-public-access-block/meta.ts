import type { Meta } from "../../sdk/definition";
import { BLOCK_PUBLIC_ACCESS } from "../../shared/frameworks";

export const meta = {
  evaluates: "stack",
  name: "s3-bucket-public-access-block",
  displayName: "S3 buckets have a public access block",
  description: "Every S3 bucket has a public access block that targets it, with its four flags on.",
  severity: "high",
  framework: BLOCK_PUBLIC_ACCESS,
  tags: ["aws", "s3", "public-access", "security-hub-s3.8"],
  remediationSteps:
    "Add an aws.s3.BucketPublicAccessBlock whose bucket is the bucket's id, and set blockPublicAcls, ignorePublicAcls, " +
    "blockPublicPolicy and restrictPublicBuckets to true.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8",
  options: {
    acceptAccountPublicAccessBlock: {
      type: "boolean",
      default: false,
      description:
        "Also accept a bucket without a block of its own where the same provider manages an " +
        "aws.s3.AccountPublicAccessBlock with the four flags on in this stack.",
    },
  },
} as const satisfies Meta;
