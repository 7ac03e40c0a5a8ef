import { gaps } from "../../aws/flags";
import { arnOf, scopeOf } from "../../aws/scope";
import { ACCOUNT_BLOCK, NATIVE_BUCKET } from "../../aws/types";
import type { Resource } from "../../engine/resource";
import { property, UNKNOWN } from "../../lib/values";
import type * as rule from "./rule";

/** A bucket policy, versioning, …: what belongs to one bucket and has its name as `bucket`. Objects are not among them. */
export const ATTACHMENT = /^aws:s3\/bucket(?!object)/i;
/** Their properties that name another bucket, or a host that may be called like one. */
const OTHER_BUCKETS = ["targetBucket", "rules", "redirectAllRequestsTo", "routingRules"];
const NAMES_OTHERS = /^aws:s3\/bucket(logging|replicationconfig|websiteconfiguration)/i;

/**
 * The account's public access blocks, as far as the option `acceptAccountPublicAccessBlock` is concerned: the providers whose
 * account is locked as a whole, and the blocks for an account that the program names. It may not be the buckets'.
 */
export function accountBlocks(resources: readonly Resource[]) {
  const all = resources.filter(({ type, inThisRun }) => type === ACCOUNT_BLOCK && inThisRun);
  // A null is what a program gives that leaves it out.
  const uncounted = all.filter(({ input }) => (input("accountId") ?? undefined) !== undefined);
  // That a block names none is known only where its inputs have been seen, and with them its flags.
  const locking = all
    .filter((each) => !uncounted.includes(each))
    .filter(({ input, read }) => gaps(input).every(({ state }) => state === "unknown") && gaps(read).length === 0);
  return { locked: new Set<string | undefined>(locking.flatMap(({ provider }) => provider?.urn ?? [])), uncounted };
}

export function toBucket(resource: Resource): rule.Bucket {
  const { urn, hasOutputs: isSettled } = resource;
  const told = [...["bucket", "bucketName", "id"].map(resource.read), arnOf(resource)?.name].map(nameOf);
  const name = told.find((each) => typeof each === "string") ?? UNKNOWN;
  return { urn, name, references: resource.references("bucket"), isSettled, scope: scopeOf(resource) };
}

export function toAttachment(resource: Resource): rule.Attachment {
  const { urn } = resource;
  return {
    urn,
    bucket: nameOf(resource.read("bucket")),
    references: [...resource.references("bucket"), ...otherBuckets(resource)],
    scope: scopeOf(resource),
  };
}

/**
 * The engine doesn't record which property of a resource a name comes from: `logging.targetBucket` looks like
 * `logging.bucket`. So all the buckets that it names are where the name may come from, and one that no reference names.
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

export function toBlock(resource: Resource): rule.Block {
  const { inThisRun } = resource;
  const attachment = toAttachment(resource);
  // Of a block that is left out nothing is known but what its bucket's name would come from.
  const bucket = inThisRun ? attachment.bucket : UNKNOWN;
  const isSettled = resource.hasOutputs || resource.ignoreChanges.length > 0;
  const staysOn = resource.read("skipDestroy") === true;
  return { ...attachment, bucket, gaps: gaps(resource.read), isSettled, inThisRun, staysOn };
}

/** The block that a bucket of Cloud Control has inside. It is a block like any other, whose name comes from the bucket. */
export function inlineBlock(resource: Resource): rule.Block[] {
  const flags = resource.type === NATIVE_BUCKET ? resource.read("publicAccessBlockConfiguration") : undefined;
  if (flags === undefined || flags === null) return [];
  const { urn, inThisRun } = resource;
  const found = gaps((flag) => property(flags, flag));
  const origin = { urn, bucket: UNKNOWN, references: [urn], scope: scopeOf(resource) };
  return [{ ...origin, gaps: found, isSettled: false, inThisRun, staysOn: false }];
}

/** A name, UNKNOWN, or undefined for what can't be a bucket's name. */
function nameOf(value: unknown): unknown {
  return value === UNKNOWN || (typeof value === "string" && value !== "") ? value : undefined;
}
