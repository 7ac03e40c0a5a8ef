"use strict";
// A provider whose region comes from another resource, which a first preview can't know.
const { Provider } = require("@pulumi/aws/provider");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");

const first = new Bucket("first");
const provider = new Provider("elsewhere", { region: first.bucketRegion });
const models = new Bucket("models", { bucket: "models" }, { provider });
new BucketPublicAccessBlock("models", { bucket: models.bucket, blockPublicAcls: true }, { provider });
