import { expect } from "chai";
import { workspace, type Run } from "../harness/engine";
import { ROOT } from "../harness/engine/paths";
import { outcome } from "../harness/s3/world";
import { needsEngine } from "../harness/engine/needs-engine";

async function previewed(config: Record<string, string>): Promise<Run> {
  const stack = await workspace(ROOT, { config });
  return stack.preview({ packs: [ROOT] }).finally(stack.remove);
}

describe("The preview of the reference stack", () => {
  needsEngine();
  it("finds nothing under the pack, without any configuration", async () => {
    const run = await previewed({});
    expect([outcome(run), run.violations]).to.deep.equal([{ create: 9 }, []]);
  });

  for (const [key, value, error] of [
    [
      ...(["bucketName", "The_Data"] as const),
      `The stack's configuration can't be used:
- s3-public-access-block:bucketName is "The_Data", but must be 3 to 63 lower-case letters, digits, dots and hyphens that aren't an IP address`,
    ],
    [
      ...(["retentionDays", "soon"] as const),
      "validating stack config: Stack 'dev' with configuration key 'retentionDays' must be of type 'integer'",
    ],
  ] as const)
    it(`fails with a message that names the key where ${key} is wrong`, async () => {
      const { code, stdout, stderr } = await previewed({ [`s3-public-access-block:${key}`]: value });
      const last = (stdout + stderr).split("error: ").at(-1)?.split("\n\n")[0] ?? "";
      expect([code, last.trim().replaceAll(/\n +/g, "\n")]).to.deep.equal([1, error]);
    });
});
