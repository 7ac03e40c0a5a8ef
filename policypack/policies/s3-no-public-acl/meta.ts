import type { Meta } from "../../sdk/definition";
import { NO_PUBLIC_ACCESS } from "../../shared/frameworks";

export const meta = {
  evaluates: "resource",
  name: "s3-no-public-acl",
  displayName: "S3 ACLs are not public",
  description:
    "No ACL of a bucket or an object grants anything to everyone, or to everyone with an AWS account.",
  severity: "high",
  framework: NO_PUBLIC_ACCESS,
  tags: ["aws", "s3", "public-access", "security-hub-s3.2", "security-hub-s3.3"],
  remediationSteps:
    "Leave the ACL out, and turn ACLs off with aws.s3.BucketOwnershipControls and BucketOwnerEnforced. Where a public " +
    "access block is on, S3 refuses a public ACL half-way through the update.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
} as const satisfies Meta;
