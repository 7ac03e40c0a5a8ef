import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PolicyTester } from "../policy-tester";
import { boot, secret } from "./analyzer";
import type { Diagnostic, Resource } from "./analyzer";
import { CACHE, ROOT } from "./paths";

const props = { bucket: "models", tags: { owner: secret("me") } };
const resource: Resource = { type: "aws:s3/bucket:Bucket", urn: "urn", name: "models", props };
const shown = (inputs: string): Diagnostic => ({
  ...{ policy: "inputs", level: "advisory", urn: "", severity: "low" },
  message: `Shows the inputs of a bucket.\n${inputs}`,
});

/** The message of the error that something is expected to end with. */
const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error: unknown) => (error as Error).message,
  );

describe("A policy pack without an engine", () => {
  const tester = new PolicyTester(join(ROOT, "test/harness/programs/pack"));

  it("takes a configuration, remediates by it, and has its defaults again, also after a test that fails", async () => {
    expect(await tester.pack.remediate(resource)).to.deep.equal([]);
    const config = { all: { level: "remediate" }, inputs: { props: { prefix: "seen" } } } as const;
    const failing = tester.configured(config, async () => {
      const seen: Diagnostic = { ...shown("seen: bucket tags"), level: "mandatory" };
      expect(await tester.pack.analyze(resource)).to.deep.equal([seen]);
      const remedies = [{ policy: "inputs", props: { ...props, forceDestroy: true }, diagnostic: "" }];
      expect(await tester.pack.remediate(resource)).to.deep.equal(remedies);
      throw new Error("a failed test");
    });
    expect(await failure(failing)).to.equal("a failed test");
    expect(await tester.pack.analyze(resource)).to.deep.equal([shown("inputs: bucket tags")]);
    const unknown = tester.pack.configure({ other: {} });
    expect(await failure(unknown)).to.equal('invalid enforcement level "" for other');
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
