import type { Resource } from "../engine/resource";
import { UNKNOWN } from "../engine/values";
import type { Finding, StackPolicy } from "../policy";
import { partitionOf } from "../rules/partition";
import * as rule from "../rules/public-access-block";
import { gapLines, identifierIn, listOf, nameIn } from "../wording";

const BUCKETS = new Set(["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"]);
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const ACCOUNT_BLOCK = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
/** A bucket policy, versioning, …: what belongs to one bucket and has its name as `bucket`. Objects are not among them. */
const ATTACHMENT = /^aws:s3\/bucket(?!object)/i;

/** Every bucket of the stack has a public access block with the four settings on. */
export const s3BucketPublicAccessBlock: StackPolicy = {
  name: "s3-bucket-public-access-block",
  displayName: "S3 buckets have a public access block",
  description: "Every S3 bucket has a public access block that targets it, with its four settings on.",
  severity: "high",
  framework: {
    name: "CIS AWS Foundations Benchmark",
    version: "3.0.0",
    reference: "2.1.4",
    specification: "Ensure that S3 is configured with 'Block Public Access' enabled",
  },
  tags: ["aws", "s3", "public-access", "security-hub-s3.8"],
  remediationSteps:
    "Add an aws.s3.BucketPublicAccessBlock whose bucket is the bucket's id, and set blockPublicAcls, ignorePublicAcls, " +
    "blockPublicPolicy and restrictPublicBuckets to true.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8",
  settings: {
    acceptAccountPublicAccessBlock: {
      type: "boolean",
      default: false,
      description:
        "Also accept a bucket without a block of its own where the same provider manages an " +
        "aws.s3.AccountPublicAccessBlock with the four settings on in this stack.",
    },
  },
  reads: (type) => BUCKETS.has(type) || type === ACCOUNT_BLOCK || ATTACHMENT.test(type),
  judgeStack: (resources, settings) => {
    const buckets = resources.filter(({ type, inThisRun }) => BUCKETS.has(type) && inThisRun);
    const lockedAccounts =
      settings.acceptAccountPublicAccessBlock === true ? accountsLocked(resources) : new Set();
    const failures = rule.openBuckets(
      buckets.filter(({ provider }) => !lockedAccounts.has(provider?.urn)).map(toBucket),
      resources.filter(({ type }) => type === BLOCK).map(toBlock),
      resources.filter(({ type }) => !BUCKETS.has(type) && type !== ACCOUNT_BLOCK).map(toAttachment),
    );
    return [...failures].map(([bucket, failure]) => toFinding(bucket, failure));
  },
};

/**
 * The providers whose account is locked as a whole. A block for an account that the program names is left aside: whether
 * it is the account of the buckets, nothing tells.
 */
function accountsLocked(resources: readonly Resource[]): Set<string | undefined> {
  const locks = resources.filter(
    (resource) =>
      resource.type === ACCOUNT_BLOCK &&
      resource.inThisRun &&
      resource.provider !== undefined &&
      resource.input("accountId") === undefined &&
      rule.gaps(resource.read).length === 0,
  );
  return new Set(locks.map(({ provider }) => provider?.urn));
}

function toBucket(resource: Resource): rule.Bucket {
  const { urn, hasOutputs: isSettled } = resource;
  const names = [nameOf(resource.read("bucket")), nameOf(resource.read("id"))];
  const name = names.find((each) => typeof each === "string") ?? UNKNOWN;
  return { urn, name, references: resource.references("bucket"), isSettled, scope: scopeOf(resource) };
}

function toAttachment(resource: Resource): rule.Attachment {
  const { urn } = resource;
  return {
    urn,
    bucket: nameOf(resource.read("bucket")),
    references: resource.references("bucket"),
    scope: scopeOf(resource),
  };
}

function toBlock(resource: Resource): rule.Block {
  const { inThisRun } = resource;
  const attachment = toAttachment(resource);
  // Of a block that is left out nothing is known but what its bucket's name would come from.
  const bucket = inThisRun ? attachment.bucket : UNKNOWN;
  const isSettled = resource.hasOutputs || resource.ignoreChanges.length > 0;
  return { ...attachment, bucket, gaps: rule.gaps(resource.read), isSettled, inThisRun };
}

/** A name, UNKNOWN, or undefined for what can't be a bucket's name. */
function nameOf(value: unknown): unknown {
  return value === UNKNOWN || (typeof value === "string" && value !== "") ? value : undefined;
}

function scopeOf({ read, provider }: Resource): rule.Scope {
  const arn = read("arn");
  const region = [read("region"), provider?.read("region")].find((each) => typeof each === "string");
  const byArn = typeof arn === "string" ? /^arn:([^:]+):s3:/.exec(arn)?.[1] : undefined;
  return {
    provider: provider?.urn,
    partition: byArn ?? (typeof region === "string" && region !== "" ? partitionOf(region) : undefined),
  };
}

function toFinding(bucket: rule.Bucket, failure: rule.Failure): Finding {
  const lines = failure.kind === "weak" ? weak(failure.blocks) : missing(bucket, failure);
  return {
    urn: bucket.urn,
    message: `Bucket '${nameIn(bucket.urn)}' can be opened to the public: ${lines.join("\n")}`,
  };
}

function weak(blocks: readonly rule.Block[]): string[] {
  return [
    `public access block ${listOf(blocks)} ${blocks.length === 1 ? "doesn't" : "don't"} have the four settings on.`,
    ...blocks.flatMap(({ urn, gaps }) => gapLines(urn, gaps)),
  ];
}

function missing(bucket: rule.Bucket, { unproven, misnamed, leftOut }: rule.Missing): string[] {
  const id = `${identifierIn(bucket.urn)}.id`;
  if (leftOut.length > 0) {
    return [
      `--target leaves its public access block ${listOf(leftOut)} out of this run. Add it:`,
      ...leftOut.map(({ urn }) => `      --target '${urn}'`),
    ];
  }
  if (unproven.length > 0) {
    return [
      `it can't be verified that public access block ${listOf(unproven)} targets it. Name the bucket there, nothing else:`,
      `      bucket: ${id},`,
    ];
  }
  if (misnamed.length > 0) {
    return [
      `public access block ${listOf(misnamed)} is made from it, and targets another name. If it is for this bucket:`,
      `      bucket: ${id},`,
    ];
  }
  return [
    "no public access block targets it. Add one:",
    `      new aws.s3.BucketPublicAccessBlock("${nameIn(bucket.urn)}AccessBlock", {`,
    `          bucket: ${id},`,
    ...rule.SETTINGS.map((setting) => `          ${setting}: true,`),
    "      });",
  ];
}
