import { readUnseen, UNSEEN } from "../../adapters/unseen";
import { ACCOUNT_BLOCK, BLOCK, BUCKETS, NATIVE_POLICY } from "../../aws/types";
import type { Resource } from "../../engine/resource";
import type { Exempted } from "../../exemptions/entry";
import { append, byUrn } from "../../lib/lists";
import type { Options, StackPolicy } from "../../policy/definition";
import { metaOf, type PolicyName } from "../meta";
import { evaluateAcls } from "../s3-no-public-acl";
import { verdictOf } from "../s3-no-public-bucket-policy/resources";
import type { Verdict } from "../verdict";
import { toFinding } from "./messages";
import { accountBlocks, ATTACHMENT, type Bucket, inlineBlock, toAttachment, toBlock, toBucket } from "./resources";
import { type Assessment, openBuckets } from "./rule";

/** Every bucket of the stack has a public access block with the four flags on. */
export const s3BucketPublicAccessBlock: StackPolicy = {
  ...metaOf("s3-bucket-public-access-block"),
  reads: (type) => BUCKETS.has(type) || [ACCOUNT_BLOCK, NATIVE_POLICY, UNSEEN].includes(type) || ATTACHMENT.test(type),
  evaluateStack: (resources, options) => {
    const { open, uncounted } = survey(resources, options);
    const also = alsoExempt(resources);
    return [
      ...[...open].map(([bucket, assessment]) => {
        return { ...toFinding(bucket, assessment, uncounted), alsoExempt: () => also(bucket, assessment) };
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
    buckets.filter(({ provider }) => !(provider && accounts?.locked.has(provider.urn))).map(toBucket),
    blocks,
    resources.filter(({ type }) => ATTACHMENT.test(type) && !BUCKETS.has(type)).map(toAttachment),
  );
  const uncounted = accounts?.uncounted ?? [];
  return { open, blocks, buckets: new Map(buckets.map((bucket) => [bucket.urn, bucket])), uncounted };
}

/*
 * A bucket that must be public is so by more than its flags: by a policy, or an ACL. At a first preview these are often not
 * known, so that the preview passes and the update breaks off half-way. Whoever exempts the bucket sees them at once.
 */

/** Finds, in one pass over the stack, what the other policies refuse of an open bucket, or may refuse in the update. */
function alsoExempt(resources: readonly Resource[]) {
  let index: ReadonlyMap<unknown, readonly Resource[]> | undefined;
  return ({ urn, name, resource }: Bucket, { kind, blocks }: Assessment): Exempted[] => {
    const known = (index ??= byBucket(resources));
    const keys = typeof name === "string" ? [urn, name] : [urn];
    const attached = new Set([resource, ...keys.flatMap((key) => known.get(key) ?? [])]);
    const weak = kind === "weak" ? blocks.filter((block) => block.urn !== urn) : [];
    return [
      ...weak.map((block) => ({ policy: metaOf("s3-public-access-block-flags").name, urn: block.urn })),
      ...[...attached].sort(byUrn).flatMap(refused),
    ];
  };
}

/** What may belong to a bucket, by the bucket's URN and by its name. */
function byBucket(resources: readonly Resource[]): ReadonlyMap<unknown, readonly Resource[]> {
  const index = new Map<unknown, [Resource, ...Resource[]]>();
  for (const resource of resources) {
    for (const key of [...resource.references("bucket"), resource.read("bucket")]) append(index, key, resource);
  }
  return index;
}

/** By its inputs, as the policies evaluate it: at a preview all that the provider computes is unknown. */
function refused(stored: Resource): Exempted[] {
  const resource = stored.isWithoutInputs ? stored : { ...stored, read: stored.input };
  const verdicts = { "s3-no-public-bucket-policy": verdictOf(resource), "s3-no-public-acl": evaluateAcls(resource) };
  const refusing = Object.entries(verdicts satisfies Partial<Record<PolicyName, Verdict>>).filter(
    ([, { kind }]) => kind !== "not-public",
  );
  return refusing.map(([policy]) => ({ policy, urn: resource.urn }));
}
