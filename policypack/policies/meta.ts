import type { Meta } from "../policy/definition";

/** The control that all public access blocks answer to. */
const BLOCK_PUBLIC_ACCESS = {
  name: "CIS AWS Foundations Benchmark",
  version: "3.0.0",
  reference: "2.1.4",
  specification: "Ensure that S3 is configured with 'Block Public Access' enabled",
};

/** The controls that policies and ACLs answer to. */
const NO_PUBLIC_ACCESS = {
  name: "AWS Foundational Security Best Practices",
  version: "1.0.0",
  reference: "S3.2, S3.3",
  specification: "S3 general purpose buckets should block public read and write access",
};

const TAGS = ["aws", "s3", "public-access"] as const;

/** Metadata of all policies, in report order. It needs none of the rules to be loaded. */
export const metas = [
  {
    evaluates: "stack",
    name: "s3-bucket-public-access-block",
    displayName: "S3 buckets have a public access block",
    description: "Every S3 bucket has a public access block that targets it, with its four flags on.",
    severity: "high",
    framework: BLOCK_PUBLIC_ACCESS,
    tags: [...TAGS, "security-hub-s3.8"],
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
  },
  {
    evaluates: "resource",
    name: "s3-public-access-block-flags",
    displayName: "S3 public access blocks have their four flags on",
    description:
      "An S3 public access block has blockPublicAcls, ignorePublicAcls, blockPublicPolicy and restrictPublicBuckets on.",
    severity: "high",
    framework: BLOCK_PUBLIC_ACCESS,
    tags: [...TAGS, "security-hub-s3.8"],
    remediationSteps:
      "Set blockPublicAcls, ignorePublicAcls, blockPublicPolicy and restrictPublicBuckets of the block to true, or set this " +
      "policy to the enforcement level remediate, which does so.",
    url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8",
  },
  {
    evaluates: "resource",
    name: "s3-public-access-block-skip-destroy",
    displayName: "S3 public access blocks stay when their resource goes",
    description:
      "An S3 public access block has skipDestroy on, so that S3 keeps its flags when the resource is renamed, moved or removed.",
    level: "advisory",
    severity: "medium",
    framework: BLOCK_PUBLIC_ACCESS,
    tags: [...TAGS, "security-hub-s3.8"],
    remediationSteps:
      "Set skipDestroy of the block to true (@pulumi/aws 7.2 or newer), or set this policy to the enforcement level remediate, " +
      "which does so.",
    url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucketpublicaccessblock/",
    exemptIf: "If it may go",
  },
  {
    evaluates: "resource",
    name: "s3-account-public-access-block",
    displayName: "The account's S3 public access block has its four flags on",
    description: "An account's S3 public access block, when a program manages it, has its four flags on.",
    severity: "high",
    framework: BLOCK_PUBLIC_ACCESS,
    tags: [...TAGS, "security-hub-s3.1"],
    remediationSteps:
      "Set blockPublicAcls, ignorePublicAcls, blockPublicPolicy and restrictPublicBuckets of the account's block to true.",
    url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-1",
  },
  {
    evaluates: "resource",
    name: "s3-access-point-public-access-block",
    displayName: "S3 access points have their public access block on",
    description: "The public access block of an S3 access point, when it is given, has its four flags on.",
    severity: "high",
    framework: {
      name: "AWS Foundational Security Best Practices",
      version: "1.0.0",
      reference: "S3.19, S3.24",
      specification: "S3 access points and Multi-Region Access Points should have block public access settings enabled",
    },
    tags: [...TAGS, "security-hub-s3.19", "security-hub-s3.24"],
    remediationSteps:
      "Leave the access point's public access block out, or set its four flags to true. AWS can't change it later: an " +
      "access point that exists must be replaced.",
    url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-19",
  },
  {
    evaluates: "resource",
    name: "s3-no-public-acl",
    displayName: "S3 ACLs are not public",
    description: "No ACL of a bucket or an object grants anything to everyone, or to everyone with an AWS account.",
    severity: "high",
    framework: NO_PUBLIC_ACCESS,
    tags: [...TAGS, "security-hub-s3.2", "security-hub-s3.3"],
    remediationSteps:
      "Leave the ACL out, and turn ACLs off with aws.s3.BucketOwnershipControls and BucketOwnerEnforced. Where a public " +
      "access block is on, S3 refuses a public ACL half-way through the update.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
  },
  {
    evaluates: "stack",
    name: "s3-no-public-folder",
    displayName: "S3 folders are not synced with a public ACL",
    description: "No synced folder uploads its files with an ACL that grants anything to everyone.",
    severity: "high",
    framework: NO_PUBLIC_ACCESS,
    tags: [...TAGS, "security-hub-s3.2", "security-hub-s3.3"],
    remediationSteps:
      "Set the folder's acl to private, and let visitors in through CloudFront. To have the files of one folder public, " +
      "exempt the folder.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
  },
  {
    evaluates: "resource",
    name: "s3-no-public-bucket-policy",
    displayName: "S3 bucket and access point policies are not public",
    description: "No policy of a bucket or an access point is what AWS calls public.",
    severity: "high",
    framework: NO_PUBLIC_ACCESS,
    tags: [...TAGS, "security-hub-s3.2", "security-hub-s3.3"],
    remediationSteps:
      "Name the principals that the statement lets in, or pin it by a condition to fixed values of aws:PrincipalOrgID, " +
      "aws:SourceArn, aws:SourceVpce or another key that AWS takes for fixed.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status",
  },
] as const satisfies readonly Meta[];

export type PolicyName = (typeof metas)[number]["name"];

export function metaOf<Name extends PolicyName>(name: Name): Extract<(typeof metas)[number], { name: Name }> {
  return metas.find((meta) => meta.name === name) as never;
}
