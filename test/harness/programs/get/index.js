"use strict";
// A bucket that is not the stack's, and functions of the provider.
const { getCallerIdentityOutput } = require("@pulumi/aws/getCallerIdentity");
const { getPolicyDocumentOutput } = require("@pulumi/aws/iam/getPolicyDocument");
const { Bucket } = require("@pulumi/aws/s3/bucket");

const bucket = Bucket.get("shared", "shared-models");

exports.arn = bucket.arn;
exports.account = getCallerIdentityOutput().accountId;
exports.policy = getPolicyDocumentOutput({ statements: [{ actions: ["s3:GetObject"], resources: [bucket.arn] }] }).json;
