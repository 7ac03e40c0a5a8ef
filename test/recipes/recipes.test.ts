import { expect } from "chai";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workspace } from "../harness/engine";
import type { Run } from "../harness/engine";
import { CACHE, ROOT } from "../harness/engine/paths";
import { outcome } from "../harness/s3/world";
import { needsEngine } from "../harness/engine/needs-engine";

const RECIPES = readFileSync(join(ROOT, "docs/recipes.md"), "utf8");

/** A program as the page shows it: next to the component, and with the package that the tests have a stand-in for. */
function programOf(name: string): string {
  const code = readFileSync(join(__dirname, name), "utf8");
  return code.replace("../../stack", ".").replace("./awsx/sdk", "@pulumi/awsx");
}

/** The level and the policy of each violation. */
const levels = ({ violations }: Run): string[] => violations.map(({ policy, level }) => `${level} ${policy}`).sort();

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

  async function preview(recipe: string): Promise<Run> {
    const stack = await workspace(__dirname, { env: { RECIPE: recipe } });
    try {
      return await stack.preview({ packs: [ROOT] });
    } finally {
      await stack.remove();
    }
  }

  it("put a private bucket behind CloudFront; the pack passes it, with a note that the update will evaluate its policy", async () => {
    const run = await preview("site-behind-cloudfront");
    expect([outcome(run), levels(run)]).to.deep.equal([{ create: 11 }, ["advisory s3-no-public-bucket-policy"]]);
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

  it("make a bucket public, and the pack passes it, as notes, with the exemptions on the page, and those that its finding prints", async () => {
    const [, text = ""] = /```json\n([^]*?)```/.exec(RECIPES) ?? [];
    mkdirSync(CACHE, { recursive: true });
    const folder = mkdtempSync(join(CACHE, "recipe-"));
    const stack = await workspace(__dirname, { env: { RECIPE: "public-site" } });
    try {
      const file = join(folder, "exemptions.json");
      writeFileSync(file, text.replaceAll("urn:pulumi:prod::website::", "urn:pulumi:dev::recipes::"));
      const blocked = await stack.preview({ packs: [ROOT] });
      const passed = await stack.preview({ packs: [ROOT], configs: [file] });
      const policies = Object.keys(JSON.parse(text) as object);
      // The weak block is told of with its bucket.
      const told = policies.filter((name) => name !== "s3-public-access-block-flags");
      expect([blocked.code, levels(blocked), passed.code, levels(passed)]).to.deep.equal([
        ...[1, told.map((name) => `mandatory ${name}`).sort()],
        ...[0, policies.map((name) => `advisory ${name}`).sort()],
      ]);

      const found = blocked.violations.find(({ policy }) => policy === "s3-bucket-public-access-block");
      const document = /^If it must be public, .*?: (\{[^]*\})/m.exec(found?.message ?? "")?.[1] ?? "";
      writeFileSync(file, document.replaceAll('"reason": ""', '"reason": "The public site"'));
      const up = await stack.up({ packs: [ROOT], configs: [file] });
      const blocking = levels(up).filter((line) => line.startsWith("mandatory"));
      expect([up.code, blocking], up.stdout + up.stderr).to.deep.equal([0, []]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await stack.remove();
    }
  });
});
