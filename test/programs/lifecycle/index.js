"use strict";
// A bucket and its block, which go through what the environment says.
const pulumi = require("@pulumi/pulumi");
const { AccountPublicAccessBlock } = require("@pulumi/aws/s3/accountPublicAccessBlock");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");

const { NO_BLOCK, FLAG, ACCOUNT_BLOCK, SECRET, IN_APPLY, MAY_GO, NEW } = process.env;
const on = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};

const data = new Bucket("data", { bucket: SECRET ? pulumi.secret("data-name") : undefined });
if (!NO_BLOCK) {
  const flag = FLAG === "off" ? { ignorePublicAcls: false } : {};
  const lock = (bucket) =>
    new BucketPublicAccessBlock("lock", { bucket, ...on, ...flag, skipDestroy: !MAY_GO });
  if (IN_APPLY) data.id.apply(lock);
  else lock(data.id);
}
if (SECRET) {
  const other = new Bucket("other", { bucket: pulumi.secret("other-name") });
  new BucketPublicAccessBlock("otherLock", { bucket: other.bucket, ...on, skipDestroy: true });
}
if (NEW) new Bucket("new");
if (ACCOUNT_BLOCK) new AccountPublicAccessBlock("account", on);
