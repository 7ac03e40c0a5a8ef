import { expect } from "chai";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workspace } from "../harness/engine";
import type { Run, Workspace } from "../harness/engine";
import { ROOT } from "../harness/engine/paths";
import { outcome } from "../harness/s3/world";
import { needsEngine } from "../harness/engine/needs-engine";
import { checkTypes } from "../policypack/snippets";
import { RECIPES, recipeProject } from "./recipe";

/** The level and the policy of each violation. */
const levels = ({ violations }: Run): string[] => violations.map(({ policy, level }) => `${level} ${policy}`).sort();

describe("The recipes", () => {
  needsEngine();
  it("compile, all of them", async () => {
    const folder = recipeProject(...RECIPES.keys());
    const compilerOptions = { rootDir: ".", noUnusedLocals: false };
    const settings = { extends: join(ROOT, "tsconfig.json"), compilerOptions, include: ["*.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
    await checkTypes(folder);
    rmSync(folder, { recursive: true });
  });

  /** Acts on a stack of a recipe. */
  async function withStack<Result>(recipe: string, act: (stack: Workspace) => Promise<Result>): Promise<Result> {
    const stack = await workspace(recipeProject(recipe));
    try {
      return await act(stack);
    } finally {
      await stack.remove();
      rmSync(stack.dir, { recursive: true });
    }
  }
  const preview = (recipe: string): Promise<Run> => withStack(recipe, (stack) => stack.preview({ packs: [ROOT] }));

  it("put a private bucket behind CloudFront; the pack passes it, with a note that the update will evaluate its policy", async () => {
    const run = await preview("site-behind-cloudfront");
    expect([outcome(run), levels(run)]).to.deep.equal([{ create: 11 }, ["advisory s3-no-public-bucket-policy"]]);
  });

  it("lock the bucket that a package makes, which the pack would block", async () => {
    const run = await preview("lock-every-bucket");
    expect([run.code, outcome(run), levels(run)], run.stdout).to.deep.equal([0, { create: 3 }, []]);
  });

  it("lock the bucket that a component of a plugin makes, at the first preview and in the update", () =>
    withStack("trail", async (stack) => {
      const runs = [await stack.preview({ packs: [ROOT] }), await stack.up({ packs: [ROOT] })];
      expect(
        runs.map((run) => [run.code, levels(run)]),
        runs.map(({ stdout }) => stdout).join("\n"),
      ).to.deep.equal([
        [0, ["advisory s3-no-public-bucket-policy"]],
        // The component's own policy has no such condition.
        [0, ["advisory s3-no-confused-deputy"]],
      ]);
    }));

  it("make a bucket public, and the pack passes it, as notes, with the exemptions that its finding prints", () =>
    withStack("public-site", async (stack) => {
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
    }));
});
