"use strict";
// One finding of each kind, on lines that the tests know.
const { Config } = require("@pulumi/pulumi");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");
const { Site } = require("./parts/site");
const on = {
  skipDestroy: true,
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};

const models = new Bucket("models", { tags: { token: new Config().requireSecret("token") } });
new BucketPublicAccessBlock("models", { bucket: models.id, ...on });

const open = new Bucket("open, 100%: <b>", { tags: { token: new Config().requireSecret("token") } });

const half = new Bucket("half");
new BucketPublicAccessBlock("half", { bucket: half.id, ...on, restrictPublicBuckets: false });

const later = new Bucket("later");
new BucketPublicAccessBlock("later", { bucket: later.id, ...on, blockPublicAcls: models.arn.apply(() => true) });

exports.exempt = new Bucket("press-kit");

exports.site = new Site("site");
exports.open = open.id;
