import { memoized } from "../lib/lists";
import type { PackPolicy } from "../policy/definition";
import { metas, type PolicyName } from "./meta";
import { s3AccessPointPublicAccessBlock } from "./s3-access-point-public-access-block";
import { s3AccountPublicAccessBlock } from "./s3-account-public-access-block";
import { s3BucketPublicAccessBlock } from "./s3-bucket-public-access-block";
import { s3NoAnonymousRole } from "./s3-no-anonymous-role";
import { s3NoAnonymousService } from "./s3-no-anonymous-service";
import { s3NoConfusedDeputy } from "./s3-no-confused-deputy";
import { s3NoForeignControl } from "./s3-no-foreign-control";
import { s3NoPublicAcl } from "./s3-no-public-acl";
import { s3NoPublicBucketPolicy } from "./s3-no-public-bucket-policy";
import { s3NoPublicFolder } from "./s3-no-public-folder";
import { s3NoUnconditionalUnblock } from "./s3-no-unconditional-unblock";
import { s3NoWideAddressRange } from "./s3-no-wide-address-range";
import { s3PublicAccessBlockFlags } from "./s3-public-access-block-flags";
import { s3PublicAccessBlockSkipDestroy } from "./s3-public-access-block-skip-destroy";

/** The policies by name: one without metadata, or metadata without a policy, doesn't compile. */
const byName: Readonly<Record<PolicyName, PackPolicy>> = {
  "s3-bucket-public-access-block": s3BucketPublicAccessBlock,
  "s3-public-access-block-flags": s3PublicAccessBlockFlags,
  "s3-public-access-block-skip-destroy": s3PublicAccessBlockSkipDestroy,
  "s3-account-public-access-block": s3AccountPublicAccessBlock,
  "s3-access-point-public-access-block": s3AccessPointPublicAccessBlock,
  "s3-no-public-acl": s3NoPublicAcl,
  "s3-no-public-folder": s3NoPublicFolder,
  "s3-no-public-bucket-policy": s3NoPublicBucketPolicy,
  "s3-no-wide-address-range": s3NoWideAddressRange,
  "s3-no-confused-deputy": s3NoConfusedDeputy,
  "s3-no-foreign-control": s3NoForeignControl,
  "s3-no-unconditional-unblock": s3NoUnconditionalUnblock,
  "s3-no-anonymous-role": s3NoAnonymousRole,
  "s3-no-anonymous-service": s3NoAnonymousService,
};

/** All the policies of the pack, in report order. */
export const policies: readonly PackPolicy[] = metas.map(({ name }) => {
  const policy = byName[name];
  return { ...policy, reads: memoized(policy.reads) };
});
