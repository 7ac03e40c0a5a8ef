import { gaps } from "../../aws/flags";
import { partitionOf, type Scope } from "../../aws/partition";
import { ACCOUNT_BLOCK, NATIVE_BUCKET } from "../../aws/types";
import type { Resource } from "../../engine/resource";
import { parseJson } from "../../lib/json-text";
import { property, type Read, UNKNOWN } from "../../lib/values";
import type * as rule from "./rule";

/** A bucket policy, versioning, …: what belongs to one bucket and has its name as `bucket`. Objects are not among them. */
export const ATTACHMENT = /^aws:s3\/bucket(?!object)/i;
/** What of them names another bucket, too, or a host that may be called like one. */
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
  return { locked: new Set(locking.map(({ provider }) => provider?.urn)), uncounted };
}

/** With the resource that it is, for what a person reads of it. */
export type Bucket = rule.Bucket & { readonly resource: Resource };

export function toBucket(resource: Resource): Bucket {
  const { urn, hasOutputs: isSettled } = resource;
  const told = [...["bucket", "bucketName", "id"].map(resource.read), arnOf(resource)?.name];
  const name = told.find((each) => typeof each === "string" && each !== "") ?? UNKNOWN;
  return { urn, name, references: resource.references("bucket"), isSettled, scope: scopeOf(resource), resource };
}

export function toAttachment(resource: Resource): rule.Attachment {
  const { urn } = resource;
  return {
    urn,
    bucket: resource.read("bucket"),
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
  const { read, references } = resource;
  return OTHER_BUCKETS.flatMap((key) => {
    const value = read(key);
    return value === undefined || value === null ? [] : [...references(key), key];
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
  const { urn, inThisRun, hasOutputs: isSettled } = resource;
  const found = gaps((flag) => property(flags, flag));
  const origin = { urn, bucket: UNKNOWN, references: [urn], scope: scopeOf(resource) };
  return [{ ...origin, gaps: found, isSettled, inThisRun, staysOn: false }];
}

function scopeOf(resource: Resource): Scope {
  const { read, provider } = resource;
  const endpoint = provider && s3Endpoint(provider.read);
  const scope = { provider: provider?.urn, partition: undefined };
  if (endpoint === UNKNOWN) return scope;
  // Another S3 has names of its own, whatever the ARNs say that it makes up.
  if (typeof endpoint === "string") return { ...scope, partition: endpoint };
  const region = [read("region"), provider?.read("region")].find((each) => typeof each === "string");
  const byRegion = typeof region === "string" && region !== "" ? partitionOf(region) : undefined;
  return {
    ...scope,
    partition: arnOf(resource)?.partition ?? byRegion,
    ...(byRegion !== undefined && { region: String(region) }),
  };
}

/** A bucket's ARN has its partition and its name, even if the name is a secret that can't be read. */
function arnOf({ read }: Resource): { partition: string | undefined; name: string | undefined } | undefined {
  const arn = read("arn");
  const parts = typeof arn === "string" ? /^arn:([^:]+):s3:::(.+)$/.exec(arn) : null;
  return parts === null ? undefined : { partition: parts[1], name: parts[2] };
}

/**
 * The S3 that a provider works with: the URL of another one than AWS's (LocalStack, MinIO), UNKNOWN while it isn't known,
 * undefined for that of AWS.
 *
 * Source: "endpoints" of the provider's configuration, where `s3api` is another name for `s3`. The SDK sends it as JSON.
 */
function s3Endpoint(read: Read): unknown {
  const written = read("endpoints");
  const endpoints = typeof written === "string" && written !== "" ? parseJson(written) : written;
  // An unreadable value may be any endpoint.
  if (endpoints === undefined && written !== undefined) return UNKNOWN;
  const given = [endpoints]
    .flat()
    .flatMap((each) => [property(each, "s3"), property(each, "s3api")])
    .filter((url) => url !== undefined && url !== null && url !== "");
  if (given.length === 0) return undefined;
  const [first] = given;
  return typeof first === "string" && given.every((url) => url === first)
    ? first.replace(/(?<!\/)\/+$/, "").toLowerCase()
    : UNKNOWN;
}
