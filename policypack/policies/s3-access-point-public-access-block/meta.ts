import type { Meta } from "../../sdk/definition";

export const meta = {
  evaluates: "resource",
  name: "s3-access-point-public-access-block",
  displayName: "S3 access points have their public access block on",
  description: "The public access block of an S3 access point, when it is given, has its four flags on.",
  severity: "high",
  framework: {
    name: "AWS Foundational Security Best Practices",
    version: "1.0.0",
    reference: "S3.19, S3.24",
    specification:
      "S3 access points and Multi-Region Access Points should have block public access settings enabled",
  },
  tags: ["aws", "s3", "public-access", "security-hub-s3.19", "security-hub-s3.24"],
  remediationSteps:
    "Leave the access point's public access block out, or set its four flags to true. AWS can't change it later: an " +
    "access point that exists must be replaced.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-19",
} as const satisfies Meta;
