import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { workspace, type Workspace } from "../../harness/engine";
import { expectSection } from "./section";
import { needsEngine } from "../../harness/engine/needs-engine";
import { CACHE } from "../../harness/engine/paths";

const ROOT = path.resolve(__dirname, "../..");
const PACK = path.join(ROOT, "dist/policypack");

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
    .replace(ROOT, "node_modules/@acme/s3-public-access-block") // where the README has it installed
    .replace(/-[0-9a-f]{7}\b/g, "-1a2b3c4");
  return `\`\`\`text\n${same}\`\`\``;
}

describe("What the documents show of the CLI", () => {
  needsEngine();
  it("is what a blocked preview really prints, in README.md (UPDATE_DOCS=true writes it)", () =>
    within("lifecycle", async (stack) => {
      const { code, stdout } = await stack.preview({ packs: [PACK], env: { NO_BLOCK: "true" } });
      expect(code).to.equal(1);
      await expectSection("README.md", "blocked preview", shown(/^Policies:\n(?:.+\n)+/m, stdout));
    }));

  it("includes a configuration that the pack accepts, whose exemption lets a bucket pass", async () => {
    const page = readFileSync(path.join(ROOT, "docs/configuration.md"), "utf8");
    const [, sample = ""] = /```json\n([^]*?)```/.exec(page) ?? [];
    mkdirSync(CACHE, { recursive: true });
    const folder = mkdtempSync(path.join(CACHE, "configuration-"));
    try {
      const file = path.join(folder, "configuration.json");
      writeFileSync(
        file,
        sample.replace("urn:pulumi:prod::website::**::site", "urn:pulumi:dev::lifecycle::**::data"),
      );
      await within("lifecycle", async (stack) => {
        const run = await stack.preview({ packs: [ROOT], configs: [file], env: { NO_BLOCK: "true" } });
        expect(run.code, run.stdout).to.equal(0);
        const [finding, ...others] = run.violations.map(({ policy, level }) => [policy, level]);
        expect([finding, others]).to.deep.equal([["s3-bucket-public-access-block", "advisory"], []]);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is what an update of the reference stack really prints (UPDATE_DOCS=true writes it)", () =>
    within(ROOT, async (stack) => {
      const { code, stdout, stderr } = await stack.up({ packs: [ROOT] });
      expect(code, stdout + stderr).to.equal(0);
      // What is left out is about the stand-in for the AWS provider.
      const printed = stdout.replace(/^Diagnostics:\n(?:.+\n)+\n/m, "");
      await expectSection("docs/reference-stack.md", "up", shown(/^Policies:\n[^]*?\d+ created\n/m, printed));
    }));
});
