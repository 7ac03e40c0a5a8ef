import { PolicyPack } from "@pulumi/policy";
import { observe } from "./engine/observe";
import { toSdk, type PackPolicy } from "./policy";
import { s3AccessPointPublicAccessBlock } from "./policies/s3-access-point-public-access-block";
import { s3AccountPublicAccessBlock } from "./policies/s3-account-public-access-block";
import { s3BucketPublicAccessBlock } from "./policies/s3-bucket-public-access-block";
import { s3NoPublicAcl } from "./policies/s3-no-public-acl";
import { s3NoPublicBucketPolicy } from "./policies/s3-no-public-bucket-policy";
import { s3PublicAccessBlockFlags } from "./policies/s3-public-access-block-flags";

const policies: PackPolicy[] = [
  s3BucketPublicAccessBlock,
  s3PublicAccessBlockFlags,
  s3AccountPublicAccessBlock,
  s3AccessPointPublicAccessBlock,
  s3NoPublicAcl,
  s3NoPublicBucketPolicy,
];

observe((type) => policies.some((policy) => policy.reads(type)));

new PolicyPack("s3-public-access-block", {
  displayName: "S3 public access block",
  description: "Fails the preview of a program whose S3 buckets can be opened to the public.",
  provider: "aws",
  tags: ["aws", "s3", "public-access"],
  policies: policies.map(toSdk),
});
