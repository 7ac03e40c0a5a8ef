import { expect } from "chai";
import { UNKNOWN, type PolicyConfiguration, type Resource } from "../../../../harness/engine/analyzer";
import { PolicyTester } from "../../../../harness/policy-tester";
import { BLOCK, block, bucket, urn } from "../../resources";
import { ROOT } from "../doors";

const OF_BUCKET = "s3-bucket-public-access-block";
const OF_BLOCK = "s3-public-access-block-flags";

/** A bucket with a block that has a flag off, each as the engine shows it. */
const DATA = bucket("data");
const LOCK = block("lock", "data", {}, { blockPublicAcls: false });
const WEAK = [DATA, LOCK];
const exempt = (name: string, type?: string): PolicyConfiguration => ({
  props: { exemptions: [{ urn: urn(name, type), reason: "reviewed" }] },
});

/** Runs a preview or an update, and tells which policy says what level of which resource. */
function told(tester: PolicyTester): (...stack: Resource[]) => Promise<string[]> {
  return async (...stack) => {
    const early = await Promise.all(stack.map(tester.analyze));
    const late = await tester.analyzeStack(...stack);
    return [...early.flat(), ...late].map(({ policy, level, urn: at, message }) =>
      [policy, level, at.split("::").at(-1), ...(message.startsWith("Exempt") ? ["exempt"] : [])].join(" "),
    );
  };
}

describe("A weak block in a preview", () => {
  const tester = new PolicyTester(ROOT);
  const preview = told(tester);
  const ofBucket = `${OF_BUCKET} mandatory data`;
  const ofBlock = `${OF_BLOCK} mandatory lock`;

  it("is one mandatory finding, on the bucket that it leaves open", async () => {
    expect(await preview(...WEAK)).to.deep.equal([ofBucket]);
  });

  it("is one finding a bucket, however many blocks are weak", async () => {
    const second = block("second", "data", {}, { ignorePublicAcls: UNKNOWN });
    expect(await preview(...WEAK, second)).to.deep.equal([ofBucket]);
  });

  it("is a finding of its own where no bucket's finding names it", async () => {
    expect(await preview(LOCK)).to.deep.equal([ofBlock]);
    const elsewhere = { ...LOCK, propertyDependencies: { bucket: [urn("other")] } };
    expect(await preview(DATA, elsewhere)).to.deep.equal([ofBucket, ofBlock]);
    const leftOut = { ...DATA, props: {} };
    expect(await preview(leftOut, LOCK)).to.deep.equal([ofBlock]);
  });

  const configurations: [string, Record<string, PolicyConfiguration>, string[]][] = [
    ["the bucket is exempt", { [OF_BUCKET]: exempt("data") }, [`${OF_BUCKET} advisory data exempt`, ofBlock]],
    [
      "the bucket's policy is advisory",
      { [OF_BUCKET]: { level: "advisory" } },
      [`${OF_BUCKET} advisory data`, ofBlock],
    ],
    ["the bucket's policy is off", { [OF_BUCKET]: { level: "disabled" } }, [ofBlock]],
    [
      "the bucket's policy is at a level that it doesn't have",
      { [OF_BUCKET]: { level: "remediate" } },
      [ofBucket],
    ],
    ["the block is exempt", { [OF_BLOCK]: exempt("lock", BLOCK) }, [ofBucket]],
    ["the block's policy is advisory", { [OF_BLOCK]: { level: "advisory" } }, [ofBucket]],
    ["the block's policy is off", { [OF_BLOCK]: { level: "disabled" } }, [ofBucket]],
    [
      "both are exempt",
      { [OF_BUCKET]: exempt("data"), [OF_BLOCK]: exempt("lock", BLOCK) },
      [`${OF_BUCKET} advisory data exempt`, `${OF_BLOCK} advisory lock exempt`],
    ],
    [
      "the bucket's exemption has run out",
      {
        [OF_BUCKET]: {
          props: { exemptions: [{ urn: urn("data"), reason: "reviewed", expires: "2020-01-31" }] },
        },
      },
      [ofBucket],
    ],
  ];
  for (const [title, config, expected] of configurations) {
    it(`is never passed, and blocks once where it blocks: ${title}`, () =>
      tester.configured(config, async () => {
        expect(await preview(...WEAK)).to.deep.equal(expected);
      }));
  }

  it("that two buckets may have is told by the one that isn't exempt", () =>
    tester.configured({ [OF_BUCKET]: exempt("data") }, async () => {
      const names = { bucket: [urn("data"), urn("logs")] };
      const own = ["data", "logs"].map((name) => block(`${name}Lock`, name));
      const both = { ...LOCK, propertyDependencies: names };
      expect(await preview(bucket("data"), bucket("logs"), ...own, both)).to.deep.equal([
        `${OF_BUCKET} advisory data exempt`,
        `${OF_BUCKET} mandatory logs`,
      ]);
    }));

  it("doesn't hide that of the next preview", async () => {
    expect(await preview(...WEAK)).to.deep.equal([ofBucket]);
    expect(await preview(LOCK)).to.deep.equal([ofBlock]);
  });
});

describe("A weak block in an update", () => {
  const tester = new PolicyTester(ROOT, { stack: { dryRun: false } });

  it("is stopped before it is made, and its bucket is told of at the end", async () => {
    expect((await tester.analyze(LOCK)).map(({ policy }) => policy)).to.deep.equal([OF_BLOCK]);
    expect((await tester.analyzeStack(DATA, LOCK)).map(({ policy }) => policy)).to.deep.equal([OF_BUCKET]);
  });
});
