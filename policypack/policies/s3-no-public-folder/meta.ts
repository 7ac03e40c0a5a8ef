import type { Meta } from "../../sdk/definition";

export const meta = {
  evaluates: "stack",
  name: "s3-no-public-folder",
  displayName: "S3 folders are not synced with a public ACL",
  description: "No synced folder uploads its files with an ACL that grants anything to everyone.",
  severity: "high",
  framework: {
    name: "AWS Foundational Security Best Practices",
    version: "1.0.0",
    reference: "S3.2, S3.3",
    specification: "S3 general purpose buckets should block public read and write access",
  },
  tags: ["aws", "s3", "public-access", "security-hub-s3.2", "security-hub-s3.3"],
  remediationSteps:
    "Set the folder's acl to private, and let visitors in through CloudFront. To have the files of one folder public, " +
    "exempt the folder.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
} as const satisfies Meta;
