import type { Meta } from "../../sdk/definition";
import { BLOCK_PUBLIC_ACCESS } from "../../shared/frameworks";

export const meta = {
  evaluates: "resource",
  name: "s3-public-access-block-flags",
  displayName: "S3 public access blocks have their four flags on",
  description:
    "An S3 public access block has blockPublicAcls, ignorePublicAcls, blockPublicPolicy and restrictPublicBuckets on.",
  severity: "high",
  framework: BLOCK_PUBLIC_ACCESS,
  tags: ["aws", "s3", "public-access", "security-hub-s3.8"],
  remediationSteps:
    "Set blockPublicAcls, ignorePublicAcls, blockPublicPolicy and restrictPublicBuckets of the block to true, or set this " +
    "policy to the enforcement level remediate, which does so.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8",
} as const satisfies Meta;
