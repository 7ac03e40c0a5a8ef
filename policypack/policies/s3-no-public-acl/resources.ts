import type { Resource } from "../../engine/resource";
import { valuesAt } from "../../lib/values";
import { evaluateAccessControlPolicy, evaluateAccessRules, evaluateCannedAcl, evaluateGrants } from "./rule";
import { evaluateGroup, evaluateRevocationList, evaluateSettings, worstAcl, type AclVerdict } from "./rule";

const EVALUATE = {
  canned: evaluateCannedAcl,
  grants: evaluateGrants,
  policy: evaluateAccessControlPolicy,
  rules: evaluateAccessRules,
  group: evaluateGroup,
  list: evaluateRevocationList,
  settings: evaluateSettings,
};

/** Where an ACL can be given, and of which kind it is: `s3[].cannedAcl` is the `cannedAcl` of an object in the list `s3`. */
type Ways = Readonly<Record<string, keyof typeof EVALUATE>>;

const OUTPUTS = "encoderSettings.outputGroups[].outputGroupSettings.";

/** By the types of @pulumi/aws and @pulumi/aws-native (docs/public-access-properties.yaml). */
const OF_S3: Readonly<Record<string, Ways>> = {
  "aws:s3/bucket:Bucket": { acl: "canned", grants: "grants" },
  "aws:s3/bucketV2:BucketV2": { acl: "canned", grants: "grants" },
  "aws:s3/bucketAcl:BucketAcl": { acl: "canned", accessControlPolicy: "policy" },
  "aws:s3/bucketAclV2:BucketAclV2": { acl: "canned", accessControlPolicy: "policy" },
  "aws:s3/bucketLogging:BucketLogging": { targetGrants: "grants" },
  "aws:s3/bucketLoggingV2:BucketLoggingV2": { targetGrants: "grants" },
  "aws:s3/bucketObject:BucketObject": { acl: "canned" },
  "aws:s3/bucketObjectv2:BucketObjectv2": { acl: "canned" },
  "aws:s3/objectCopy:ObjectCopy": { acl: "canned", grants: "grants" },
  "aws-native:s3:Bucket": { accessControl: "canned" },
  "aws-native:lightsail:Bucket": { accessRules: "rules" },
};

/**
 * Services that give what they write to S3 an ACL. Where a public access block is on, S3 refuses the write ("Blocking public access
 * to your Amazon S3 storage": PUT Object calls fail if the request includes a public ACL), so that the service fails instead.
 */
const OF_SERVICES: Readonly<Record<string, Ways>> = {
  "aws:acmpca/certificateAuthority:CertificateAuthority": { "revocationConfiguration.crlConfiguration": "list" },
  "aws-native:acmpca:CertificateAuthority": { "revocationConfiguration.crlConfiguration": "list" },
  "aws:storagegateway/nfsFileShare:NfsFileShare": { objectAcl: "canned" },
  "aws:storagegateway/smbFileShare:SmbFileShare": { objectAcl: "canned" },
  "aws:dms/s3Endpoint:S3Endpoint": { cannedAclForObjects: "canned" },
  "aws:dms/endpoint:Endpoint": { extraConnectionAttributes: "settings" },
  "aws-native:dms:Endpoint": { "s3Settings.cannedAclForObjects": "canned", extraConnectionAttributes: "settings" },
  "aws:iot/topicRule:TopicRule": { "s3[].cannedAcl": "canned", "errorAction.s3.cannedAcl": "canned" },
  "aws-native:iot:TopicRule": {
    "topicRulePayload.actions[].s3.cannedAcl": "canned",
    "topicRulePayload.errorAction.s3.cannedAcl": "canned",
  },
  "aws:medialive/channel:Channel": {
    [`${OUTPUTS}archiveGroupSettings[].archiveCdnSettings.archiveS3Settings.cannedAcl`]: "canned",
    [`${OUTPUTS}frameCaptureGroupSettings.frameCaptureCdnSettings.frameCaptureS3Settings.cannedAcl`]: "canned",
    [`${OUTPUTS}hlsGroupSettings.hlsCdnSettings[].hlsS3Settings.cannedAcl`]: "canned",
  },
  "aws-native:medialive:Channel": { encoderSettings: "settings" },
  "aws-native:mediaconvert:JobTemplate": { settingsJson: "settings" },
  "aws:elastictranscoder/pipeline:Pipeline": {
    "contentConfigPermissions[].grantee": "group",
    "thumbnailConfigPermissions[].grantee": "group",
  },
  "aws:emr/cluster:Cluster": { configurations: "settings", configurationsJson: "settings", steps: "settings" },
  "aws:emr/instanceGroup:InstanceGroup": { configurationsJson: "settings" },
  "aws:emr/instanceFleet:InstanceFleet": { instanceTypeConfigs: "settings" },
  "aws:emrcontainers/jobTemplate:JobTemplate": { jobTemplateData: "settings" },
  "aws:emrserverless/application:Application": { runtimeConfigurations: "settings" },
  "aws:glue/job:Job": { defaultArguments: "settings" },
  "aws:mskconnect/connector:Connector": { connectorConfiguration: "settings" },
  "aws-native:emr:Cluster": { configurations: "settings", steps: "settings" },
  "aws-native:emr:Step": { hadoopJarStep: "settings" },
  "aws-native:emrserverless:Application": { runtimeConfiguration: "settings" },
  "aws-native:glue:Job": { defaultArguments: "settings" },
  "aws-native:kafkaconnect:Connector": { connectorConfiguration: "settings" },
};

export function isWriter(type: string): boolean {
  return Object.hasOwn(OF_SERVICES, type);
}

export function waysOf(type: string): Ways | undefined {
  return Object.hasOwn(OF_S3, type) ? OF_S3[type] : isWriter(type) ? OF_SERVICES[type] : undefined;
}

export function evaluateAcls({ type, read }: Resource): AclVerdict {
  // Of other engines' endpoints the attributes are about no bucket.
  const engine = type.includes(":dms") ? read("engineName") : undefined;
  if (typeof engine === "string" && engine.toLowerCase() !== "s3") return worstAcl([]);
  const verdicts = Object.entries(waysOf(type) ?? {}).flatMap(([way, kind]) => {
    const values = way.includes(".") ? valuesAt(read, way) : [read(way)];
    return values.map((value) => EVALUATE[kind](value));
  });
  return worstAcl(verdicts);
}
