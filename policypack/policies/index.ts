import type { PackPolicy } from "../sdk/definition";
import { s3AccessPointPublicAccessBlock } from "./s3-access-point-public-access-block";
import { s3AccountPublicAccessBlock } from "./s3-account-public-access-block";
import { s3BucketPublicAccessBlock } from "./s3-bucket-public-access-block";
import { s3NoPublicAcl } from "./s3-no-public-acl";
import { s3NoPublicBucketPolicy } from "./s3-no-public-bucket-policy";
import { s3NoPublicFolder } from "./s3-no-public-folder";
import { s3PublicAccessBlockFlags } from "./s3-public-access-block-flags";
import { s3PublicAccessBlockSkipDestroy } from "./s3-public-access-block-skip-destroy";

/** All the policies of the pack, in the order in which they are told of. */
export const policies: readonly PackPolicy[] = [
  s3BucketPublicAccessBlock,
  s3PublicAccessBlockFlags,
  s3PublicAccessBlockSkipDestroy,
  s3AccountPublicAccessBlock,
  s3AccessPointPublicAccessBlock,
  s3NoPublicAcl,
  s3NoPublicFolder,
  s3NoPublicBucketPolicy,
];
