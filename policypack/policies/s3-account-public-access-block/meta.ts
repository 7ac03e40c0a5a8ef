import type { Meta } from "../../sdk/definition";
import { BLOCK_PUBLIC_ACCESS } from "../../shared/frameworks";

export const meta = {
  evaluates: "resource",
  name: "s3-account-public-access-block",
  displayName: "The account's S3 public access block has its four flags on",
  description: "An account's S3 public access block, when a program manages it, has its four flags on.",
  severity: "high",
  framework: BLOCK_PUBLIC_ACCESS,
  tags: ["aws", "s3", "public-access", "security-hub-s3.1"],
  remediationSteps:
    "Set blockPublicAcls, ignorePublicAcls, blockPublicPolicy and restrictPublicBuckets of the account's block to true.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-1",
} as const satisfies Meta;
