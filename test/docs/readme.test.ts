import path from "node:path";
import { expect } from "chai";
import { workspace, type Workspace } from "../../harness/engine";
import { expectSection } from "./section";
import { needsEngine } from "../../harness/engine/needs-engine";

const ROOT = path.resolve(__dirname, "../..");

async function within(program: string, work: (stack: Workspace) => Promise<void>): Promise<void> {
  const stack = await workspace(program);
  try {
    await work(stack);
  } finally {
    await stack.remove();
  }
}

/** A part of what the CLI prints, with what differs from run to run and from machine to machine set to one value. */
function shown(part: RegExp, printed: string): string {
  const text = part.exec(printed)?.[0] ?? "";
  const same = text
    .replace(ROOT, "node_modules/s3-public-access-block")
    .replace(/-[0-9a-f]{7}\b/g, "-1a2b3c4");
  return `\`\`\`text\n${same}\`\`\``;
}

describe("What the documents show of the CLI", () => {
  needsEngine();
  it("is what a blocked preview really prints, in README.md (UPDATE_DOCS=true writes it)", () =>
    within("lifecycle", async (stack) => {
      const { code, stdout } = await stack.preview({ packs: [ROOT], env: { NO_BLOCK: "true" } });
      expect(code).to.equal(1);
      await expectSection("README.md", "blocked preview", shown(/^Policies:\n(?:.+\n)+/m, stdout));
    }));

  it("is what an update of the reference stack really prints (UPDATE_DOCS=true writes it)", () =>
    within(ROOT, async (stack) => {
      const { code, stdout, stderr } = await stack.up({ packs: [ROOT] });
      expect(code, stdout + stderr).to.equal(0);
      // What is left out is about the stand-in for the AWS provider.
      const printed = stdout.replace(/^Diagnostics:\n(?:.+\n)+\n/m, "");
      await expectSection("docs/reference-stack.md", "up", shown(/^Policies:\n[^]*?\d+ created\n/m, printed));
    }));
});
