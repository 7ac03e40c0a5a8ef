import type { Resource } from "../engine/resource";
import { property, UNKNOWN } from "../engine/values";
import type { ResourcePolicy } from "../policy";
import type { AttachedTo } from "../rules/policy-conditions";
import { judgeDocument, withoutQuotes, type Verdict } from "../rules/policy-document";
import { isObject } from "../rules/policy-text";
import { unverified } from "../shared/kinds";
import { nameIn } from "../wording";

interface Attached {
  readonly to: AttachedTo;
  readonly document: (resource: Resource) => unknown;
  /** The VPC that an access point is for; UNKNOWN while that isn't known. */
  readonly vpc?: (resource: Resource) => unknown;
}

const policy = ({ read }: Resource): unknown => read("policy");
const vpc = ({ read }: Resource): unknown => property(read("vpcConfiguration"), "vpcId");
/** What can't be the details is passed on, to be found unreadable. */
const policyInDetails = ({ read }: Resource): unknown => {
  const details = read("details");
  return isObject(details) ? property(details, "policy") : details;
};

/** Where a document can be given, from the types of @pulumi/aws and @pulumi/aws-native (docs/public-access-properties.md). */
const DOCUMENTS: Readonly<Record<string, Attached>> = {
  "aws:s3/bucketPolicy:BucketPolicy": { to: "bucket", document: policy },
  "aws:s3/bucket:Bucket": { to: "bucket", document: policy },
  "aws:s3/bucketV2:BucketV2": { to: "bucket", document: policy },
  "aws:s3/accessPoint:AccessPoint": { to: "access point", document: policy, vpc },
  "aws:s3control/accessPointPolicy:AccessPointPolicy": { to: "access point", document: policy },
  "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy": {
    to: "access point",
    document: policyInDetails,
  },
  "aws-native:s3:BucketPolicy": { to: "bucket", document: ({ read }) => read("policyDocument") },
  "aws-native:s3:AccessPoint": { to: "access point", document: policy, vpc },
  "aws-native:s3:MultiRegionAccessPointPolicy": { to: "access point", document: policy },
};

/** The properties that they are in. */
const PROPERTIES = ["policy", "policyDocument", "details"];

/** No policy of a bucket or an access point is what AWS calls public. */
export const s3NoPublicBucketPolicy: ResourcePolicy = {
  name: "s3-no-public-bucket-policy",
  displayName: "S3 bucket and access point policies are not public",
  description: "No policy of a bucket or an access point is what AWS calls public.",
  severity: "high",
  framework: {
    name: "AWS Foundational Security Best Practices",
    version: "1.0.0",
    reference: "S3.2, S3.3",
    specification: "S3 general purpose buckets should block public read and write access",
  },
  tags: ["aws", "s3", "public-access", "security-hub-s3.2", "security-hub-s3.3"],
  remediationSteps:
    "Name the principals that the statement lets in, or pin it by a condition to fixed values of aws:PrincipalOrgID, " +
    "aws:SourceArn, aws:SourceVpce or another key that AWS takes for fixed.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status",
  reads: (type) => Object.hasOwn(DOCUMENTS, type),
  judgeResource: (resource) => {
    const attached = DOCUMENTS[resource.type];
    if (attached === undefined) return [];
    const { urn } = resource;
    const judged = verdictOf(resource, attached);
    const verdict = PROPERTIES.some(resource.isSecret) ? withoutQuotes(judged) : judged;
    const subject = `The ${attached.to} policy in '${nameIn(urn)}'`;
    switch (verdict.kind) {
      case "not-public":
        return [];
      case "public": {
        const open = verdict.statements.map(
          ({ index, sid, reason }) =>
            `  statement ${index + 1}${sid === undefined ? "" : ` ('${sid}')`} ${reason}`,
        );
        return [{ urn, message: [`${subject} is public:`, ...open, MEND].join("\n") }];
      }
      case "unreadable":
        return [{ urn, message: `${subject} can't be read: ${verdict.reason}.` }];
      case "unknown":
        return [{ urn, isNote: true, message: unverified(subject, verdict.reason) }];
    }
  },
};

/**
 * "An access point that has a VPC network origin is always considered non-public, regardless of the contents of its
 * access point policy" ("Blocking public access to your Amazon S3 storage", S3 User Guide).
 */
function verdictOf(resource: Resource, attached: Attached): Verdict {
  const document = attached.document(resource);
  const id = attached.vpc?.(resource);
  const isInVpc = typeof id === "string" && id !== "";
  if (isInVpc || document === undefined || document === null) return { kind: "not-public" };
  const verdict = judgeDocument(document, attached.to);
  return verdict.kind === "public" && id === UNKNOWN
    ? { kind: "unknown", reason: "it is public unless the access point is for a VPC, which is not known yet" }
    : verdict;
}

const MEND =
  "Name the principals, or add a condition with a fixed value, such as\n" +
  '      Condition: { StringEquals: { "aws:PrincipalOrgID": "o-..." } },';
