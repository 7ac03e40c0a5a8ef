import type { Resource } from "../../engine/resource";
import type { Settings, StackPolicy } from "../../sdk/definition";
import { toFinding } from "./messages";
import { meta } from "./meta";
import {
  ACCOUNT_BLOCK,
  accountsLocked,
  ATTACHMENT,
  BLOCK,
  BUCKETS,
  inlineBlock,
  toAttachment,
  toBlock,
  toBucket,
} from "./resources";
import { openBuckets, type Block, type Bucket, type Failure } from "./rule";

/** Every bucket of the stack has a public access block with the four flags on. */
export const s3BucketPublicAccessBlock: StackPolicy = {
  ...meta,
  reads: (type) => BUCKETS.has(type) || type === ACCOUNT_BLOCK || ATTACHMENT.test(type),
  evaluateStack: (resources, settings) => {
    const { open, buckets } = survey(resources, settings);
    return [...open].map(([bucket, failure]) => toFinding(bucket, failure, buckets.get(bucket.urn)));
  },
};

/** What is known of the buckets of a stack before it is put into words. */
export interface Survey {
  /** The buckets that aren't locked, and why. */
  readonly open: ReadonlyMap<Bucket, Failure>;
  /** The public access blocks, those inside of buckets among them. */
  readonly blocks: readonly Block[];
  /** The buckets that were evaluated, by their URNs. */
  readonly buckets: ReadonlyMap<string, Resource>;
}

export function survey(resources: readonly Resource[], settings: Settings): Survey {
  const buckets = resources.filter(({ type, inThisRun }) => BUCKETS.has(type) && inThisRun);
  const lockedAccounts =
    settings.acceptAccountPublicAccessBlock === true ? accountsLocked(resources) : new Set();
  const blocks = resources.flatMap((resource) =>
    resource.type === BLOCK ? [toBlock(resource)] : inlineBlock(resource),
  );
  const open = openBuckets(
    buckets.filter(({ provider }) => !lockedAccounts.has(provider?.urn)).map(toBucket),
    blocks,
    resources.filter(({ type }) => !BUCKETS.has(type) && type !== ACCOUNT_BLOCK).map(toAttachment),
  );
  return { open, blocks, buckets: new Map(buckets.map((bucket) => [bucket.urn, bucket])) };
}
