import { expect } from "chai";
import { start } from "../harness/engine/command";
import { engine } from "../harness/engine";
import { ROOT } from "../harness/engine/paths";
import { describeWithPython } from "../harness/python/needs-python";
import { buckets, inspect } from "../harness/s3/client";
import { outcome, world } from "../harness/s3/world";
import type { World } from "../harness/s3/world";
import { needsEngine } from "../harness/engine/needs-engine";

/** The settings that a bucket has when its deployment is complete. */
const settings = ["block", "ownership", "encryption", "versioning", "lifecycle", "policy"];

describeWithPython("An up of the reference stack that stops half-way", (python) => {
  needsEngine();
  let deployed: World;

  beforeEach(async function () {
    this.timeout("10m");
    deployed = await world(python, ROOT);
  });

  afterEach(() => deployed.end());

  /** The buckets in S3, each with the settings that it has. */
  async function inS3(): Promise<unknown[]> {
    return Promise.all(
      (await buckets(deployed.s3)).map(async (name = "") => {
        const found = await inspect(deployed.s3, name);
        return [name, settings.filter((setting) => typeof found[setting] === "object" || found[setting] === "Enabled")];
      }),
    );
  }

  it("is completed by the next when S3 refused a setting", async () => {
    deployed.gateway.before = (change) => (change.endsWith("?versioning") ? "refuse" : "pass");
    expect(outcome(await deployed.up())).to.deep.equal({ failed: "error: Access Denied", changes: { create: 6 } });
    const [bucket = ""] = await buckets(deployed.s3);
    expect(bucket).to.match(/^aidatabucket-[0-9a-f]{7}$/);
    expect(await inS3()).to.deep.equal([[bucket, ["block", "ownership", "encryption"]]]);

    deployed.gateway.before = () => "pass";
    expect(outcome(await deployed.up())).to.deep.equal({ create: 3, same: 6 });
    expect(await inS3()).to.deep.equal([[bucket, settings]]);
  });

  it("is completed by the next when the CLI was killed while S3 put the block on", async () => {
    const { pulumi } = await engine();
    const { dir, env } = deployed.stack;
    const cli = start(pulumi, ["up", "--yes", "--skip-preview"], { cwd: dir, env });
    deployed.gateway.before = (change) => {
      if (change.endsWith("?publicAccessBlock")) cli.kill();
      return "pass";
    };
    await cli;
    const [bucket = ""] = await buckets(deployed.s3);

    deployed.gateway.before = () => "pass";
    // The state is kept in files here: a lock file is left behind, as a killed CLI can't take it away.
    expect((await deployed.stack.pulumi(["cancel", "--yes"])).code).to.equal(0);
    expect(outcome(await deployed.up())).to.deep.equal({ create: 6, same: 3 });
    expect(await inS3()).to.deep.equal([[bucket, settings]]);
  });
});
