import path from "node:path";
import { expect } from "chai";
import { PolicyTester } from "../harness/policy-tester";
import { block, bucket, urn } from "./resources";

const ROOT = path.resolve(__dirname, "../..");

// What the pack says of a stack is in test/testdata.

describe("The pack, as the engine talks to it", () => {
  const tester = new PolicyTester(ROOT);

  it("finds the one open bucket among 10 000 resources", async () => {
    const many = Array.from({ length: 5000 }, (_, index) => {
      const name = `b${index}`;
      return [bucket(name, { props: { bucket: name } }), block(`lock${index}`, name, {}, { bucket: name })];
    }).flat();
    const found = await tester.pack.analyzeStack([...many, bucket("open")]);
    expect(found.map(({ policy, urn: at }) => [policy, at])).to.deep.equal([
      ["s3-bucket-public-access-block", urn("open")],
    ]);
  });

  it("says whom to ask by the tags of the stack, and which tag it lacks", () =>
    tester.configured({ all: { level: "mandatory", props: { contact: "team {team}, {desk}" } } }, async () => {
      const [found] = await tester.pack.analyzeStack([bucket("open")]);
      expect(found?.message).to.contain("Whom to ask: team web, the stack's tag desk");
    }));

  it("answers to Remediate for a resource that the SDK can't unpack, with which the preview would hang", () =>
    tester.configured({ "s3-public-access-block-flags": { level: "remediate" } }, async () => {
      const emptyAsset = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17" };
      const type = "aws:s3/bucketObject:BucketObject";
      const object = bucket("page", { type, urn: urn("page", type), props: { source: emptyAsset } });
      expect(await tester.pack.remediate(object)).to.deep.equal([]);
      const odd = tester.pack.remediate(block("lock", "data", {}, { bucket: emptyAsset })).catch(String);
      expect(await odd).to.match(/Error deserializing request/);
    }));
});
