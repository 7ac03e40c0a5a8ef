import type { Resource } from "../../engine/resource";
import { isObject, property } from "../../shared/values";
import { judgeCannedAcl, judgeGrants, worstAcl, type AclVerdict } from "./rule";

type Judge = (resource: Resource) => AclVerdict;

const canned: Judge = ({ read }) => judgeCannedAcl(read("acl"));
const grants: Judge = ({ read }) => judgeGrants(read("grants"));
const cannedOrGrants: Judge = (resource) => worstAcl([canned(resource), grants(resource)]);
const targetGrants: Judge = ({ read }) => judgeGrants(read("targetGrants"));
const policyGrants: Judge = ({ read }) => {
  const policy = read("accessControlPolicy");
  if (isObject(policy)) return judgeGrants(property(policy, "grants"));
  return judgeGrants(Array.isArray(policy) ? false : policy); // A list must not be read as the grants.
};
const cannedOrPolicy: Judge = (resource) => worstAcl([canned(resource), policyGrants(resource)]);

/** Where an ACL can be given, from the types of @pulumi/aws and @pulumi/aws-native (docs/public-access-properties.md). */
export const ACLS: Readonly<Record<string, Judge>> = {
  "aws:s3/bucket:Bucket": cannedOrGrants,
  "aws:s3/bucketV2:BucketV2": cannedOrGrants,
  "aws:s3/bucketAcl:BucketAcl": cannedOrPolicy,
  "aws:s3/bucketAclV2:BucketAclV2": cannedOrPolicy,
  "aws:s3/bucketLogging:BucketLogging": targetGrants,
  "aws:s3/bucketLoggingV2:BucketLoggingV2": targetGrants,
  "aws:s3/bucketObject:BucketObject": canned,
  "aws:s3/bucketObjectv2:BucketObjectv2": canned,
  "aws:s3/objectCopy:ObjectCopy": cannedOrGrants,
  "aws-native:s3:Bucket": ({ read }) => judgeCannedAcl(read("accessControl")),
};

/** The properties that they are in. */
export const PROPERTIES = ["acl", "accessControl", "grants", "targetGrants", "accessControlPolicy"];
