"use strict";
// What the pictures in the docs are of.
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");
const { Site } = require("./site");

const uploads = new Bucket("uploads");
new BucketPublicAccessBlock("uploadsBlock", {
  bucket: uploads.id,
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
});

new Site("docs");

new Bucket("pressKit");
