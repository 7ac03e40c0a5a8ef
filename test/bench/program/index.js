"use strict";
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");

const data = new Bucket("data");
new BucketPublicAccessBlock("dataAccessBlock", {
  bucket: data.id,
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
  skipDestroy: true,
});
