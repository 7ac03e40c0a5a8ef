import { expect } from "chai";
import type { ServerUnaryCall } from "@grpc/grpc-js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { DeleteRequest } from "@pulumi/pulumi/proto/provider_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { decode, encode, secret, UNKNOWN } from "../values";
import type { Props } from "../values";
import type { Backend } from "./backend";
import { check } from "./check";
import type { CheckArguments } from "./check";
import { diff } from "./diff";
import { kindOf } from "./kinds";
import { memory } from "./memory";
import { nameOf } from "./names";
import { previewOutputs } from "./outputs";
import { schemaOf } from "./schema";
import { handlers } from "./service";

const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const urn = (type: string, name: string) => `urn:pulumi:dev::p::${type}::${name}`;

/** The bucket name that Check settles on for a bucket "Models" with these inputs. */
function bucketName(news: Props, more: Partial<CheckArguments> = {}, name = "Models"): unknown {
  const seed = new Uint8Array([1]);
  const args = { urn: urn(BUCKET, name), seed, olds: {}, news, autonaming: undefined, ...more };
  return check(kindOf(BUCKET), args).bucket;
}

describe("Check of the AWS stand-in", () => {
  it("names a bucket after its resource, in lower case, with seven digits that each run draws anew", () => {
    const first = bucketName({});
    expect(first).to.match(/^models-[0-9a-f]{7}$/);
    expect(bucketName({})).to.equal(first);
    expect(bucketName({}, { seed: new Uint8Array([2]) })).to.not.equal(first);
    expect(bucketName({ bucket: null })).to.equal(first);
  });

  it("keeps a name within the 63 characters that S3 allows", () => {
    expect(bucketName({}, {}, "a".repeat(80))).to.match(/^a{55}-[0-9a-f]{7}$/);
  });

  it("keeps the old name, unless the program gives one", () => {
    const olds = { bucket: "models-0000000" };
    expect(bucketName({}, { olds })).to.equal("models-0000000");
    expect(bucketName({ bucket: "given" }, { olds })).to.equal("given");
    expect(bucketName({ bucket: UNKNOWN }, { olds })).to.equal(UNKNOWN);
  });

  it("leaves the name to the update when there is a prefix", () => {
    expect(bucketName({ bucketPrefix: "models-" })).to.equal(undefined);
  });

  it("names as the stack's configuration asks", () => {
    const asked = (mode: "propose" | "enforce" | "disable") =>
      bucketName({}, { autonaming: { mode, proposedName: "Models-x" } });
    expect([asked("propose"), asked("enforce"), asked("disable")]).to.deep.equal([
      "models-x",
      "Models-x",
      undefined,
    ]);
  });

  it("has the flags of a block false unless they are given, as provider version 7 has them", () => {
    const news: Props = { bucket: UNKNOWN, blockPublicAcls: true, ignorePublicAcls: null };
    const args = { urn: urn(BLOCK, "block"), seed: new Uint8Array(), olds: {}, news, autonaming: undefined };
    expect(check(kindOf(BLOCK), args)).to.deep.equal({
      bucket: UNKNOWN,
      blockPublicAcls: true,
      blockPublicPolicy: false,
      ignorePublicAcls: false,
      restrictPublicBuckets: false,
    });
  });

  it("knows the name of a resource that has :: in it", () => {
    expect(nameOf(urn(BUCKET, "a::b"))).to.equal("a::b");
  });
});

describe("Diff of the AWS stand-in", () => {
  const difference = (type: string, olds: Props, news: Props, ignored: string[] = []) => {
    const { changes, ...rest } = diff(kindOf(type), olds, news, ignored);
    return { changes: [...changes], ...rest };
  };

  it("finds nothing between the same inputs", () => {
    const inputs = { bucket: "b", tags: { a: ["1"] }, forceDestroy: false };
    const none = { changes: [], replaces: [], deleteBeforeReplace: false };
    expect(difference(BUCKET, inputs, structuredClone(inputs))).to.deep.equal(none);
    expect(difference(BUCKET, inputs, { ...inputs, tags: {} }, ["tags"])).to.deep.equal(none);
  });

  it("updates what can be updated", () => {
    expect(difference(BLOCK, { bucket: "b", a: 1, b: 1 }, { bucket: "b", a: 2, c: 1 })).to.deep.equal({
      changes: [
        ["a", "update"],
        ["b", "delete"],
        ["c", "add"],
      ],
      replaces: [],
      deleteBeforeReplace: false,
    });
  });

  it("replaces a bucket and a block when the bucket's name changes or may change", () => {
    for (const type of [BUCKET, BLOCK]) {
      for (const name of ["other", UNKNOWN] as const) {
        expect(difference(type, { bucket: "b" }, { bucket: name })).to.deep.equal({
          changes: [["bucket", "update"]],
          replaces: ["bucket"],
          deleteBeforeReplace: false,
        });
      }
    }
  });

  it("replaces a bucket that keeps its name only after the old one is gone", () => {
    const olds = { bucket: "b", region: "us-east-1" };
    expect(difference(BUCKET, olds, { ...olds, region: "eu-west-1" })).to.deep.equal({
      changes: [["region", "update"]],
      replaces: ["region"],
      deleteBeforeReplace: true,
    });
  });
});

describe("Outputs of the AWS stand-in", () => {
  it("are unknown at a preview where the SDK's types say that AWS computes them", () => {
    expect(schemaOf(BLOCK)).to.deep.equal({ computed: ["bucket", "region"], hasName: false });
    expect(schemaOf("aws:iam/role:Role").hasName).to.equal(true);
    expect(schemaOf("aws:none/such:Such")).to.deep.equal({ computed: [], hasName: false });
    const { arn, region, tagsAll } = previewOutputs(BUCKET, { tags: { a: "1" } }, "eu-west-1");
    expect({ arn, region, tagsAll }).to.deep.equal({
      arn: UNKNOWN,
      region: "eu-west-1",
      tagsAll: { a: "1" },
    });
  });

  it("follow a resource's own region", async () => {
    const subject = { type: BUCKET, urn: urn(BUCKET, "b"), region: "us-east-1" };
    const { outputs } = await memory.create(subject, { bucket: "b", region: "eu-west-1" });
    expect(outputs.region).to.equal("eu-west-1");
    expect(outputs.bucketRegionalDomainName).to.equal("b.s3.eu-west-1.amazonaws.com");
  });

  it("drop an input that the program no longer gives, and keep what AWS computed", async () => {
    const subject = { type: BUCKET, urn: urn(BUCKET, "b"), region: "us-east-1" };
    const tagged = { bucket: "b", tags: { a: "1" } };
    const { id, outputs } = await memory.create(subject, tagged);
    const updated = await memory.update(subject, id, outputs, tagged, { bucket: "b" });
    const { tags, tagsAll, ...rest } = outputs;
    expect([tags, tagsAll]).to.deep.equal([{ a: "1" }, { a: "1" }]);
    expect(updated).to.deep.equal(rest);
  });

  it("of a resource that is read by its id alone have the provider's defaults", async () => {
    const subject = { type: BLOCK, urn: urn(BLOCK, "block"), region: "us-east-1" };
    const flags = {
      blockPublicAcls: false,
      blockPublicPolicy: false,
      ignorePublicAcls: false,
      restrictPublicBuckets: false,
    };
    expect(await memory.read(subject, "b", {}, {})).to.deep.equal({
      inputs: { ...flags, bucket: "b" },
      outputs: { ...flags, bucket: "b", region: "us-east-1" },
    });
  });
});

describe("Delete of the AWS stand-in", () => {
  it("leaves alone what skipDestroy protects", async () => {
    const deleted: string[] = [];
    const backend: Backend = {
      ...memory,
      delete: (_subject, id) => {
        deleted.push(id);
        return Promise.resolve();
      },
    };
    const service = handlers(backend, "7.0.0") as unknown as IResourceProviderServer;
    const remove = (id: string, state: Props) =>
      new Promise((resolve) => {
        const request = new DeleteRequest();
        request.setId(id);
        request.setUrn(urn(BLOCK, id));
        request.setProperties(encode(state));
        const call = { request } as unknown as ServerUnaryCall<DeleteRequest, Empty>;
        service.delete(call, resolve);
      });
    await remove("protected", { skipDestroy: true });
    await remove("free", {});
    expect(deleted).to.deep.equal(["free"]);
  });
});

describe("Property values", () => {
  it("come back from the wire as they went, unknowns and secrets included", () => {
    const props: Props = { a: null, b: [1, true, UNKNOWN], c: { d: secret({ e: "f" }) }, g: UNKNOWN };
    expect(decode(encode(props))).to.deep.equal(props);
    expect(decode(undefined)).to.deep.equal({});
  });
});
