"use strict";
// A violation, and then the program breaks off.
const { Bucket } = require("@pulumi/aws/s3/bucket");

const half = new Bucket("half", { acl: "public-read" });
half.urn.apply(() => {
  throw new Error("the program is broken");
});
