import * as aws from "@pulumi/aws";
import * as awsx from "./awsx/sdk";
import type { Output } from "@pulumi/pulumi";

const trail = new awsx.cloudtrail.Trail("audit", {});

// It is undefined only where the trail is given a bucket of yours.
const bucket = trail.bucket as Output<aws.s3.Bucket>;

new aws.s3.BucketPublicAccessBlock("auditAccessBlock", {
  bucket: bucket.bucket,
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
  skipDestroy: true,
});
