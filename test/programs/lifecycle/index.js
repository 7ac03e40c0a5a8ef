"use strict";
// A bucket and its block, which go through what the environment says.
const pulumi = require("@pulumi/pulumi");
const { AccountPublicAccessBlock } = require("@pulumi/aws/s3/accountPublicAccessBlock");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");

const { NO_BLOCK, SETTING, ACCOUNT_BLOCK, SECRET } = process.env;
const on = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};

const data = new Bucket("data", { bucket: SECRET ? pulumi.secret("data-name") : undefined });
if (!NO_BLOCK) {
  const setting = SETTING === "off" ? { ignorePublicAcls: false } : {};
  new BucketPublicAccessBlock("lock", { bucket: data.id, ...on, ...setting });
}
if (SECRET) {
  const other = new Bucket("other", { bucket: pulumi.secret("other-name") });
  new BucketPublicAccessBlock("otherLock", { bucket: other.bucket, ...on });
}
if (ACCOUNT_BLOCK) new AccountPublicAccessBlock("account", on);
