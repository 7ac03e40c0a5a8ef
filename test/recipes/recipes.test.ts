import { expect } from "chai";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workspace } from "../../harness/engine";
import type { OperationOptions, Run } from "../../harness/engine";
import { CACHE, ROOT } from "../../harness/engine/paths";
import { outcome } from "../../harness/s3/world";
import { needsEngine } from "../../harness/engine/needs-engine";

const RECIPES = readFileSync(join(ROOT, "docs/recipes.md"), "utf8");

/** A program as the page shows it: next to the component, and with the package that the tests have a stand-in for. */
function programOf(name: string): string {
  const code = readFileSync(join(__dirname, name), "utf8");
  return code.replace("../../stack", ".").replace("./awsx/sdk", "@pulumi/awsx");
}

/** The level and the policy of each violation. */
const levels = ({ violations }: Run): string[] =>
  violations.map(({ policy, level }) => `${level} ${policy}`).sort();

describe("The recipes", () => {
  needsEngine();
  it("are the programs in test/recipes, which are compiled and run", () => {
    const shown = [...RECIPES.matchAll(/<!-- (\S+\.ts) -->\n\n```ts\n([^]*?)```/g)].map(([, name, code]) => [
      name,
      code,
    ]);
    const kept = readdirSync(__dirname)
      .filter((name) => name.endsWith(".ts") && name !== "index.ts" && !name.endsWith(".test.ts"))
      .map((name) => [name, programOf(name)]);
    expect(Object.fromEntries(shown)).to.deep.equal(Object.fromEntries(kept));
    expect(RECIPES.match(/```ts/g)).to.have.length(shown.length);
  });

  async function preview(recipe: string, options: OperationOptions = {}): Promise<Run> {
    const stack = await workspace(__dirname, { env: { RECIPE: recipe } });
    try {
      return await stack.preview({ packs: [ROOT], ...options });
    } finally {
      await stack.remove();
    }
  }

  it("put a private bucket behind CloudFront; the pack passes it, with a note that the update will evaluate its policy", async () => {
    const run = await preview("site-behind-cloudfront");
    expect([outcome(run), levels(run)]).to.deep.equal([
      { create: 11 },
      ["advisory s3-no-public-bucket-policy"],
    ]);
  });

  it("lock the bucket that a package makes, which the pack would block", async () => {
    const run = await preview("lock-every-bucket");
    expect([run.code, outcome(run), levels(run)], run.stdout).to.deep.equal([0, { create: 3 }, []]);
  });

  it("lock the bucket that a component of a plugin makes, at the first preview and in the update", async () => {
    const stack = await workspace(__dirname, { env: { RECIPE: "trail" } });
    try {
      const runs = [await stack.preview({ packs: [ROOT] }), await stack.up({ packs: [ROOT] })];
      expect(
        runs.map((run) => [run.code, levels(run)]),
        runs.map(({ stdout }) => stdout).join("\n"),
      ).to.deep.equal([
        [0, ["advisory s3-no-public-bucket-policy"]],
        [0, []],
      ]);
    } finally {
      await stack.remove();
    }
  });

  it("make a bucket public, and the pack passes it with the exemptions on the page, as notes", async () => {
    const [, text = ""] = /```json\n([^]*?)```/.exec(RECIPES) ?? [];
    const exemptions = text.replaceAll("urn:pulumi:prod::website::", "urn:pulumi:dev::recipes::");
    mkdirSync(CACHE, { recursive: true });
    const folder = mkdtempSync(join(CACHE, "recipe-"));
    try {
      const file = join(folder, "exemptions.json");
      writeFileSync(file, exemptions);
      const blocked = await preview("public-site");
      const passed = await preview("public-site", { configs: [file] });
      const policies = Object.keys(JSON.parse(text) as object);
      // The weak block is told of with its bucket.
      const told = policies.filter((name) => name !== "s3-public-access-block-flags");
      expect([blocked.code, levels(blocked)]).to.deep.equal([
        1,
        told.map((name) => `mandatory ${name}`).sort(),
      ]);
      expect([passed.code, levels(passed)]).to.deep.equal([
        0,
        policies.map((name) => `advisory ${name}`).sort(),
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("make a bucket public by the document that its finding prints: the preview passes, and so does the update", async () => {
    const stack = await workspace(__dirname, { env: { RECIPE: "public-site" } });
    mkdirSync(CACHE, { recursive: true });
    const folder = mkdtempSync(join(CACHE, "recipe-"));
    try {
      const blocked = await stack.preview({ packs: [ROOT] });
      const found = blocked.violations.find(({ policy }) => policy === "s3-bucket-public-access-block");
      const lines = (found?.message ?? "").split("\n");
      const after = lines.slice(lines.findIndex((line) => line.startsWith("If it must be public")) + 1);
      const document = after.filter((line) => line.startsWith("  "));
      const file = join(folder, "exemptions.json");
      writeFileSync(file, document.join("\n").replaceAll('"reason": ""', '"reason": "The public site"'));
      for (const run of [
        await stack.preview({ packs: [ROOT], configs: [file] }),
        await stack.up({ packs: [ROOT], configs: [file] }),
      ]) {
        const blocking = levels(run).filter((line) => line.startsWith("mandatory"));
        expect([blocked.code, run.code, blocking], run.stdout + run.stderr).to.deep.equal([1, 0, []]);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await stack.remove();
    }
  });
});
