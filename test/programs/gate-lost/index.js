"use strict";
// A bucket and its public access block, which is renamed, moved, dropped or replaced as the environment says.
const pulumi = require("@pulumi/pulumi");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { AccountPublicAccessBlock } = require("@pulumi/aws/s3/accountPublicAccessBlock");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");

const { BLOCKS = "old", NO_BUCKET, PARENT, ALIAS, SKIP, RETAIN, SECRET, DELETE_FIRST, REGION } = process.env;
const on = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};

if (!NO_BUCKET) {
  const name = process.env.NAME ?? "the-data";
  const data = new Bucket(
    "data",
    { bucket: SECRET ? pulumi.secret(name) : name, region: REGION },
    { retainOnDelete: RETAIN === "yes" },
  );
  const parent = PARENT ? new pulumi.ComponentResource("shop:index:Site", PARENT) : undefined;
  for (const block of BLOCKS.split(",").filter(Boolean)) {
    new BucketPublicAccessBlock(
      block,
      { bucket: data.id, ...on, skipDestroy: SKIP === "yes" ? true : undefined },
      { parent, aliases: ALIAS ? JSON.parse(ALIAS) : [], deleteBeforeReplace: DELETE_FIRST === "yes" },
    );
  }
}
// The same by other types: blocks that are renamed, and buckets that lose the one inside while another stays.
const { ROADS } = process.env;
if (ROADS) {
  const make = (type, name, props) => new pulumi.CustomResource(type, name, props);
  const spelled = (spell) => Object.fromEntries(Object.keys(on).map((flag) => [spell(flag), true]));
  const snake = spelled((flag) => flag.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  const pascal = spelled((flag) => flag.replace(/^./, (letter) => letter.toUpperCase()));
  const inside = ROADS === "old" ? { PublicAccessBlockConfiguration: pascal } : {};
  const Properties = { BucketName: "in-template", ...inside };
  make("aws:index/s3Bucket:S3Bucket", "bridged", { bucket: "bridged" });
  make("aws:index/s3BucketPublicAccessBlock:S3BucketPublicAccessBlock", ROADS, { bucket: "bridged", ...on });
  make("site:tf:aws_s3_bucket", "module.site.aws_s3_bucket.this", { bucket: "site" });
  const lock = `module.site.aws_s3_bucket_public_access_block.${ROADS}`;
  make("site:tf:aws_s3_bucket_public_access_block", lock, { bucket: "site", ...snake });
  const desiredState = JSON.stringify({ BucketName: "control", ...inside });
  make("aws:cloudcontrol/resource:Resource", "control", { typeName: "AWS::S3::Bucket", desiredState });
  const templateBody = JSON.stringify({ Resources: { Data: { Type: "AWS::S3::Bucket", Properties } } });
  make("aws:cloudformation/stack:Stack", "stack", { templateBody });
  for (const bucket of ["control", "in-template"]) new BucketPublicAccessBlock(bucket, { bucket, ...on });
}
for (const account of (process.env.ACCOUNTS ?? "").split(",").filter(Boolean)) {
  new AccountPublicAccessBlock(account, on);
}
