import { expect } from "chai";
import { workspace, type Run } from "../harness/engine";
import { ROOT } from "../harness/engine/paths";
import { outcome } from "../harness/s3/world";
import { needsEngine } from "../harness/engine/needs-engine";
import { testdata } from "../testdata";

const { refusedByPreview } = testdata("reference-stack.yaml") as {
  refusedByPreview: Record<string, Record<"value" | "error", string>>;
};

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

  for (const [key, { value, error }] of Object.entries(refusedByPreview))
    it(`fails with a message that names the key where ${key} is wrong`, async () => {
      const { code, stdout, stderr } = await previewed({ [`s3-public-access-block:${key}`]: value });
      const last = (stdout + stderr).split("error: ").at(-1)?.split("\n\n")[0] ?? "";
      expect([code, last.trim().replaceAll(/\n +/g, "\n")]).to.deep.equal([1, error.trim()]);
    });
});
