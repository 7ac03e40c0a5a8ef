import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { expect } from "chai";
import fc from "fast-check";
import { BinaryWriter } from "google-protobuf";
import { mayConcernS3 } from "../../../policypack/aws/identities";
import { relevantProperties, relevantResources } from "../../../policypack/engine/decode";
import { UNKNOWN, type Resource } from "../../harness/engine/analyzer";
import { analyzeRequest, analyzeStackRequest } from "../../harness/engine/analyzer-messages";
import { bucket } from "../resources";

const { requestDeserialize: decode, requestSerialize: encode } = AnalyzerService.analyzeStack;
const { requestDeserialize: decodeOne, requestSerialize: encodeOne } = AnalyzerService.analyze;
const isS3 = (type: string): boolean => type.startsWith("aws:s3/");

/** Fields of a message: number and text, or number and nested message. */
function message(...fields: [number, string | Uint8Array][]): Buffer {
  const writer = new BinaryWriter();
  for (const [number, value] of fields) {
    if (typeof value === "string") writer.writeString(number, value);
    else writer.writeBytes(number, value);
  }
  return Buffer.from(writer.getResultBuffer());
}

/** The relevant resources that the SDK's decoder finds in a request, as text; or that it can't read it. */
function relevantIn(bytes: Buffer): string[] | "unreadable" {
  try {
    const list = decode(bytes).getResourcesList();
    return list.filter((each) => isS3(each.getType())).map((each) => JSON.stringify(each.toArray()));
  } catch {
    return "unreadable";
  }
}

const TYPES = ["aws:s3/bucket:Bucket", "aws:s3/bucketAcl:BucketAcl", "aws:sqs/queue:Queue", "random:index:S3", ""];

const resource = fc
  .record({
    type: fc.constantFrom(...TYPES),
    name: fc.string({ unit: "grapheme" }),
    props: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })) as fc.Arbitrary<Resource["props"]>,
    parent: fc.string(),
    dependencies: fc.array(fc.string(), { maxLength: 3 }),
    propertyDependencies: fc.dictionary(fc.string(), fc.array(fc.string()), { maxKeys: 2 }),
  })
  .map((each): Resource => ({ ...bucket(each.name), ...each }));
const request = fc.array(resource, { maxLength: 8 }).map((list) => encode(analyzeStackRequest(list)));

describe("Identities of a stack", () => {
  const role = (policy: Resource["props"][string], type = "aws:iam/role:Role"): Resource =>
    bucket("role", { type, urn: "urn:role", props: { arn: UNKNOWN, policy } });
  const kept = (...resources: Resource[]): number => {
    const bytes = encode(analyzeStackRequest(resources));
    return decode(relevantResources(bytes, mayConcernS3(bytes))).getResourcesList().length;
  };

  it("are read where they name an action of S3, everything or guests, or where guests get a role by its ARN", () => {
    const telling = ['{"Action":"s3:GetObject"}', '{"Action": "*"}', { Action: "*" }, { Action: ["S3:Get*"] }];
    for (const policy of [...telling, "cognito-identity.amazonaws.com"]) expect(kept(role(policy))).to.equal(1);
    expect([kept(role("sts:AssumeRole")), kept(role("a", "aws:s3/bucket:Bucket"))]).to.deep.equal([0, 1]);
    const pool = "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment";
    expect(kept(role("a"), role("b", pool))).to.equal(2);
  });
});

describe("An AnalyzeStack request without the irrelevant resources", () => {
  const cut = (bytes: Buffer): Buffer => relevantResources(bytes, isS3);

  it("has the relevant resources as they were, and no other", () => {
    fc.assert(
      fc.property(request, (bytes) => {
        expect(relevantIn(cut(bytes))).to.deep.equal(relevantIn(bytes));
        const types = decode(cut(bytes)).getResourcesList();
        expect(types.map((each) => each.getType()).filter((type) => !isS3(type))).to.deep.equal([]);
      }),
    );
  });

  it("is as unreadable as the whole one where that is cut short", () => {
    fc.assert(
      fc.property(request, fc.nat(), (bytes, at) => {
        const short = bytes.subarray(0, at % (bytes.length + 1));
        expect(relevantIn(cut(short))).to.deep.equal(relevantIn(short));
      }),
    );
  });

  it("is the whole one where a resource can't be read", () => {
    const bytes = message([1, message([1, "aws:sqs/queue:Queue"])], [1, Buffer.from([0x0d, 1, 2])]);
    expect(cut(bytes)).to.deep.equal(bytes);
  });

  it("keeps what a later version of the protocol may add", () => {
    const resource = message([1, "aws:s3/bucket:Bucket"], [99, "new"]);
    const list = message([97, message([1, "aws:sqs/queue:Queue"])]);
    const bytes = message([99, "new"], [1, resource], [98, "newer"]);
    expect([cut(list), cut(bytes)]).to.deep.equal([list, bytes]);
  });

  it("goes by the last of two types, as the decoder does", () => {
    const [bucketType, queueType] = ["aws:s3/bucket:Bucket", "aws:sqs/queue:Queue"];
    const last = message([1, queueType], [3, "urn"], [1, bucketType]);
    const first = message([1, bucketType], [3, "urn"], [1, queueType]);
    expect(cut(message([1, last], [1, first]))).to.deep.equal(message([1, last]));
  });
});

describe("An Analyze request without the properties of an irrelevant resource", () => {
  const cut = (bytes: Buffer): Buffer => relevantProperties(bytes, isS3);

  it("is the same for a relevant resource, and lacks the properties and the provider of any other", () => {
    fc.assert(
      fc.property(resource, (each) => {
        const bytes = encodeOne(analyzeRequest(each));
        const expected = decodeOne(bytes);
        if (!isS3(each.type)) {
          expected.clearProperties();
          expected.clearProvider();
        }
        expect(encodeOne(decodeOne(cut(bytes)))).to.deep.equal(encodeOne(expected));
      }),
    );
  });

  it("is the whole one where it can't be read", () => {
    const bytes = encodeOne(analyzeRequest(bucket("queue", { type: "aws:sqs/queue:Queue" })));
    expect(cut(bytes)).not.to.deep.equal(bytes);
    const short = bytes.subarray(0, -1);
    expect(cut(short)).to.deep.equal(short);
  });
});
