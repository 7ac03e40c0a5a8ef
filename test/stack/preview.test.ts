import { expect } from "chai";
import { workspace } from "../harness/engine";
import { ROOT } from "../harness/engine/paths";
import { outcome } from "../harness/s3/world";
import { needsEngine } from "../harness/engine/needs-engine";

/** The lines after the last "error:" that names a cause, and the exit code, of a preview with this configuration. */
async function refusal(config: Record<string, string>): Promise<{ code: number; error: string }> {
  const stack = await workspace(ROOT, { config });
  try {
    const { code, stdout, stderr } = await stack.preview();
    const error = (stdout + stderr).split("error: ").at(-1) ?? "";
    return { code, error: (error.split("\n\n")[0] ?? "").trim().replaceAll(/\n +/g, "\n") };
  } finally {
    await stack.remove();
  }
}

describe("The reference stack without any configuration", () => {
  needsEngine();
  it("is previewed under the pack, which has nothing to say about it", async () => {
    const stack = await workspace(ROOT);
    try {
      const run = await stack.preview({ packs: [ROOT] });
      expect([outcome(run), run.violations]).to.deep.equal([{ create: 9 }, []]);
    } finally {
      await stack.remove();
    }
  });
});

describe("A wrong value in the reference stack's configuration", () => {
  needsEngine();
  it("stops the preview with a message that names the key", async () => {
    expect(await refusal({ "s3-public-access-block:bucketName": "The_Data" })).to.deep.equal({
      code: 1,
      error: [
        "The stack's configuration can't be used:",
        `- s3-public-access-block:bucketName is "The_Data", but must be 3 to 63 lower-case letters, digits, dots and hyphens that aren't an IP address`,
      ].join("\n"),
    });
  });

  it("stops the preview before the program runs when it is of the wrong type", async () => {
    expect(await refusal({ "s3-public-access-block:retentionDays": "soon" })).to.deep.equal({
      code: 1,
      error: "validating stack config: Stack 'dev' with configuration key 'retentionDays' must be of type 'integer'",
    });
  });
});
