import type { Resource } from "../../engine/resource";
import { isObject, property } from "../../lib/values";
import { evaluateAccessRules, evaluateCannedAcl, evaluateGrants, worstAcl, type AclVerdict } from "./rule";

export const LIGHTSAIL = "aws-native:lightsail:Bucket";

type Evaluate = (resource: Resource) => AclVerdict;

const canned: Evaluate = ({ read }) => evaluateCannedAcl(read("acl"));
const cannedOrGrants: Evaluate = ({ read }) =>
  worstAcl([evaluateCannedAcl(read("acl")), evaluateGrants(read("grants"))]);
const targetGrants: Evaluate = ({ read }) => evaluateGrants(read("targetGrants"));
const cannedOrPolicy: Evaluate = ({ read }) => {
  const policy = read("accessControlPolicy");
  // A list must not be read as the grants.
  const grants = isObject(policy) ? property(policy, "grants") : Array.isArray(policy) ? false : policy;
  return worstAcl([evaluateCannedAcl(read("acl")), evaluateGrants(grants)]);
};

/** Where an ACL can be given, from the types of @pulumi/aws and @pulumi/aws-native (docs/public-access-properties.md). */
export const ACLS: Readonly<Record<string, Evaluate>> = {
  "aws:s3/bucket:Bucket": cannedOrGrants,
  "aws:s3/bucketV2:BucketV2": cannedOrGrants,
  "aws:s3/bucketAcl:BucketAcl": cannedOrPolicy,
  "aws:s3/bucketAclV2:BucketAclV2": cannedOrPolicy,
  "aws:s3/bucketLogging:BucketLogging": targetGrants,
  "aws:s3/bucketLoggingV2:BucketLoggingV2": targetGrants,
  "aws:s3/bucketObject:BucketObject": canned,
  "aws:s3/bucketObjectv2:BucketObjectv2": canned,
  "aws:s3/objectCopy:ObjectCopy": cannedOrGrants,
  "aws-native:s3:Bucket": ({ read }) => evaluateCannedAcl(read("accessControl")),
  [LIGHTSAIL]: ({ read }) => evaluateAccessRules(read("accessRules")),
};

/** The properties that they are in. */
export const PROPERTIES = ["acl", "accessControl", "grants", "targetGrants", "accessControlPolicy", "accessRules"];
