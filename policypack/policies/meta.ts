import type { Meta } from "../policy/definition";

/** The control that all public access blocks answer to. */
const BLOCK_PUBLIC_ACCESS = {
  name: "CIS AWS Foundations Benchmark",
  version: "5.0.0",
  reference: "2.1.4",
  specification: "Ensure that S3 is configured with 'Block Public Access' enabled",
};

const FSBP = { name: "AWS Foundational Security Best Practices", version: "1.0.0" };

/** The controls that policies and ACLs answer to. */
const NO_PUBLIC_ACCESS = {
  ...FSBP,
  reference: "S3.2, S3.3",
  specification: "S3 general purpose buckets should block public read and write access",
};

/** The controls of access points. */
const ACCESS_POINT = {
  ...FSBP,
  reference: "S3.19, S3.24",
  specification: "S3 access points and Multi-Region Access Points should have block public access settings enabled",
};

const NIST = { name: "NIST SP 800-53", version: "Rev. 5" };
const LEAST_PRIVILEGE = { ...NIST, reference: "AC-6", specification: "Least Privilege" };
const ACCESS_ENFORCEMENT = { ...NIST, reference: "AC-3", specification: "Access Enforcement" };

/** Other frameworks with the same demand. */
const OTHERS = ["pci-dss-4.0.1-1.4.4", "nist-800-53-r5-ac-3"];

/**
 * What a policy has of the framework, and of the checks of others that ask for the same: Security Hub's controls, the first of which
 * explains it, checkov's and prowler's.
 */
function answersTo(framework: Meta["framework"], ...checks: readonly string[]) {
  const page = "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html";
  const tagOf = (check: string): string =>
    check.startsWith("CKV")
      ? `checkov-${check}`
      : /^\w+\.\d+$/.test(check)
        ? `security-hub-${check}`
        : `prowler-${check}`;
  const tags = ["aws", "s3", "public-access", ...checks.map(tagOf), ...OTHERS];
  return { severity: "high", framework, tags, url: `${page}#${checks[0]?.replace(".", "-") ?? ""}` } as const;
}

/** What the policies have in common that are on access which isn't public. */
const ADVISORY = { level: "advisory", severity: "medium", exemptIf: "If it must be so" } as const;
const IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide";

const OWNERSHIP = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html";

/** Metadata of all policies, in report order. It needs none of the rules to be loaded. */
export const metas = [
  {
    evaluates: "stack",
    name: "s3-bucket-public-access-block",
    displayName: "S3 buckets have a public access block",
    description: "Every S3 bucket has a public access block that targets it, with its four flags on.",
    ...answersTo(BLOCK_PUBLIC_ACCESS, "s3.8", "CKV2_AWS_6", "s3_bucket_level_public_access_block"),
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
    ...answersTo(BLOCK_PUBLIC_ACCESS, "s3.8", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56"),
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
    ...answersTo(BLOCK_PUBLIC_ACCESS, "s3.1", "s3_account_level_public_access_blocks"),
    remediationSteps:
      "Set blockPublicAcls, ignorePublicAcls, blockPublicPolicy and restrictPublicBuckets of the account's block to true.",
  },
  {
    evaluates: "resource",
    name: "s3-access-point-public-access-block",
    displayName: "S3 access points have their public access block on",
    description: "The public access block of an S3 access point, when it is given, has its four flags on.",
    ...answersTo(ACCESS_POINT, "s3.19", "s3.24", "CKV_AWS_392", "s3_access_point_public_access_block"),
    remediationSteps:
      "Leave the access point's public access block out, or set its four flags to true. AWS can't change it later: an " +
      "access point that exists must be replaced.",
  },
  {
    evaluates: "resource",
    name: "s3-no-public-acl",
    displayName: "S3 ACLs are not public",
    description:
      "No ACL of a bucket, an object or what a service writes grants anything to everyone, or to everyone with an AWS account.",
    ...answersTo(NO_PUBLIC_ACCESS, "s3.2", "s3.3", "CKV_AWS_20", "CKV_AWS_57"),
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
    description: "No policy of a bucket, an access point, a vault or a container is what AWS calls public.",
    ...answersTo(NO_PUBLIC_ACCESS, "s3.2", "s3.3", "CKV_AWS_70"),
    remediationSteps:
      "Name the principals that the statement lets in, or pin it by a condition to fixed values of aws:PrincipalOrgID, " +
      "aws:SourceArn, aws:SourceVpce or another key that AWS takes for fixed.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status",
  },
  {
    evaluates: "resource",
    name: "s3-no-wide-address-range",
    displayName: "S3 policies let in no wide range of addresses",
    description: "No policy lets in everyone from a range of addresses wider than /16 (IPv4) or /48 (IPv6).",
    ...answersTo(LEAST_PRIVILEGE, "s3.2", "s3.3"),
    ...ADVISORY,
    remediationSteps: "Give the ranges of your own network, or let its VPC in by aws:SourceVpce.",
  },
  {
    evaluates: "resource",
    name: "s3-no-confused-deputy",
    displayName: "S3 policies let in services for a fixed source only",
    description: "No policy lets a service in without a fixed aws:SourceArn, aws:SourceAccount or aws:SourceOrgID.",
    ...answersTo(ACCESS_ENFORCEMENT),
    ...ADVISORY,
    remediationSteps: "Add a condition on aws:SourceArn or aws:SourceAccount to the statement.",
    url: `${IAM}/confused-deputy.html`,
  },
  {
    evaluates: "resource",
    name: "s3-no-foreign-control",
    displayName: "No other account controls access to S3",
    description: "No other account changes who has access, owns what is replicated, or has an access grant.",
    ...answersTo(
      { ...FSBP, reference: "S3.6", specification: "Restrict other accounts" },
      "s3.6",
      "s3_bucket_cross_account_access",
    ),
    ...ADVISORY,
    remediationSteps: "Take the actions away, or list the account in trustedAccounts if it is yours.",
    options: {
      trustedAccounts: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "IDs of accounts that may have control, such as your own.",
      },
    },
  },
  {
    evaluates: "resource",
    name: "s3-no-unconditional-unblock",
    displayName: "IAM policies don't let anybody take a public access block off",
    description:
      "No IAM policy allows s3:PutBucketPublicAccessBlock or s3:PutAccountPublicAccessBlock without a condition.",
    ...answersTo(LEAST_PRIVILEGE, "CKV_AWS_289"),
    ...ADVISORY,
    remediationSteps: "Leave the actions out, deny them, or add a condition.",
    url: `${IAM}/best-practices.html#grant-least-privilege`,
  },
  {
    evaluates: "stack",
    name: "s3-no-anonymous-role",
    displayName: "Nobody reads S3 by a role without having signed in",
    description:
      "No role that reads S3 is given to everyone, or to visitors of an identity pool who haven't signed in.",
    ...answersTo(ACCESS_ENFORCEMENT, "cognito.2", "CKV_AWS_366", "cognito_identity_pool_guest_access_disabled"),
    ...ADVISORY,
    remediationSteps: "Name who may assume the role, or take S3 out of what it may do.",
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html",
  },
  {
    evaluates: "stack",
    name: "s3-no-anonymous-service",
    displayName: "No service gives data from S3 to anyone",
    description: "No API of API Gateway without authorization, and no public build project, gives out data from S3.",
    ...answersTo(ACCESS_ENFORCEMENT, "CKV_AWS_59", "codebuild_project_not_publicly_accessible"),
    ...ADVISORY,
    remediationSteps: "Ask for authorization, or serve the bucket through CloudFront (docs/recipes.md).",
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-s3.html",
  },
] as const satisfies readonly Meta[];

export type PolicyName = (typeof metas)[number]["name"];

export function metaOf<Name extends PolicyName>(name: Name): Extract<(typeof metas)[number], { name: Name }> {
  return metas.find((meta) => meta.name === name) as never;
}
