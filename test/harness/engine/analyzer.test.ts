import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PolicyTester } from "../policy-tester";
import { analyzeBytes, boot, secret, UNKNOWN } from "./analyzer";
import type { Diagnostic, Resource } from "./analyzer";
import { CACHE, ROOT } from "./paths";

const bucket: Resource = {
  ...{ type: "aws:s3/bucket:Bucket", urn: "urn:pulumi:dev::p::aws:s3/bucket:Bucket::models", name: "models" },
  props: { bucket: "models", tags: { owner: secret("me") }, arn: UNKNOWN },
};
const block: Resource = { ...bucket, urn: "urn", propertyDependencies: { bucket: [bucket.urn] } };
const shown = (inputs: string): Diagnostic => ({
  ...{ policy: "inputs", level: "advisory", urn: "", severity: "low" },
  message: `Shows the inputs of a bucket.\n${inputs}`,
});
const depends: Diagnostic = {
  ...{ policy: "stack", level: "mandatory", urn: "urn", severity: "" },
  message: "Shows what a block depends on.\ndepends on models",
};

/** The message of the error that something is expected to end with. */
const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error: unknown) => (error as Error).message,
  );

describe("A policy pack without an engine", () => {
  const tester = new PolicyTester(join(ROOT, "test/harness/programs/pack"));

  it("evaluates a resource by its inputs, and a stack by its dependencies", async () => {
    expect(await tester.analyze(bucket)).to.deep.equal([shown("inputs: arn bucket tags")]);
    expect(await tester.analyzeStack(bucket, block)).to.deep.equal([depends]);
    expect(await tester.analyzeStack()).to.deep.equal([]);
  });

  it("takes a configuration, remediates by it, and has its defaults again, also after a test that fails", async () => {
    const known = { bucket: "models", tags: { owner: secret("me") } };
    const resource = { ...bucket, props: known };
    expect(await tester.pack.remediate(resource)).to.deep.equal([]);
    const config = { all: { level: "remediate" }, inputs: { props: { prefix: "seen" } } } as const;
    const failing = tester.configured(config, async () => {
      const seen: Diagnostic = { ...shown("seen: bucket tags"), level: "mandatory" };
      expect(await tester.analyze(resource)).to.deep.equal([seen]);
      const props = { ...known, forceDestroy: true };
      const remedies = [{ policy: "inputs", props, diagnostic: "" }];
      expect(await tester.pack.remediate(resource)).to.deep.equal(remedies);
      throw new Error("a failed test");
    });
    expect(await failure(failing)).to.equal("a failed test");
    expect(await tester.analyze(resource)).to.deep.equal([shown("inputs: bucket tags")]);
    const unknown = tester.pack.configure({ other: {} });
    expect(await failure(unknown)).to.equal('invalid enforcement level "" for other');
  });

  it("takes any bytes, well-formed or not", async () => {
    const answer = await tester.pack.raw("Analyze", analyzeBytes({ ...bucket, props: { odd: null } }));
    expect(Buffer.from(answer).toString()).to.include("inputs: odd");
    expect(await failure(tester.pack.raw("Analyze", Buffer.from("nonsense")))).to.not.equal("none");
    expect(await tester.analyzeStack(bucket)).to.deep.equal([]);
  });

  it("is reported with its own words where it does not start", async () => {
    mkdirSync(CACHE, { recursive: true });
    const folder = mkdtempSync(join(CACHE, "broken-pack-"));
    writeFileSync(join(folder, "package.json"), '{ "name": "broken", "version": "1.0.0" }');
    writeFileSync(join(folder, "index.js"), 'throw new Error("out of order");');
    expect(await failure(boot(folder))).to.match(/did not start[^]*out of order/);
    rmSync(folder, { recursive: true });
  });
});
