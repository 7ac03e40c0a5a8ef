"use strict";
// A violation, and then the program breaks off.
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");

const half = new BucketPublicAccessBlock("half", { bucket: "half", blockPublicAcls: true });
half.urn.apply(() => {
  throw new Error("the program is broken");
});
