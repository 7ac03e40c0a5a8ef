import * as aws from "@pulumi/aws";
import * as awsx from "./awsx/sdk";

const trail = new awsx.cloudtrail.Trail("audit", {});

new aws.s3.BucketPublicAccessBlock("auditAccessBlock", {
  bucket: trail.bucket.apply((bucket) => bucket?.bucket ?? ""),
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
  skipDestroy: true,
});
