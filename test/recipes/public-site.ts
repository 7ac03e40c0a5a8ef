import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const site = new aws.s3.Bucket("site");

// Public reading is by policy alone: ACLs stay blocked.
const accessBlock = new aws.s3.BucketPublicAccessBlock("siteAccessBlock", {
  bucket: site.id,
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
  skipDestroy: true,
});

new aws.s3.BucketPolicy(
  "sitePolicy",
  {
    bucket: site.id,
    policy: pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AnyoneReads",
          Effect: "Allow",
          Principal: "*",
          Action: "s3:GetObject",
          Resource: pulumi.interpolate`arn:aws:s3:::${site.bucket}/*`,
        },
      ],
    }),
  },
  { dependsOn: accessBlock },
);
