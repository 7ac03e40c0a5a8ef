"use strict";
// A bucket, whose name is automatic unless the configuration has one, and a block on it.
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");
const { Config } = require("@pulumi/pulumi");

const bucket = new Bucket("Models", { bucket: new Config().get("name") });
new BucketPublicAccessBlock("block", { bucket: bucket.id, blockPublicAcls: true });

exports.bucket = bucket.bucket;
exports.arn = bucket.arn;
