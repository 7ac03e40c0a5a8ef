import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { Run } from "../harness/engine";
import { needsEngine } from "../harness/engine/needs-engine";
import { describeWithPython } from "../harness/python/needs-python";
import { inspect } from "../harness/s3/client";
import { outcome, world } from "../harness/s3/world";

/** The level and the policy of each violation. */
const levels = ({ violations }: Run): string[] => violations.map(({ policy, level }) => `${level} ${policy}`).sort();

describeWithPython("The recipes, deployed to an S3", (python) => {
  needsEngine();
  before(function () {
    this.timeout("10m");
  });

  it("put a private bucket behind CloudFront, with a policy that the pack passes when it is known", async () => {
    const deployed = await world(python, __dirname);
    try {
      const run = await deployed.up({ env: { RECIPE: "site-behind-cloudfront" } });
      expect([outcome(run), levels(run)]).to.deep.equal([{ create: 11 }, []]);
    } finally {
      await deployed.end();
    }
  });

  it("put the block on an existing bucket, and change nothing else", async () => {
    const deployed = await world(python, __dirname);
    try {
      await deployed.s3.send(new CreateBucketCommand({ Bucket: "legacy-data" }));
      const run = await deployed.up({ env: { RECIPE: "existing-bucket" } });
      expect(outcome(run)).to.deep.equal({ create: 2, import: 1 });
      expect(deployed.gateway.changes).to.deep.equal(["PUT legacy-data?publicAccessBlock"]);
    } finally {
      await deployed.end();
    }
  });

  it("log a bucket's access to another bucket, whose policy allows it first", async () => {
    const deployed = await world(python, __dirname);
    try {
      expect(outcome(await deployed.up({ env: { RECIPE: "access-logs" } }))).to.deep.equal({ create: 18 });
      const [logs, data] = [...new Set(deployed.gateway.changes.map((change) => change.split(/[ ?]/)[1] ?? ""))];
      expect((await inspect(deployed.s3, data ?? "")).logging).to.deep.equal({
        TargetBucket: logs,
        TargetPrefix: "data/",
      });
    } finally {
      await deployed.end();
    }
  });
});
