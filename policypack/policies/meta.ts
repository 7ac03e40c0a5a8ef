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

/** The controls of access points. */
const ACCESS_POINT = {
  name: "AWS Foundational Security Best Practices",
  version: "1.0.0",
  reference: "S3.19, S3.24",
  specification: "S3 access points and Multi-Region Access Points should have block public access settings enabled",
};

/** What a policy has of the framework and of Security Hub's controls that it answers to, the first of which explains it. */
function answersTo(framework: Meta["framework"], ...controls: readonly string[]) {
  const page = "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html";
  const tags = ["aws", "s3", "public-access", ...controls.map((control) => `security-hub-${control}`)];
  return { severity: "high", framework, tags, url: `${page}#${controls[0]?.replace(".", "-") ?? ""}` } as const;
}

const OWNERSHIP = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html";

/** Metadata of all policies, in report order. It needs none of the rules to be loaded. */
export const metas = [
  {
    evaluates: "stack",
    name: "s3-bucket-public-access-block",
    displayName: "S3 buckets have a public access block",
    description: "Every S3 bucket has a public access block that targets it, with its four flags on.",
    ...answersTo(BLOCK_PUBLIC_ACCESS, "s3.8"),
    remediationSteps:
      "Add an aws.s3.BucketPublicAccessBlock whose bucket is the bucket's id, and set blockPublicAcls, ignorePublicAcls, " +
      "blockPublicPolicy and restrictPublicBuckets to true.",
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
    ...answersTo(BLOCK_PUBLIC_ACCESS, "s3.8"),
    remediationSteps:
      "Set blockPublicAcls, ignorePublicAcls, blockPublicPolicy and restrictPublicBuckets of the block to true, or set this " +
      "policy to the enforcement level remediate, which does so.",
  },
  {
    evaluates: "resource",
    name: "s3-public-access-block-skip-destroy",
    displayName: "S3 public access blocks stay when their resource goes",
    description:
      "An S3 public access block has skipDestroy on, so that S3 keeps its flags when the resource is renamed, moved or removed.",
    level: "advisory",
    ...answersTo(BLOCK_PUBLIC_ACCESS, "s3.8"),
    severity: "medium",
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
    ...answersTo(BLOCK_PUBLIC_ACCESS, "s3.1"),
    remediationSteps:
      "Set blockPublicAcls, ignorePublicAcls, blockPublicPolicy and restrictPublicBuckets of the account's block to true.",
  },
  {
    evaluates: "resource",
    name: "s3-access-point-public-access-block",
    displayName: "S3 access points have their public access block on",
    description: "The public access block of an S3 access point, when it is given, has its four flags on.",
    ...answersTo(ACCESS_POINT, "s3.19", "s3.24"),
    remediationSteps:
      "Leave the access point's public access block out, or set its four flags to true. AWS can't change it later: an " +
      "access point that exists must be replaced.",
  },
  {
    evaluates: "resource",
    name: "s3-no-public-acl",
    displayName: "S3 ACLs are not public",
    description: "No ACL of a bucket or an object grants anything to everyone, or to everyone with an AWS account.",
    ...answersTo(NO_PUBLIC_ACCESS, "s3.2", "s3.3"),
    remediationSteps:
      "Leave the ACL out, and turn ACLs off with aws.s3.BucketOwnershipControls and BucketOwnerEnforced. Where a public " +
      "access block is on, S3 refuses a public ACL half-way through the update.",
    url: OWNERSHIP,
  },
  {
    evaluates: "stack",
    name: "s3-no-public-folder",
    displayName: "S3 folders are not synced with a public ACL",
    description: "No synced folder uploads its files with an ACL that grants anything to everyone.",
    ...answersTo(NO_PUBLIC_ACCESS, "s3.2", "s3.3"),
    remediationSteps:
      "Set the folder's acl to private, and let visitors in through CloudFront. To have the files of one folder public, " +
      "exempt the folder.",
    url: OWNERSHIP,
  },
  {
    evaluates: "resource",
    name: "s3-no-public-bucket-policy",
    displayName: "S3 bucket and access point policies are not public",
    description: "No policy of a bucket or an access point is what AWS calls public.",
    ...answersTo(NO_PUBLIC_ACCESS, "s3.2", "s3.3"),
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
