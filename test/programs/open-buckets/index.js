"use strict";
// The usual ways to leave a bucket open.
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");

const on = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true };

// No block at all.
new Bucket("noBlock");

// One flag off.
const oneOff = new Bucket("oneOff");
new BucketPublicAccessBlock("oneOffBlock", { bucket: oneOff.id, ...on, restrictPublicBuckets: false });

// One flag left out, which means off.
const leftOut = new Bucket("leftOut");
new BucketPublicAccessBlock("leftOutBlock", { bucket: leftOut.id, ...on, ignorePublicAcls: undefined });

// A block on another bucket: the second block of `locked` was meant for `mixedUp`.
const locked = new Bucket("locked");
new Bucket("mixedUp");
new BucketPublicAccessBlock("lockedBlock", { bucket: locked.id, ...on });
new BucketPublicAccessBlock("mixedUpBlock", { bucket: locked.id, ...on });
