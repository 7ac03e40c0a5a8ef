import type { Resource } from "../../engine/resource";
import { isObject, property, UNKNOWN } from "../../lib/values";
import { NOT_PUBLIC } from "../verdict";
import type { AttachedTo } from "./conditions";
import { evaluateDocument, type PolicyVerdict } from "./rule";

interface Attached {
  readonly to: AttachedTo;
  readonly document: (resource: Resource) => unknown;
  /** The VPC that an access point is for; UNKNOWN while that isn't known. */
  readonly vpc?: (resource: Resource) => unknown;
}

const policy = ({ read }: Resource): unknown => read("policy");
const vpc = ({ read }: Resource): unknown => property(read("vpcConfiguration"), "vpcId");
/** What can't be the details is passed on, to be found unreadable. */
const policyInDetails = ({ read }: Resource): unknown =>
  isObject(read("details")) ? property(read("details"), "policy") : read("details");

/** Where a document can be given, from the types of @pulumi/aws and @pulumi/aws-native (docs/public-access-properties.md). */
export const DOCUMENTS: Readonly<Record<string, Attached>> = {
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
  "aws-native:s3express:AccessPoint": { to: "access point", document: policy, vpc },
  "aws-native:omics:SequenceStore": { to: "access point", document: ({ read }) => read("s3AccessPolicy") },
  "aws:glacier/vault:Vault": { to: "vault", document: ({ read }) => read("accessPolicy") },
  "aws:glacier/vaultLock:VaultLock": { to: "vault", document: policy },
  "aws:mediastore/containerPolicy:ContainerPolicy": { to: "container", document: policy },
  "aws-native:mediastore:Container": { to: "container", document: policy },
};

/** The properties that they are in. */
const PROPERTIES = ["policy", "policyDocument", "details", "accessPolicy", "s3AccessPolicy"];

/** The document that a resource gives, and whether it is a secret. */
export function documentIn(resource: Resource): { document: unknown; isSecret: () => boolean } {
  const document = DOCUMENTS[resource.type]?.document(resource);
  return { document, isSecret: () => PROPERTIES.some(resource.isSecret) };
}

/**
 * "An access point that has a VPC network origin is always considered non-public, regardless of the contents of its
 * access point policy" ("Blocking public access to your Amazon S3 storage", S3 User Guide).
 */
export function verdictOf(resource: Resource): PolicyVerdict {
  const attached = DOCUMENTS[resource.type];
  const { document, isSecret } = documentIn(resource);
  const id = attached?.vpc?.(resource);
  const isInVpc = typeof id === "string" && id !== "";
  if (attached === undefined || isInVpc || document === undefined || document === null) return NOT_PUBLIC;
  const verdict = evaluateDocument(document, attached.to, isSecret());
  return verdict.kind === "public" && id === UNKNOWN
    ? { kind: "unknown", reason: "it is public unless the access point is for a VPC, which is not known yet" }
    : verdict;
}
