import * as aws from "@pulumi/aws";
import { LockedDownBucket } from "../../../stack/locked-down-bucket";

const NAME = "aiDataBucket";
const bucketName = "legacy-data";

const block = (bucket: { id: aws.s3.Bucket["id"] }, name = `${NAME}AccessBlock`): unknown =>
  new aws.s3.BucketPublicAccessBlock(name, {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
    skipDestroy: name !== "dataBlock",
  });

/** What the program is, by the name that STAGE gives. */
const stages: Record<string, () => unknown> = {
  original: () => block(new aws.s3.Bucket(NAME, { bucket: bucketName, acl: "private" })),
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- what programs for older providers have
  bucketV2: () => block(new aws.s3.BucketV2(NAME, { bucket: bucketName })),
  blockOfAnotherName: () => block(new aws.s3.Bucket(NAME, { bucket: bucketName }), "dataBlock"),
  withoutBlock: () => new aws.s3.Bucket(NAME, { bucket: bucketName, acl: "private" }),
  component: () => new LockedDownBucket(NAME, { bucketName }),
};

const stage = stages[process.env.STAGE ?? ""];
if (!stage) throw new Error("STAGE must be one of " + Object.keys(stages).join(", "));
stage();
