"use strict";
// A bucket, whose block is made inside apply.
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");

const data = new Bucket("data");
data.id.apply(
  (bucket) =>
    new BucketPublicAccessBlock("lock", {
      bucket,
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: true,
      restrictPublicBuckets: true,
      skipDestroy: true,
    }),
);
