import type { Meta } from "../sdk/definition";
import { meta as s3AccessPointPublicAccessBlock } from "./s3-access-point-public-access-block/meta";
import { meta as s3AccountPublicAccessBlock } from "./s3-account-public-access-block/meta";
import { meta as s3BucketPublicAccessBlock } from "./s3-bucket-public-access-block/meta";
import { meta as s3NoPublicAcl } from "./s3-no-public-acl/meta";
import { meta as s3NoPublicBucketPolicy } from "./s3-no-public-bucket-policy/meta";
import { meta as s3NoPublicFolder } from "./s3-no-public-folder/meta";
import { meta as s3PublicAccessBlockFlags } from "./s3-public-access-block-flags/meta";
import { meta as s3PublicAccessBlockSkipDestroy } from "./s3-public-access-block-skip-destroy/meta";

/** What is told of the policies of the pack, in their order, without their rules. */
export const metas: readonly Meta[] = [
  s3BucketPublicAccessBlock,
  s3PublicAccessBlockFlags,
  s3PublicAccessBlockSkipDestroy,
  s3AccountPublicAccessBlock,
  s3AccessPointPublicAccessBlock,
  s3NoPublicAcl,
  s3NoPublicFolder,
  s3NoPublicBucketPolicy,
];
