import * as aws from "@pulumi/aws";

const data = new aws.s3.Bucket("data", { bucket: "legacy-data" }, { import: "legacy-data", protect: true });

new aws.s3.BucketPublicAccessBlock("dataAccessBlock", {
  bucket: data.id,
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
  skipDestroy: true,
});
