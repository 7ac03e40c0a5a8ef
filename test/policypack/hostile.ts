import type { AnalyzeRequest, AnalyzerResource } from "@pulumi/pulumi/proto/analyzer_pb";
import fc from "fast-check";
import { Struct, Value as WireValue } from "google-protobuf/google/protobuf/struct_pb";
import { secret, UNKNOWN, type Props, type Resource, type Value } from "../harness/engine/analyzer";
import { BLOCK, BUCKET, urn } from "./resources";

/* Resources as no engine should tell of them. */

const TYPES = [
  ...[BUCKET, "aws:s3/bucketV2:BucketV2", "aws-native:s3:Bucket", "aws:s3/bucket:Bucket ", "aws:s3/bucket", ""],
  ...[BLOCK, "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "aws:s3/accessPoint:AccessPoint"],
  ...["aws:s3/bucketPolicy:BucketPolicy", "aws:s3/bucketAclV2:BucketAclV2", "aws:s3/bucketObjectv2:BucketObjectv2"],
  ...["aws:cloudformation/stack:Stack", "aws:cloudcontrol/resource:Resource", "x:tf:aws_s3_bucket"],
  ...["x:tf:aws_s3_access_point", "acme:s3:Bucket"],
];
const KEYS = [
  ...["bucket", "bucketName", "id", "arn", "region", "accountId", "tags", "value", "__proto__", "constructor", ""],
  ...["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"],
  ...["templateBody", "parameters", "typeName", "desiredState", "public_access_block_configuration"],
  ...["publicAccessBlockConfiguration", "acl", "grants", "accessControlPolicy", "policy", "vpcConfiguration"],
];
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SIGNATURES = [
  "1b47061264138c4ac30d75fd1eb44270", // a secret
  "c44067f5952c0a294b673a41bacd8c17", // an asset
  "0def7320c3a5731c473e5ecbe6d01bc7", // an archive
  "5cf8f73096256a8f31e491e813e4eb8e", // a reference to a resource
  "d0e6a833031e9bbcd3f4e8bde6ca49a4", // an output
  "no signature at all",
];
const TEXTS = [
  ...["", "data", "true", "[secret]", "arn:aws:s3:::data", "arn:aws:s3:::", "cn-north-1", "{", "[]", "\u0000", "💥"],
  ...["04da6b54-80e4-46f7-96ec-b56ff0331ba9", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", "public-read"],
  '{"Resources":{"A":{"Type":"AWS::S3::Bucket","Properties":{"Fn::If":[1]}},"":null}}',
  "Resources: { A: { Type: !Ref B, Condition: !Sub [1, 2] }, B: !GetAtt [], C: ~ }",
  "AWS::S3::Bucket",
  '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*"}]}',
];

const key = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...KEYS) }, fc.string({ unit: "binary", maxLength: 8 }));
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    fc.constantFrom<Value>(...TEXTS, UNKNOWN, null, true, false, 0, -1, 1e308, NaN, Infinity),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.double(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    tie("value").map((inner) => secret(inner)),
    fc
      .tuple(fc.constantFrom<Value>(...SIGNATURES, 1, null, UNKNOWN), fc.dictionary(key, tie("value"), { maxKeys: 2 }))
      .map(([signature, rest]): Value => ({ ...rest, [SIGNATURE]: signature })),
  ),
}));
/** The properties of anything: some of the right names, values of any kind. */
export const props: fc.Arbitrary<Props> = fc.dictionary(key, value, { maxKeys: 8 });

/** Few, so that they repeat, refer to one another, and go in circles. */
const URNS = [
  "",
  "urn:pulumi",
  "::::::",
  "urn:pulumi:dev::test::::",
  urn("a"),
  urn("b", BLOCK),
  urn("a::b$c"),
  "\u0000",
];
const anyUrn = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...URNS) },
  fc.string({ unit: "binary", maxLength: 30 }),
);

export const resources: fc.Arbitrary<Resource> = fc.record(
  {
    type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...TYPES) }, fc.string({ unit: "binary", maxLength: 12 })),
    urn: anyUrn,
    name: fc.string({ maxLength: 5 }),
    props,
    parent: anyUrn,
    provider: fc.record({ type: anyUrn, urn: anyUrn, name: anyUrn, props }),
    dependencies: fc.array(anyUrn, { maxLength: 3 }),
    propertyDependencies: fc.dictionary(key, fc.array(anyUrn, { maxLength: 3 }), { maxKeys: 3 }),
    options: fc.record({ ignoreChanges: fc.array(key, { maxLength: 2 }) }),
  },
  { requiredKeys: ["type", "urn", "name", "props"] },
);

/** Takes something out of a message: its properties, its options, or the kind of a value. */
export function tear(message: AnalyzerResource | AnalyzeRequest, hole: number): void {
  if (hole === 0) message.setProperties(undefined);
  if (hole === 1) message.setOptions(undefined);
  if (hole === 2) message.getProvider()?.setProperties(undefined);
  if (hole === 3) (message.getProperties() ?? new Struct()).getFieldsMap().set("bucket", new WireValue());
}
