import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { analyzeBytes, boot, secret, UNKNOWN } from "./analyzer";
import type { Analyzer, Resource } from "./analyzer";
import { CACHE, ROOT } from "./paths";

const PACK = join(ROOT, "harness/programs/pack");
const bucket: Resource = {
  type: "aws:s3/bucket:Bucket",
  urn: "urn:pulumi:dev::p::aws:s3/bucket:Bucket::models",
  name: "models",
  props: { bucket: "models", tags: { owner: secret("me") }, arn: UNKNOWN },
};
const block: Resource = {
  type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  urn: "urn:pulumi:dev::p::aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::block",
  name: "block",
  props: { bucket: UNKNOWN },
  propertyDependencies: { bucket: [bucket.urn] },
};

describe("A policy pack without an engine", () => {
  let pack: Analyzer;
  before(async () => (pack = await boot(PACK)));
  after(() => pack.close());

  it("tells its name, its version and its policies", async () => {
    const { name, version, policies } = await pack.info();
    expect([name, version]).to.deep.equal(["engine-pack", "1.2.3"]);
    expect(policies.map((policy) => [policy.name, policy.level, policy.severity, policy.type])).to.deep.equal(
      [
        ["inputs", "advisory", "low", "resource"],
        ["stack", "mandatory", "", "stack"],
      ],
    );
  });

  it("evaluates a resource by its inputs", async () => {
    expect(await pack.analyze(bucket)).to.deep.equal([
      {
        policy: "inputs",
        level: "advisory",
        urn: "",
        message: "Shows the inputs of a bucket.\ninputs: arn bucket tags",
        severity: "low",
      },
    ]);
  });

  it("evaluates a stack by what its resources depend on", async () => {
    expect(await pack.analyzeStack([bucket, block])).to.deep.equal([
      {
        policy: "stack",
        level: "mandatory",
        urn: block.urn,
        message: "Shows what a block depends on.\ndepends on models",
        severity: "",
      },
    ]);
  });

  it("takes a configuration, and remediates when that says so", async () => {
    const { arn, ...known } = bucket.props;
    expect(arn).to.equal(UNKNOWN);
    const resource = { ...bucket, props: known };
    expect(await pack.remediate(resource)).to.deep.equal([]);
    await pack.configure({ all: { level: "remediate" }, inputs: { props: { prefix: "seen" } } });
    const [diagnostic] = await pack.analyze(resource);
    expect([diagnostic?.level, diagnostic?.message.split("\n").at(-1)]).to.deep.equal([
      "mandatory",
      "seen: bucket tags",
    ]);
    expect(await pack.remediate(resource)).to.deep.equal([
      { policy: "inputs", props: { ...known, forceDestroy: true }, diagnostic: "" },
    ]);
    await pack.configure({});
    expect((await pack.analyze(resource))[0]?.message).to.include("inputs: bucket tags");
    const error: unknown = await pack.configure({ other: {} }).catch((caught: unknown) => caught);
    expect((error as Error).message).to.equal('invalid enforcement level "" for other');
  });

  it("takes any bytes, well-formed or not", async () => {
    const answer = await pack.raw("Analyze", analyzeBytes({ ...bucket, props: { odd: null } }));
    expect(Buffer.from(answer).toString()).to.include("inputs: odd");
    const error: unknown = await pack
      .raw("Analyze", Buffer.from("nonsense"))
      .catch((caught: unknown) => caught);
    expect(error).to.be.an("error");
    expect(await pack.analyzeStack([])).to.deep.equal([]);
  });
});

describe("A policy pack that does not start", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(CACHE, "broken-pack-"))));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("is reported with its own words", async () => {
    writeFileSync(
      join(folder, "package.json"),
      '{ "name": "broken", "version": "1.0.0", "main": "index.js" }',
    );
    writeFileSync(join(folder, "index.js"), 'throw new Error("out of order");');
    const error: unknown = await boot(folder).catch((caught: unknown) => caught);
    expect((error as Error).message)
      .to.include("did not start")
      .and.to.include("out of order");
  });
});
