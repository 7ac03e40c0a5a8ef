import { expect } from "chai";
import { rmSync } from "node:fs";
import type { Run } from "../harness/engine";
import { needsEngine } from "../harness/engine/needs-engine";
import { describeWithPython } from "../harness/python/needs-python";
import { inspect } from "../harness/s3/client";
import { outcome, world, type World } from "../harness/s3/world";
import { recipeProject } from "./recipe";

describeWithPython("The recipes, deployed to an S3", (python) => {
  needsEngine();
  before(function () {
    this.timeout("10m");
  });

  /** Deploys a recipe to an S3 of its own. */
  async function deployed(recipe: string, test: (world: World, run: Run) => unknown, existing?: string): Promise<void> {
    const made = await world(python, recipeProject(recipe));
    try {
      if (existing !== undefined) await made.s3.createBucket({ Bucket: existing });
      await test(made, await made.up());
    } finally {
      await made.end();
      rmSync(made.stack.dir, { recursive: true });
    }
  }

  it("put a private bucket behind CloudFront, with a policy that the pack passes when it is known", () =>
    deployed("site-behind-cloudfront", (_, run) => {
      expect([outcome(run), run.violations]).to.deep.equal([{ create: 11 }, []]);
    }));

  it("put the block on an existing bucket, and change nothing else", () =>
    deployed(
      "existing-bucket",
      ({ gateway }, run) => {
        expect(outcome(run)).to.deep.equal({ create: 2, import: 1 });
        expect(gateway.changes).to.deep.equal(["PUT legacy-data?publicAccessBlock"]);
      },
      "legacy-data",
    ));

  it("log a bucket's access to another bucket, whose policy allows it first", () =>
    deployed("access-logs", async ({ gateway, s3 }, run) => {
      expect(outcome(run)).to.deep.equal({ create: 18 });
      const [logs, data = ""] = new Set(gateway.changes.map((change) => change.split(/[ ?]/)[1] ?? ""));
      const { logging } = await inspect(s3, data);
      expect(logging).to.deep.equal({ TargetBucket: logs, TargetPrefix: "data/" });
    }));
});
