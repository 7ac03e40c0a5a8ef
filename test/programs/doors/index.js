"use strict";
// All the ways in which a program of @pulumi/aws can open S3, each in a resource of its own. DOORS=open opens them all,
// DOORS=late the one that is known at the update only, and anything else opens none.
const { Vpc } = require("@pulumi/aws/ec2/vpc");
const { AccessPoint } = require("@pulumi/aws/s3/accessPoint");
const { AccountPublicAccessBlock } = require("@pulumi/aws/s3/accountPublicAccessBlock");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketAcl } = require("@pulumi/aws/s3/bucketAcl");
const { BucketAclV2 } = require("@pulumi/aws/s3/bucketAclV2");
const { BucketLogging } = require("@pulumi/aws/s3/bucketLogging");
const { BucketLoggingV2 } = require("@pulumi/aws/s3/bucketLoggingV2");
const { BucketObject } = require("@pulumi/aws/s3/bucketObject");
const { BucketObjectv2 } = require("@pulumi/aws/s3/bucketObjectv2");
const { BucketPolicy } = require("@pulumi/aws/s3/bucketPolicy");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");
const { BucketV2 } = require("@pulumi/aws/s3/bucketV2");
const { ObjectCopy } = require("@pulumi/aws/s3/objectCopy");
const { AccessPointPolicy } = require("@pulumi/aws/s3control/accessPointPolicy");
const { MultiRegionAccessPoint } = require("@pulumi/aws/s3control/multiRegionAccessPoint");
const { MultiRegionAccessPointPolicy } = require("@pulumi/aws/s3control/multiRegionAccessPointPolicy");

const isOpen = process.env.DOORS === "open";
const isLate = isOpen || process.env.DOORS === "late";

const on = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};

const acl = isOpen ? "public-read" : "private";
const uri = `http://acs.amazonaws.com/groups/${isOpen ? "global/AllUsers" : "s3/LogDelivery"}`;
const grants = [{ type: "Group", permissions: ["READ"], uri }];
const targetGrants = [{ grantee: { type: "Group", uri }, permission: "READ" }];
const accessControlPolicy = { owner: { id: "owner" }, grants: targetGrants };

const document = (isPublic, Resource = "arn:aws:s3:::data/*") => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: isPublic ? "*" : { AWS: "123456789012" },
      Action: "s3:GetObject",
      Resource,
    },
  ],
});
const policy = JSON.stringify(document(isOpen));

function locked(name, args = {}, Type = Bucket, options = {}) {
  const bucket = new Type(name, args);
  new BucketPublicAccessBlock(`${name}-block`, { bucket: bucket.id, ...on, ...options, skipDestroy: true });
  return bucket;
}

const data = locked("data");
const bucket = data.id;

function blocks() {
  const unlocked = new Bucket("bucket-without-block");
  if (!isOpen)
    new BucketPublicAccessBlock("bucket-without-block-block", {
      bucket: unlocked.id,
      ...on,
      skipDestroy: true,
    });
  locked("bucket-with-weak-block", {}, Bucket, { restrictPublicBuckets: !isOpen });
  new AccountPublicAccessBlock("account", { ...on, ignorePublicAcls: !isOpen });
  // The flags that these leave out are on.
  new AccessPoint("access-point-block", {
    bucket,
    publicAccessBlockConfiguration: { blockPublicPolicy: !isOpen },
  });
  const publicAccessBlock = { blockPublicAcls: !isOpen };
  new MultiRegionAccessPoint("multi-region-block", {
    details: { name: "multi", regions: [{ bucket }], publicAccessBlock },
  });
}

function acls() {
  locked("bucket-acl", { acl });
  locked("bucket-grants", { grants });
  locked("old-bucket-acl", { acl }, BucketV2);
  locked("old-bucket-grants", { grants }, BucketV2);
  new BucketAcl("acl", { bucket, acl });
  new BucketAcl("acl-policy", { bucket, accessControlPolicy });
  new BucketAclV2("old-acl", { bucket, acl });
  new BucketAclV2("old-acl-policy", { bucket, accessControlPolicy });
  new BucketLogging("logging", {
    bucket,
    targetBucket: bucket,
    targetPrefix: "",
    targetGrants,
  });
  new BucketLoggingV2("old-logging", {
    bucket,
    targetBucket: bucket,
    targetPrefix: "",
    targetGrants,
  });
  new BucketObject("object", { bucket, key: "object", content: "x", acl });
  new BucketObjectv2("objectv2", { bucket, key: "objectv2", content: "x", acl });
  new ObjectCopy("copy-acl", { bucket, key: "copy", source: "data/object", acl });
  new ObjectCopy("copy-grants", { bucket, key: "copy", source: "data/object", grants });
}

function policies() {
  locked("bucket-policy", { policy });
  locked("old-bucket-policy", { policy }, BucketV2);
  new BucketPolicy("policy", { bucket, policy });
  new BucketPolicy("policy-object", { bucket, policy: document(isOpen) });
  const ofArn = data.arn.apply((arn) => JSON.stringify(document(isLate, `${arn}/*`)));
  new BucketPolicy("policy-from-arn", { bucket, policy: ofArn });
  const accessPoint = new AccessPoint("access-point-policy", { bucket, policy });
  new AccessPointPolicy("access-point-policy-alone", { accessPointArn: accessPoint.arn, policy });
  new MultiRegionAccessPointPolicy("multi-region-policy", { details: { name: "multi", policy } });
}

/** In a VPC no policy is public. Whether there is one isn't known yet, where the VPC is new. */
function inVpc() {
  const everyone = JSON.stringify(document(true));
  const vpcConfiguration = { vpcId: "vpc-1a2b3c" };
  new AccessPoint("access-point-in-vpc", { bucket, policy: everyone, vpcConfiguration });
  const vpc = new Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
  new AccessPoint("access-point-in-new-vpc", {
    bucket,
    policy: everyone,
    vpcConfiguration: { vpcId: vpc.id },
  });
}

blocks();
acls();
policies();
inVpc();
