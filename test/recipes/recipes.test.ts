import { expect } from "chai";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workspace } from "../harness/engine";
import type { Run } from "../harness/engine";
import { ROOT } from "../harness/engine/paths";
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

  it("make a bucket public, and the pack passes it, as notes, with the exemptions that its finding prints", async () => {
    const stack = await workspace(__dirname, { env: { RECIPE: "public-site" } });
    try {
      const policies = ["s3-bucket-public-access-block", "s3-no-public-bucket-policy", "s3-public-access-block-flags"];
      const blocked = await stack.preview({ packs: [ROOT] });
      // The weak block is reported on its bucket.
      const reported = policies.slice(0, 2).map((name) => `mandatory ${name}`);
      expect([blocked.code, levels(blocked)]).to.deep.equal([1, reported]);

      const found = blocked.violations.find(({ policy }) => policy === policies[0]);
      const [, document = ""] = /If it must be public[^{]*(\{[^]*\})/.exec(found?.message ?? "") ?? [];
      const file = join(stack.home, "exemptions.json");
      writeFileSync(file, document.replaceAll('"reason": ""', '"reason": "The public site", "expires": "2099-03-31"'));
      for (const run of [
        await stack.preview({ packs: [ROOT], configs: [file] }),
        await stack.up({ packs: [ROOT], configs: [file] }),
      ])
        expect([run.code, levels(run)], run.stdout).to.deep.equal([0, policies.map((name) => `advisory ${name}`)]);
    } finally {
      await stack.remove();
    }
  });
});
