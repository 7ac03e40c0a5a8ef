import { expect } from "chai";
import { ROOT } from "../harness/engine/paths";
import { describeWithPython } from "../harness/python/needs-python";
import { allow, buckets, inspect, putObjectPastPolicy, s3Client } from "../harness/s3/client";
import { outcome, resources, world } from "../harness/s3/world";
import type { World } from "../harness/s3/world";
import { needsEngine } from "../harness/engine/needs-engine";
import { testdata } from "../testdata";

const BUCKET = "the-data";
const URN = "urn:pulumi:dev::s3-public-access-block::s3-public-access-block:index:LockedDownBucket$";

const { config, changes, inS3 } = testdata("reference-stack.yaml") as {
  config: Record<string, string>;
  changes: string[];
  inS3: Record<string, unknown> & { block: Record<string, boolean> };
};
const allOn = inS3.block;

/** The stack, the component and its eight resources. */
const TOTAL = 10;

describeWithPython("The reference stack, deployed to an S3", (python) => {
  needsEngine();
  let deployed: World;

  before(async function () {
    this.timeout("10m");
    deployed = await world(python, ROOT, config);
    await deployed.s3.createBucket({ Bucket: "the-logs" });
    await allow(deployed.s3, "the-logs", { Service: "logging.s3.amazonaws.com" }, "s3:PutObject");
  });

  after(() => deployed.end());

  it("would meet a conflict if two settings changed at once, as in S3", async () => {
    const Bucket = "the-logs";
    const s3 = s3Client(deployed.gateway.endpoint);
    const versioning = () => s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
    const block = s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: allOn });
    const both = await Promise.allSettled([block, versioning()]);
    const names = both.map((each) => (each.status === "fulfilled" ? "done" : (each.reason as Error).name));
    expect(names.sort()).to.deep.equal(["OperationAborted", "done"]);
    // Objects may be written meanwhile.
    await Promise.all([versioning(), s3.putObject({ Bucket, Key: "a", Body: "w" })]);
    deployed.gateway.changes.length = 0;
  });

  it("is created under the pack, one setting of the bucket after the other, the block first", async () => {
    const run = await deployed.up();
    expect([outcome(run), run.violations]).to.deep.equal([{ create: TOTAL }, []]);
    expect(deployed.gateway.changes).to.deep.equal(changes);
  });

  it("is in S3 what the program declares", async () => {
    expect(await inspect(deployed.s3, BUCKET)).to.deep.equal(inS3);
  });

  it("tells the bucket's name and ARN and the block's id", async () => {
    const { stdout } = await deployed.stack.pulumi(["stack", "output", "--json"]);
    expect(JSON.parse(stdout)).to.deep.equal({
      bucket_name: BUCKET,
      bucket_arn: `arn:aws:s3:::${BUCKET}`,
      access_block_id: BUCKET,
    });
  });

  it("is not changed by a second up", async () => {
    deployed.gateway.changes.length = 0;
    expect(outcome(await deployed.up())).to.deep.equal({ same: TOTAL });
    expect(deployed.gateway.changes).to.deep.equal([]);
  });

  it("has a flag that was turned off by hand found by a refresh and put back by the next up", async () => {
    const half = { ...allOn, BlockPublicPolicy: false };
    await deployed.s3.putPublicAccessBlock({ Bucket: BUCKET, PublicAccessBlockConfiguration: half });
    const refreshed = await deployed.stack.pulumi(["refresh", "--yes", "--skip-preview"]);
    expect(/Resources:\n((?: +.+\n)+)/.exec(refreshed.stdout)?.[1]).to.equal(
      `    ~ 1 updated\n    ${String(TOTAL - 1)} unchanged\n`,
    );
    const block = (await resources(deployed)).find(({ urn }) => urn.endsWith("aiDataBucketAccessBlock"));
    expect(block?.inputs?.blockPublicPolicy).to.equal(false);

    deployed.gateway.changes.length = 0;
    expect(outcome(await deployed.up())).to.deep.equal({ update: 1, same: TOTAL - 1 });
    expect(deployed.gateway.changes).to.deep.equal(["PUT the-data?publicAccessBlock"]);
    expect(await inspect(deployed.s3, BUCKET)).to.deep.equal(inS3);
  });

  it("is not destroyed while it is protected: nothing is taken off it", async () => {
    const before = await resources(deployed);
    deployed.gateway.changes.length = 0;
    expect(outcome(await deployed.stack.destroy())).to.deep.equal({
      failed: `error: resource "${URN}aws:s3/bucketPolicy:BucketPolicy::aiDataBucketPolicy" cannot be deleted`,
      changes: {},
    });
    expect(deployed.gateway.changes).to.deep.equal([]);
    expect(await resources(deployed)).to.deep.equal(before);
  });

  it("keeps its settings when S3 refuses to delete it, and the next up takes it back", async () => {
    await deployed.configure("protect", "false");
    expect(outcome(await deployed.up())).to.deep.equal({ same: TOTAL });
    await putObjectPastPolicy(deployed.s3, BUCKET, "model");
    deployed.gateway.changes.length = 0;

    const run = await deployed.stack.destroy();
    expect(run.stdout).to.include("The bucket you tried to delete is not empty");
    expect(deployed.gateway.changes).to.deep.equal(["DELETE the-data"]);
    expect(await inspect(deployed.s3, BUCKET)).to.deep.equal(inS3);

    await deployed.configure("forceDestroy", "true");
    expect(outcome(await deployed.up())).to.deep.equal({ create: 7, same: 2, update: 1 });
    expect(await inspect(deployed.s3, BUCKET)).to.deep.equal(inS3);
  });

  it("is destroyed with its objects when that was asked for", async () => {
    await deployed.s3.deleteBucketPolicy({ Bucket: BUCKET }); // moto: see putObjectPastPolicy
    expect(outcome(await deployed.stack.destroy())).to.deep.equal({ delete: TOTAL });
    expect(await buckets(deployed.s3)).to.deep.equal(["the-logs"]);
    expect(await resources(deployed)).to.deep.equal([]);
  });
});
