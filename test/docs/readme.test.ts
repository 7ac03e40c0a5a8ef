import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { workspace, type Workspace } from "../harness/engine";
import { expectSection } from "./section";
import { needsEngine } from "../harness/engine/needs-engine";

const ROOT = path.resolve(__dirname, "../..");
const PACK = path.join(ROOT, "dist/policypack");

/** A part of what the CLI prints, with what differs from run to run and from machine to machine set to one value. */
function shown(part: RegExp, printed: string): string {
  const text = part.exec(printed)?.[0] ?? "";
  const same = text
    .replace(ROOT, "node_modules/@acme/s3-public-access-block") // where the README has it installed
    .replace(/-[0-9a-f]{7}\b/g, "-1a2b3c4");
  return `\`\`\`text\n${same.trimEnd()}\n\`\`\``;
}

describe("What the documents show of the CLI", () => {
  needsEngine();
  let stack: Workspace;
  before(async () => {
    stack = await workspace("lifecycle");
  });
  after(() => stack.remove());

  it("is what a blocked preview really prints, in README.md (UPDATE_DOCS=true writes it)", async () => {
    const { code, stdout } = await stack.preview({ packs: [PACK] });
    expect(code).to.equal(1);
    await expectSection("README.md", "blocked preview", shown(/^Policies:\n(?:.+\n)+/m, stdout));
  });

  it("includes a configuration that the pack accepts, whose exemption lets a bucket pass", async () => {
    const page = readFileSync(path.join(ROOT, "docs/configuration.md"), "utf8");
    const [, sample = ""] = /```json\n([^]*?)```/.exec(page) ?? [];
    const file = path.join(stack.home, "configuration.json");
    const urn = "urn:pulumi:dev::lifecycle::**::data";
    writeFileSync(file, sample.replace("urn:pulumi:prod::website::**::site", urn));
    const run = await stack.preview({ packs: [ROOT], configs: [file] });
    expect(run.code, run.stdout).to.equal(0);
    const [finding, ...others] = run.violations.map(({ policy, level }) => [policy, level]);
    expect([finding, others]).to.deep.equal([["s3-bucket-public-access-block", "advisory"], []]);
  });

  it("is what an update of the reference stack really prints (UPDATE_DOCS=true writes it)", async () => {
    const reference = await workspace(ROOT);
    const { code, stdout, stderr } = await reference.up({ packs: [ROOT] });
    await reference.remove();
    expect(code, stdout + stderr).to.equal(0);
    // What is left out is about the stand-in for the AWS provider.
    const printed = stdout.replace(/^Diagnostics:\n(?:.+\n)+\n/m, "");
    await expectSection("docs/reference-stack.md", "up", shown(/^Policies:\n[^]*?\d+ created\n/m, printed));
  });
});
