import { expect } from "chai";
import { join } from "node:path";
import type { Diagnostic, Resource } from "./engine/analyzer";
import { ROOT } from "./engine/paths";
import { PolicyTester } from "./policy-tester";

const bucket: Resource = {
  ...{ type: "aws:s3/bucket:Bucket", urn: "urn:pulumi:dev::p::aws:s3/bucket:Bucket::models", name: "models" },
  props: { bucket: "models" },
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

/** How a test ends that is expected to fail. */
const failure = (test: Promise<void>): Promise<unknown> =>
  test.then(
    () => "passed",
    (error: unknown) => (error as Error).message.split(":")[0],
  );

describe("A tester of policies", () => {
  const tester = new PolicyTester(join(ROOT, "harness/programs/pack"));

  it("compares all that a policy says of a resource, and of a stack", async () => {
    await tester.expect(bucket, [shown("inputs: bucket")]);
    await tester.expectOfStack([bucket, block], [depends]);
    await tester.expectOfStack([bucket], []);
  });

  it("fails a test whose list lacks one, has one more or another text", async () => {
    const lists = [[], [shown("inputs: bucket"), depends], [shown("inputs: acl")]];
    for (const list of lists) expect(await failure(tester.expect(bucket, list, "why"))).to.equal("why");
    expect(await failure(tester.expectOfStack([block], [], "why"))).to.equal("why");
  });

  it("gives the pack its defaults again after a test, also after one that fails", async () => {
    const config = { inputs: { props: { prefix: "seen" } } };
    await tester.configured(config, () => tester.expect(bucket, [shown("seen: bucket")]));
    await tester.expect(bucket, [shown("inputs: bucket")]);
    const failing = tester.configured(config, () => Promise.reject(new Error("a failed test")));
    expect(await failure(failing)).to.equal("a failed test");
    await tester.expect(bucket, [shown("inputs: bucket")]);
  });
});
