"use strict";
// Buckets by types of other packages than aws, as their SDKs would register them, and a synced folder. ROADS=open opens
// them all, anything else opens none.
const { BucketObjectv2 } = require("@pulumi/aws/s3/bucketObjectv2");
const pulumi = require("@pulumi/pulumi");

const isOpen = process.env.ROADS === "open";

// A Terraform module knows no references: what isn't known yet comes from nowhere.
const unknown = pulumi.runtime.unknownValue;

// What `pulumi package add terraform-module ./site site` makes a class for, and what that registers inside of it.
const module_ = new pulumi.ComponentResource("site:index:Module", "site");
const inModule = (type, name, props) => {
  const address = `module.site.${type}.${name}`;
  new pulumi.CustomResource(`site:tf:${type}`, address, props, { parent: module_ });
};
inModule("aws_s3_bucket", "this[0]", { bucket: unknown, force_destroy: false });
inModule("aws_s3_bucket_public_access_block", "this[0]", {
  bucket: unknown,
  block_public_acls: !isOpen,
  ignore_public_acls: true,
  block_public_policy: true,
  restrict_public_buckets: true,
  skip_destroy: true,
});
inModule("aws_s3_bucket_acl", "this[0]", { bucket: unknown, acl: isOpen ? "public-read" : "private" });

new pulumi.CustomResource("aws-native:lightsail:Bucket", "light", {
  bundleId: "small_1_0",
  accessRules: { getObject: isOpen ? "public" : "private", allowPublicOverrides: false },
});
const PublicAccessBlockConfiguration = {
  BlockPublicAcls: !isOpen,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
new pulumi.CustomResource("aws-native:index:ExtensionResource", "extension", {
  type: "AWS::S3::Bucket",
  properties: { PublicAccessBlockConfiguration },
});
const Resources = { Data: { Type: "AWS::S3::Bucket", Properties: { PublicAccessBlockConfiguration } } };
for (const type of ["Stack", "StackSet", "ChangeSet"])
  new pulumi.CustomResource(`aws-native:cloudformation:${type}`, type, { templateBody: JSON.stringify({ Resources }) });
new pulumi.CustomResource("aws-native:organizations:Policy", "organization", {
  type: "S3_POLICY",
  content: { s3_attributes: { public_access_block_configuration: { "@@assign": isOpen ? "none" : "all" } } },
});

// Blocks and policies of buckets that are elsewhere.
const flags = {
  blockPublicAcls: !isOpen,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};
const principal = isOpen ? "*" : { AWS: "arn:aws:iam::123456789012:root" };
const statement = { Effect: "Allow", Principal: principal, Action: "s3:GetObject", Resource: "arn:aws:s3:::other/*" };
const bridged = (type, name, props) =>
  new pulumi.CustomResource(`aws:index/s${type.slice(1)}:${type}`, name, { bucket: "other", ...props });
bridged("S3BucketPublicAccessBlock", "bridged-block", { ...flags, skipDestroy: true });
bridged("S3BucketPolicy", "bridged-policy", { policy: JSON.stringify({ Statement: [statement] }) });
inModule("aws_s3_bucket_public_access_block", "other", {
  bucket: "other",
  block_public_acls: !isOpen,
  ignore_public_acls: true,
  block_public_policy: true,
  restrict_public_buckets: true,
  skip_destroy: true,
});

// A provider that nobody here knows.
for (const name of ["one", "two", "three"]) new pulumi.CustomResource("acme:s3/bucket:Bucket", name, {});

const folder = new pulumi.ComponentResource("synced-folder:index:S3BucketFolder", "files");
for (let at = 0; at < 40; at++) {
  const props = { bucket: "site", key: `${at}.html`, content: "", acl: isOpen ? "public-read" : "private" };
  new BucketObjectv2(`${at}.html`, props, { parent: folder });
}
