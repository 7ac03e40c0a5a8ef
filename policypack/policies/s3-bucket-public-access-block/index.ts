import { readUnseen, UNSEEN } from "../../adapters/unseen";
import { ACCOUNT_BLOCK, BLOCK, BUCKETS, NATIVE_POLICY } from "../../aws/types";
import type { Resource } from "../../engine/resource";
import type { Options, StackPolicy } from "../../policy/definition";
import { metaOf } from "../meta";
import { alsoExempt } from "./also-exempt";
import { toFinding } from "./messages";
import { accountBlocks, ATTACHMENT, inlineBlock, toAttachment, toBlock, toBucket } from "./resources";
import { openBuckets } from "./rule";

/** Every bucket of the stack has a public access block with the four flags on. */
export const s3BucketPublicAccessBlock: StackPolicy = {
  ...metaOf("s3-bucket-public-access-block"),
  reads: (type) => BUCKETS.has(type) || [ACCOUNT_BLOCK, NATIVE_POLICY, UNSEEN].includes(type) || ATTACHMENT.test(type),
  evaluateStack: (resources, options) => {
    const { open, buckets, uncounted } = survey(resources, options);
    const also = alsoExempt(resources);
    return [
      ...[...open].map(([bucket, assessment]) => {
        const resource = buckets.get(bucket.urn);
        const finding = toFinding(bucket, assessment, resource, uncounted);
        return { ...finding, alsoExempt: () => also(bucket, assessment, resource) };
      }),
      ...resources.filter(({ type }) => type === UNSEEN).map((each) => ({ urn: each.urn, ...readUnseen(each) })),
    ];
  },
};

/**
 * What is known of the buckets of a stack before it is put into words: those that aren't locked, and why; the public access
 * blocks, those inside of buckets among them; the buckets that were evaluated; and the account's blocks that name an account.
 */
export function survey(resources: readonly Resource[], options: Options) {
  const accounts = options.acceptAccountPublicAccessBlock === true ? accountBlocks(resources) : undefined;
  const buckets = resources.filter(({ type, inThisRun }) => BUCKETS.has(type) && inThisRun);
  const blocks = resources.flatMap((each) => (each.type === BLOCK ? [toBlock(each)] : inlineBlock(each)));
  const open = openBuckets(
    buckets.filter(({ provider }) => !accounts?.locked.has(provider?.urn)).map(toBucket),
    blocks,
    resources.filter(({ type }) => ATTACHMENT.test(type) && !BUCKETS.has(type)).map(toAttachment),
  );
  const uncounted = accounts?.uncounted ?? [];
  return { open, blocks, buckets: new Map(buckets.map((bucket) => [bucket.urn, bucket])), uncounted };
}
