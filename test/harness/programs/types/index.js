"use strict";
// Resources of several types, as far as their names and identities differ.
const { Key } = require("@pulumi/aws/kms/key");
const { Role } = require("@pulumi/aws/iam/role");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketVersioning } = require("@pulumi/aws/s3/bucketVersioning");
const { AccountPublicAccessBlock } = require("@pulumi/aws/s3/accountPublicAccessBlock");

const bucket = new Bucket("prefixed", { bucketPrefix: "models-" });
const versions = new BucketVersioning("versions", {
  bucket: bucket.id,
  versioningConfiguration: { status: "Enabled" },
});
const account = new AccountPublicAccessBlock("account", { blockPublicAcls: true });
const role = new Role("Reader", { assumeRolePolicy: "{}" });
new Key("key");

exports.bucket = bucket.id;
exports.versions = versions.id;
exports.account = account.id;
exports.role = role.id;
