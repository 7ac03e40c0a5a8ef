import type { StackPolicy } from "../../sdk/definition";
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
import { openBuckets } from "./rule";

/** Every bucket of the stack has a public access block with the four flags on. */
export const s3BucketPublicAccessBlock: StackPolicy = {
  ...meta,
  reads: (type) => BUCKETS.has(type) || type === ACCOUNT_BLOCK || ATTACHMENT.test(type),
  evaluateStack: (resources, settings) => {
    const buckets = resources.filter(({ type, inThisRun }) => BUCKETS.has(type) && inThisRun);
    const lockedAccounts =
      settings.acceptAccountPublicAccessBlock === true ? accountsLocked(resources) : new Set();
    const failures = openBuckets(
      buckets.filter(({ provider }) => !lockedAccounts.has(provider?.urn)).map(toBucket),
      resources.flatMap((resource) =>
        resource.type === BLOCK ? [toBlock(resource)] : inlineBlock(resource),
      ),
      resources.filter(({ type }) => !BUCKETS.has(type) && type !== ACCOUNT_BLOCK).map(toAttachment),
    );
    const made = new Map(buckets.map((bucket) => [bucket.urn, bucket]));
    return [...failures].map(([bucket, failure]) => toFinding(bucket, failure, made.get(bucket.urn)));
  },
};
