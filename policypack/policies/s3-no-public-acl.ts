import type { Resource } from "../engine/resource";
import { property } from "../engine/values";
import type { ResourcePolicy } from "../policy";
import { judgeCannedAcl, judgeGrants, worstAcl, type AclVerdict } from "../rules/acl";
import { isObject } from "../rules/policy-text";
import { unverified } from "../shared/kinds";
import { nameIn } from "../wording";

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
const ACLS: Readonly<Record<string, Judge>> = {
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
const PROPERTIES = ["acl", "accessControl", "grants", "targetGrants", "accessControlPolicy"];

/** No ACL grants anything to everyone, or to everyone with an AWS account. */
export const s3NoPublicAcl: ResourcePolicy = {
  name: "s3-no-public-acl",
  displayName: "S3 ACLs are not public",
  description:
    "No ACL of a bucket or an object grants anything to everyone, or to everyone with an AWS account.",
  severity: "high",
  framework: {
    name: "AWS Foundational Security Best Practices",
    version: "1.0.0",
    reference: "S3.2, S3.3",
    specification: "S3 general purpose buckets should block public read and write access",
  },
  tags: ["aws", "s3", "public-access", "security-hub-s3.2", "security-hub-s3.3"],
  remediationSteps:
    "Leave the ACL out, and turn ACLs off with aws.s3.BucketOwnershipControls and BucketOwnerEnforced. Where a public " +
    "access block is on, S3 refuses a public ACL half-way through the update.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
  reads: (type) => Object.hasOwn(ACLS, type),
  judgeResource: (resource) => {
    const { urn, type } = resource;
    const verdict = ACLS[type]?.(resource) ?? { kind: "not-public" };
    const subject = `The ACL of '${nameIn(urn)}'`;
    switch (verdict.kind) {
      case "not-public":
        return [];
      case "public":
        return [{ urn, message: `${subject} is public${by(verdict.by, resource)}.\n${MEND}` }];
      case "unreadable":
        return [{ urn, message: `${subject} can't be read: ${verdict.reason}.\n${MEND}` }];
      case "unknown":
        return [{ urn, isNote: true, message: unverified(subject, verdict.reason) }];
    }
  },
};

function by(grants: readonly string[], { isSecret }: Resource): string {
  return PROPERTIES.some(isSecret)
    ? "; it is a secret, so what it grants isn't quoted"
    : `: ${grants.join(" and ")}`;
}

const MEND =
  "Leave the ACL out: without one, only the owner has access. To share, name accounts in a bucket policy.";
