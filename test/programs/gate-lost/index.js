"use strict";
// The buckets of buckets.yaml and their public access blocks, before and after an update (STAGE) that takes some of the blocks away.
const { readFileSync } = require("node:fs");
const { parse } = require("yaml");
const pulumi = require("@pulumi/pulumi");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { AccountPublicAccessBlock } = require("@pulumi/aws/s3/accountPublicAccessBlock");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");

const isAfter = process.env.STAGE === "after";
const on = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true };

const table = readFileSync(require.resolve("./buckets.yaml"), "utf8");
const { buckets, others } = parse(table, { merge: true });
const wanted = process.env.BUCKETS ? process.env.BUCKETS.split(",") : Object.keys(buckets);
for (const bucket of wanted) {
  const is = buckets[bucket][isAfter ? 1 : 0];
  if (is === null) continue;
  const { name = bucket, block = "old", secret, region, retainOnDelete } = is;
  const { skipDestroy, aliases, deleteBeforeReplace } = is;
  const named = secret ? pulumi.secret(name) : name;
  const data = new Bucket(bucket, { bucket: named, region }, { retainOnDelete });
  const parent = is.parent ? new pulumi.ComponentResource("shop:index:Site", is.parent) : undefined;
  let dependsOn; // S3 refuses two writes to one bucket at once.
  for (const each of [...(block ? [block] : []), ...(is.second ? ["second"] : [])]) {
    const lock = { bucket: data.id, ...on, skipDestroy };
    const options = { parent, aliases, deleteBeforeReplace, dependsOn };
    dependsOn = new BucketPublicAccessBlock(`${bucket}-${each}`, lock, options);
  }
}

if (process.env.BUCKETS === undefined) {
  const make = ({ type, name, ...props }) => new pulumi.CustomResource(type, name, props);
  for (const other of others[isAfter ? "after" : "before"]) make(other);
  for (const account of isAfter ? ["two"] : ["one", "two"]) new AccountPublicAccessBlock(account, on);
}
