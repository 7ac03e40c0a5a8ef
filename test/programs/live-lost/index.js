"use strict";
// Blocks that an update (STAGE) takes away in ways that no policy pack is told of.
const pulumi = require("@pulumi/pulumi");
const { DeletePublicAccessBlockCommand, S3Client } = require("@aws-sdk/client-s3");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");

const isAfter = process.env.STAGE === "after";
const on = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true };
const data = (name) => new Bucket(name, { bucket: name });
const lock = (name, bucket, options) =>
  new BucketPublicAccessBlock(name, { bucket: bucket.id, ...on, skipDestroy: isAfter }, options);

lock("kept-lock", data("kept"));

// S3 has one block a bucket: the new one is written, then the old one is deleted, which had no skipDestroy yet.
lock(isAfter ? "renamed-new" : "renamed-old", data("renamed"));

// A second block, which is only made once something is known.
const applied = data("applied");
const strong = lock("applied-lock", applied);
const ready = new Bucket(`ready-${isAfter}`);
lock(`ready-lock-${isAfter}`, ready);
ready.arn.apply(() => {
  if (isAfter)
    new BucketPublicAccessBlock("late", { bucket: "applied", ...on, blockPublicPolicy: false }, { dependsOn: strong });
});

// A hook that runs after a block was made.
const open = new pulumi.ResourceHook("open", async () => {
  const client = new S3Client({ endpoint: process.env.S3, region: "us-east-1", forcePathStyle: true });
  await client.send(new DeletePublicAccessBlockCommand({ Bucket: "hooked" }));
});
if (isAfter) lock("hooked-lock", data("hooked"), { hooks: { afterCreate: [open] } });
