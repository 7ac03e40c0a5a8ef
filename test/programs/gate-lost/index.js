"use strict";
// Buckets and their public access blocks, before and after an update (STAGE) that takes some of the blocks away.
const pulumi = require("@pulumi/pulumi");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { AccountPublicAccessBlock } = require("@pulumi/aws/s3/accountPublicAccessBlock");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");

const BLOCK = "urn:pulumi:dev::shop::aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const isAfter = process.env.STAGE === "after";
const on = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true };

/** What each is, before and after. */
const buckets = {
  renamed: [{}, { block: "new" }],
  "renamed-secret": [{ secret: true }, { secret: true, block: "new" }],
  "renamed-exempt": [{}, { block: "new" }],
  "renamed-alias": [{}, { block: "new", aliases: [{ name: "renamed-alias-old" }] }],
  "renamed-skipped": [{ skipDestroy: true }, { block: "new" }],
  "renamed-skipped-late": [{}, { block: "new", skipDestroy: true }],
  moved: [{}, { parent: "site" }],
  "moved-alias": [{}, { parent: "site-alias", aliases: [`${BLOCK}::moved-alias-old`] }],
  "one-of-two": [{ second: true }, { block: undefined, second: true }],
  dropped: [{}, { block: undefined }],
  "dropped-both": [{}, undefined],
  retained: [{ retainOnDelete: true }, undefined],
  replaced: [{}, {}],
  "replaced-first": [{ deleteBeforeReplace: true }, { deleteBeforeReplace: true }],
  "replaced-first-secret": [
    { deleteBeforeReplace: true, secret: true },
    { deleteBeforeReplace: true, secret: true },
  ],
  "of-another-name": [{}, { name: "now-another" }],
  "in-another-region": [{}, { region: "eu-west-1" }],
  unchanged: [{}, {}],
};
const wanted = process.env.BUCKETS ? process.env.BUCKETS.split(",") : Object.keys(buckets);
for (const bucket of wanted) {
  const is = buckets[bucket][isAfter ? 1 : 0];
  if (is === undefined) continue;
  const { name = bucket, block = "block" in is ? undefined : "old", secret, region, retainOnDelete } = is;
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

// The same by other types: blocks that are renamed, and buckets that lose the one inside while another stays.
if (process.env.BUCKETS === undefined) {
  const which = isAfter ? "new" : "old";
  const make = (type, name, props) => new pulumi.CustomResource(type, name, props);
  const spelled = (spell) => Object.fromEntries(Object.keys(on).map((flag) => [spell(flag), true]));
  const snake = spelled((flag) => flag.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  const pascal = spelled((flag) => flag.replace(/^./, (letter) => letter.toUpperCase()));
  const inside = isAfter ? {} : { PublicAccessBlockConfiguration: pascal };
  const Properties = { BucketName: "in-template", ...inside };
  make("aws:index/s3Bucket:S3Bucket", "bridged", { bucket: "bridged" });
  make("aws:index/s3BucketPublicAccessBlock:S3BucketPublicAccessBlock", which, { bucket: "bridged", ...on });
  make("site:tf:aws_s3_bucket", "module.site.aws_s3_bucket.this", { bucket: "site" });
  const lock = `module.site.aws_s3_bucket_public_access_block.${which}`;
  make("site:tf:aws_s3_bucket_public_access_block", lock, { bucket: "site", ...snake });
  const desiredState = JSON.stringify({ BucketName: "control", ...inside });
  make("aws:cloudcontrol/resource:Resource", "control", { typeName: "AWS::S3::Bucket", desiredState });
  const templateBody = JSON.stringify({ Resources: { Data: { Type: "AWS::S3::Bucket", Properties } } });
  make("aws:cloudformation/stack:Stack", "stack", { templateBody });
  for (const bucket of ["control", "in-template"]) new BucketPublicAccessBlock(bucket, { bucket, ...on });
  for (const account of isAfter ? ["two"] : ["one", "two"]) new AccountPublicAccessBlock(account, on);
}
