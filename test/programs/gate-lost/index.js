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
for (const account of (process.env.ACCOUNTS ?? "").split(",").filter(Boolean)) {
  new AccountPublicAccessBlock(account, on);
}
