import { AnalyzeRequest, AnalyzeResponse, AnalyzerResourceOptions } from "@pulumi/pulumi/proto/analyzer_pb";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import fc from "fast-check";
import type { Resource } from "../harness/engine/analyzer";
import { analyzeRequest, analyzeStackRequest, diagnostics } from "../harness/engine/analyzer-messages";
import { ROOT } from "../harness/engine/paths";
import { PolicyTester } from "../harness/policy-tester";
import { props, resources, tear } from "./hostile";
import { BLOCK, block, bucket, BUCKET } from "./resources";
import { SEED } from "./runs";

/* 20 000 malformed or hostile resources and requests. */
const LIMIT_MS = 15_000;
const RULE = "s3-bucket-public-access-block";

const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] =>
  fc.sample(arbitrary, { seed: SEED, numRuns: count });

/** The list in parts of a size. */
function parts<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
}

/** A number below `sides`, and another one each time. */
function dice(sides: number): () => number {
  const numbers = sample(fc.infiniteStream(fc.nat(sides - 1)), 1)[0] as Iterator<number>;
  return () => numbers.next().value as number;
}

async function inTime<T>(promise: Promise<T>, otherwise: string): Promise<T> {
  const late = setTimeout(LIMIT_MS, undefined, { ref: false }).then(() => Promise.reject(new Error(otherwise)));
  return Promise.race([promise, late]);
}

describe(`A pack that is sent nonsense (seed ${SEED}; FC_SEED=${SEED} replays it)`, () => {
  const tester = new PolicyTester(ROOT);

  /** The answer, or the error that the pack answers with; fails when there is none in time. */
  async function answer(method: string, request: Uint8Array): Promise<Uint8Array | Error> {
    const answered = tester.pack.raw(method, request).catch((error: unknown) => error as Error);
    return inTime(answered, `${method} isn't answered: ${Buffer.from(request).toString("base64").slice(0, 4000)}`);
  }

  const open = bucket("open-9e2b");
  const locked = [bucket("locked-4c7d"), block("lock-4c7d", "locked-4c7d")];
  const honest = analyzeStackRequest([open, ...locked]);

  /** The honest buckets that are found to be open among the others. */
  async function found(request: Uint8Array): Promise<string[]> {
    const answered = await answer("AnalyzeStack", request);
    if (answered instanceof Error) throw answered;
    const all = diagnostics(AnalyzeResponse.deserializeBinary(answered)).filter(({ policy }) => policy === RULE);
    return [open, ...locked].map(({ urn }) => urn).filter((urn) => all.some((each) => each.urn === urn));
  }

  /** The pack is still there, and still does its work. */
  async function probe(): Promise<void> {
    expect(await found(honest.serializeBinary())).to.deep.equal([open.urn]);
  }

  it("finds a bucket without its block among 15 000 hostile resources, and passes one that is locked", async () => {
    const [hole, place] = [dice(40), dice(1000)];
    for (const part of parts(sample(resources, 15_000), 250)) {
      const request = analyzeStackRequest(part);
      for (const each of request.getResourcesList()) tear(each, hole());
      for (const each of honest.getResourcesList()) request.addResources(each, place() % part.length);
      expect(await found(request.serializeBinary())).to.deep.equal([open.urn]);
    }
  });

  for (const method of ["Analyze", "Remediate"]) {
    it(`answers 1 000 hostile resources that it is sent by ${method}`, async () => {
      await tester.pack.configure(
        method === "Remediate" ? { "s3-public-access-block-flags": { level: "remediate" } } : {},
      );
      const hole = dice(20);
      for (const part of parts(sample(resources, 1000), 20)) {
        const requests = part.map((resource) => {
          const request = analyzeRequest(resource);
          tear(request, hole());
          return request.serializeBinary();
        });
        await Promise.all(requests.map((request) => answer(method, request)));
      }
      await tester.pack.configure({});
      await probe();
    });
  }

  it("finds the bucket whatever the configuration says", async () => {
    const request = honest.serializeBinary();
    const configurations = fc.oneof(
      props,
      fc.record({ exemptions: fc.oneof(fc.array(props), props) }, { requiredKeys: [] }),
      fc.record({ acceptAccountPublicAccessBlock: props }),
    );
    for (const each of sample(configurations, 500)) {
      await inTime(tester.pack.configure({ [RULE]: { props: each } }), "Configure isn't answered");
      expect(await found(request)).to.deep.equal([open.urn]);
    }
    await tester.pack.configure({});
  });

  it("answers 2 500 requests that aren't messages, or only parts of them", async () => {
    const methods = ["Analyze", "AnalyzeStack", "Remediate", "Configure", "ConfigureStack", "Handshake"];
    const whole = sample(resources, 50).map((resource) => analyzeStackRequest([resource]).serializeBinary());
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.tuple(fc.constantFrom(...whole), fc.nat(999)).map(([message, at]) => message.slice(0, at % message.length)),
      fc
        .tuple(fc.constantFrom(...whole), fc.array(fc.tuple(fc.nat(9999), fc.nat(255)), { minLength: 1, maxLength: 5 }))
        .map(([message, changes]) => {
          const changed = message.slice();
          for (const [at, byte] of changes) changed[at % changed.length] = byte;
          return changed;
        }),
    );
    const requests = sample(fc.tuple(fc.constantFrom(...methods), bytes.map(withShortNumbers)), 2500);
    for (const part of parts(requests, 25)) {
      await Promise.all(part.map(([method, request]) => answer(method, request)));
      await tester.pack.configure({});
      await probe();
    }
  });

  it("finds the bucket beside strings of a megabyte, wherever they are", async () => {
    const long = "x".repeat(2 ** 20);
    const changes: Partial<Resource>[] = [
      { urn: long },
      { urn: `urn:pulumi:dev::test::${BUCKET}::${"a-".repeat(2 ** 19)}` },
      { type: long },
      { name: long },
      { parent: long },
      { dependencies: [long], propertyDependencies: { bucket: [long], [long]: [long] } },
      ...["bucket", "id", "arn", "region", "policy", "acl"].map((key) => ({ props: { [key]: long } })),
      { props: { arn: `arn:${long}:s3:::${long}` } },
      { props: { [long]: long } },
    ];
    const types = [BUCKET, BLOCK, "aws:s3/bucketPolicy:BucketPolicy"];
    for (const change of changes) {
      const odd = types.map((type) => bucket("long", { type, ...change }));
      const request = analyzeStackRequest([...odd, open, ...locked]);
      expect(await found(request.serializeBinary())).to.deep.equal([open.urn]);
    }
  });

  it("answers values that are nested too deep for any decoder with an error, and goes on", async () => {
    for (const type of [BLOCK, "some:other:Type"]) {
      const request = new AnalyzeRequest().setType(type).setUrn("urn").setOptions(new AnalyzerResourceOptions());
      for (const depth of [100, 500, 10_000, 200_000]) {
        const resource = Buffer.concat([request.serializeBinary(), field(2, nestedProperties(depth))]);
        for (const method of ["Analyze", "Remediate", "AnalyzeStack"]) {
          await answer(method, method === "AnalyzeStack" ? field(1, resource) : resource);
          await probe();
        }
      }
    }
  });
});

/**
 * The bytes without numbers of more than three bytes. The protocol's decoder, google-protobuf, takes a text's length at its
 * word and counts to it before it finds that the text isn't there, which lasts ten seconds for gigabytes.
 */
function withShortNumbers(bytes: Uint8Array): Uint8Array {
  let length = 0;
  return bytes.map((byte) => {
    length = byte > 127 ? length + 1 : 0;
    return length > 2 ? byte & 127 : byte;
  });
}

/** The beginning of a field of a message, on the wire: its number, and how many bytes it has. */
function head(number: number, length: number): Buffer {
  const bytes = [number * 8 + 2];
  let rest = length;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

const field = (number: number, bytes: Uint8Array): Buffer => Buffer.concat([head(number, bytes.length), bytes]);

/** Properties with lists in lists: Struct.fields["bucket"] = Value.list_value.values[0].list_value… */
function nestedProperties(depth: number): Buffer {
  // From the inside out, each part's head before the next; joined once, or it would take for ever.
  const heads: Buffer[] = [];
  let length = 0;
  for (let level = 0; level < 2 * depth; level++) {
    const bytes = head(level % 2 === 0 ? 1 : 6, length);
    heads.push(bytes);
    length += bytes.length;
  }
  return field(1, Buffer.concat([field(1, Buffer.from("bucket")), field(2, Buffer.concat(heads.reverse()))]));
}
