"use strict";
// A component that a plugin makes: its outputs name it, or all that it consists of, as their dependencies.
const { ComponentResource } = require("@pulumi/pulumi");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");

class Models extends ComponentResource {
  constructor(name) {
    super("remote:index:Models", name, { bucket: undefined }, {}, true);
  }
}

const models = new Models("models");
new BucketPublicAccessBlock("block", { bucket: models.bucket, blockPublicAcls: true });
