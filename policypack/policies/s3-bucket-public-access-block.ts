import type { Resource } from "../engine/resource";
import { property, UNKNOWN } from "../engine/values";
import type { Finding, Settings, StackPolicy } from "../policy";
import { s3Endpoint } from "../rules/endpoint";
import { partitionOf } from "../rules/partition";
import * as rule from "../rules/public-access-block";
import { knowsSkipDestroy } from "../rules/skip-destroy";
import { BLOCK_PUBLIC_ACCESS, gapLines, identifierIn, listOf, nameIn, typeIn } from "../wording";

const NATIVE_BUCKET = "aws-native:s3:Bucket";
/** The types of buckets. */
export const BUCKETS: ReadonlySet<string> = new Set([
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  NATIVE_BUCKET,
]);
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const ACCOUNT_BLOCK = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
/** A bucket policy, versioning, …: what belongs to one bucket and has its name as `bucket`. Objects are not among them. */
const ATTACHMENT = /^aws:s3\/bucket(?!object)/i;
/** What of them names another bucket, too, or a host that may be called like one. */
const OTHER_BUCKETS = ["targetBucket", "rules", "redirectAllRequestsTo", "routingRules"];
const NAMES_OTHERS = /^aws:s3\/bucket(logging|replicationconfig|websiteconfiguration)/i;

/** Every bucket of the stack has a public access block with the four settings on. */
export const s3BucketPublicAccessBlock: StackPolicy = {
  name: "s3-bucket-public-access-block",
  displayName: "S3 buckets have a public access block",
  description: "Every S3 bucket has a public access block that targets it, with its four settings on.",
  severity: "high",
  framework: BLOCK_PUBLIC_ACCESS,
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
    const { open, buckets } = survey(resources, settings);
    return [...open].map(([bucket, failure]) => toFinding(bucket, failure, buckets.get(bucket.urn)));
  },
};

/** What is known of the buckets of a stack before it is put into words. */
export interface Survey {
  /** The buckets that aren't locked, and why. */
  readonly open: ReadonlyMap<rule.Bucket, rule.Failure>;
  /** The public access blocks, those inside of buckets among them. */
  readonly blocks: readonly rule.Block[];
  /** The buckets that were judged, by their URNs. */
  readonly buckets: ReadonlyMap<string, Resource>;
}

export function survey(resources: readonly Resource[], settings: Settings): Survey {
  const buckets = resources.filter(({ type, inThisRun }) => BUCKETS.has(type) && inThisRun);
  const lockedAccounts =
    settings.acceptAccountPublicAccessBlock === true ? accountsLocked(resources) : new Set();
  const blocks = resources.flatMap((resource) =>
    resource.type === BLOCK ? [toBlock(resource)] : inlineBlock(resource),
  );
  const open = rule.openBuckets(
    buckets.filter(({ provider }) => !lockedAccounts.has(provider?.urn)).map(toBucket),
    blocks,
    resources.filter(({ type }) => !BUCKETS.has(type) && type !== ACCOUNT_BLOCK).map(toAttachment),
  );
  return { open, blocks, buckets: new Map(buckets.map((bucket) => [bucket.urn, bucket])) };
}

/**
 * The providers whose account is locked as a whole. A block for an account that the program names is left aside: whether
 * it is the account of the buckets, nothing tells. That it names none is known only where its inputs have been seen, and
 * with them its settings.
 */
function accountsLocked(resources: readonly Resource[]): Set<string | undefined> {
  const locks = resources.filter(
    (resource) =>
      resource.type === ACCOUNT_BLOCK &&
      resource.inThisRun &&
      resource.provider !== undefined &&
      resource.input("accountId") === undefined &&
      rule.gaps(resource.input).every(({ state }) => state === "unknown") &&
      rule.gaps(resource.read).length === 0,
  );
  return new Set(locks.map(({ provider }) => provider?.urn));
}

function toBucket(resource: Resource): rule.Bucket {
  const { urn, hasOutputs: isSettled } = resource;
  const told = [...["bucket", "bucketName", "id"].map(resource.read), arnOf(resource)?.name].map(nameOf);
  const name = told.find((each) => typeof each === "string") ?? UNKNOWN;
  return { urn, name, references: resource.references("bucket"), isSettled, scope: scopeOf(resource) };
}

function toAttachment(resource: Resource): rule.Attachment {
  const { urn } = resource;
  return {
    urn,
    bucket: nameOf(resource.read("bucket")),
    references: [...resource.references("bucket"), ...otherBuckets(resource)],
    scope: scopeOf(resource),
  };
}

/**
 * The engine doesn't tell which property of a resource a name comes from: `logging.targetBucket` looks like
 * `logging.bucket`. So all the buckets that it names are where the name may come from, and one that no reference tells.
 */
function otherBuckets(resource: Resource): string[] {
  if (!NAMES_OTHERS.test(resource.type)) return [];
  const { urn, read, references } = resource;
  return OTHER_BUCKETS.flatMap((key) => {
    const value = read(key);
    const from = references(key);
    return from.length > 0 || (value !== undefined && value !== null) ? [...from, `${urn}::${key}`] : [];
  });
}

function toBlock(resource: Resource): rule.Block {
  const { inThisRun } = resource;
  const attachment = toAttachment(resource);
  // Of a block that is left out nothing is known but what its bucket's name would come from.
  const bucket = inThisRun ? attachment.bucket : UNKNOWN;
  const isSettled = resource.hasOutputs || resource.ignoreChanges.length > 0;
  const staysOn = resource.read("skipDestroy") === true;
  return { ...attachment, bucket, gaps: rule.gaps(resource.read), isSettled, inThisRun, staysOn };
}

/** The block that a bucket of Cloud Control has inside. It is a block like any other, whose name comes from the bucket. */
function inlineBlock(resource: Resource): rule.Block[] {
  const settings =
    resource.type === NATIVE_BUCKET ? resource.read("publicAccessBlockConfiguration") : undefined;
  if (settings === undefined || settings === null) return [];
  const { urn, inThisRun } = resource;
  const gaps = rule.gaps((setting) => property(settings, setting));
  const origin = { urn, bucket: UNKNOWN, references: [urn], scope: scopeOf(resource) };
  return [{ ...origin, gaps, isSettled: false, inThisRun, staysOn: false }];
}

/** A name, UNKNOWN, or undefined for what can't be a bucket's name. */
function nameOf(value: unknown): unknown {
  return value === UNKNOWN || (typeof value === "string" && value !== "") ? value : undefined;
}

function scopeOf(resource: Resource): rule.Scope {
  const { read, provider } = resource;
  const endpoint = provider && s3Endpoint(provider.read);
  if (endpoint === UNKNOWN) return { provider: provider?.urn, partition: undefined };
  // Another S3 has names of its own, whatever the ARNs say that it makes up.
  if (typeof endpoint === "string") return { provider: provider?.urn, partition: endpoint };
  const region = [read("region"), provider?.read("region")].find((each) => typeof each === "string");
  const byRegion = typeof region === "string" && region !== "" ? partitionOf(region) : undefined;
  return { provider: provider?.urn, partition: arnOf(resource)?.partition ?? byRegion };
}

/** A bucket's ARN tells its partition and its name, also where the name is a secret that can't be read. */
function arnOf({ read }: Resource): { partition: string | undefined; name: string | undefined } | undefined {
  const arn = read("arn");
  const parts = typeof arn === "string" ? /^arn:([^:]+):s3:::(.+)$/.exec(arn) : null;
  return parts === null ? undefined : { partition: parts[1], name: parts[2] };
}

export function toFinding(
  bucket: rule.Bucket,
  failure: rule.Failure,
  resource: Resource | undefined,
): Finding {
  if (failure.kind === "shared") return shared(bucket, failure.blocks, resource);
  const lines = failure.kind === "weak" ? weak(bucket, failure.blocks) : missing(bucket, failure, resource);
  return {
    urn: bucket.urn,
    message: `Bucket '${nameIn(bucket.urn)}' can be opened to the public: ${lines.join("\n")}`,
  };
}

/** Locked, so that it is no more than a note. */
function shared(
  { urn }: rule.Bucket,
  blocks: readonly rule.Block[],
  resource: Resource | undefined,
): Finding {
  const lines = [
    `Bucket '${nameIn(urn)}' has more than one public access block: ${listOf(blocks)}.`,
    "In S3 they are one: when one of them leaves the program, the bucket is open.",
    ...(knowsSkipDestroy(resource?.provider)
      ? ["To keep only one, first set in the others, and deploy", "      skipDestroy: true,"]
      : ["To keep only one, first take the others out of the state: pulumi state delete URN"]),
  ];
  return { urn, message: lines.join("\n"), isNote: true };
}

function weak(bucket: rule.Bucket, blocks: readonly rule.Block[]): string[] {
  const isInline = blocks.length === 1 && blocks[0]?.urn === bucket.urn;
  const which = isInline ? "its publicAccessBlockConfiguration" : `public access block ${listOf(blocks)}`;
  return [
    `${which} ${blocks.length === 1 ? "doesn't" : "don't"} have the four settings on.`,
    ...blocks.flatMap(({ urn, gaps }) => gapLines(urn, gaps)),
  ];
}

function missing(
  bucket: rule.Bucket,
  { unproven, misnamed, leftOut }: rule.Missing,
  resource: Resource | undefined,
): string[] {
  const id = `${identifierIn(bucket.urn)}.id`;
  if (leftOut.length > 0) {
    return [
      `--target or --exclude leaves its public access block ${listOf(leftOut)} out of this run.`,
      "With --target, add it; with --exclude, name neither it nor a pattern that it matches:",
      ...leftOut.map(({ urn }) => `      --target '${urn}'`),
    ];
  }
  if (unproven.length > 0) {
    return [
      `it can't be verified that public access block ${listOf(unproven)} targets it.`,
      "Name the bucket there, nothing else:",
      `      bucket: ${id},`,
    ];
  }
  if (misnamed.length > 0) {
    return [
      `public access block ${listOf(misnamed)} is made from it, and targets another name.`,
      "If it is for this bucket:",
      `      bucket: ${id},`,
    ];
  }
  const isNative = typeIn(bucket.urn) === NATIVE_BUCKET;
  const [head, ...rest] = isNative
    ? ["publicAccessBlockConfiguration: {"]
    : [`new aws.s3.BucketPublicAccessBlock("${nameIn(bucket.urn)}AccessBlock", {`, `    bucket: ${id},`];
  const lines = [
    head,
    ...rest,
    ...rule.SETTINGS.map((setting) => `    ${setting}: true,`),
    ...(!isNative && knowsSkipDestroy(resource?.provider) ? ["    skipDestroy: true,"] : []),
    isNative ? "}," : "});",
  ];
  const isMade = isNative || typeof resource?.read("id") === "string";
  return [
    "no public access block targets it.",
    // The engine isn't told of it, so that nothing but the bucket's own state hints at it.
    ...(isMade
      ? []
      : ["A block that is made inside apply isn't seen before the bucket exists: make it outside."]),
    "Add one:",
    ...lines.map((line) => `      ${line}`),
  ];
}
