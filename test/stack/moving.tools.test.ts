import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../harness/engine/paths";
import type { OperationOptions } from "../harness/engine";
import { describeWithPython } from "../harness/python/needs-python";
import { inspect } from "../harness/s3/client";
import { outcome, resources, world } from "../harness/s3/world";
import type { World } from "../harness/s3/world";
import { needsEngine } from "../harness/engine/needs-engine";
import { testdata } from "../testdata";

const RECIPES = readFileSync(join(ROOT, "docs/recipes.md"), "utf8");
const BUCKET = "legacy-data";
const COMPONENT = "urn:pulumi:dev::moving::s3-public-access-block:index:LockedDownBucket";
const { declares, inS3 } = testdata("reference-stack.yaml") as {
  declares: object;
  inS3: Record<"block" | "ownership" | "versioning", unknown>;
};
const stage = (STAGE: string): OperationOptions => ({ env: { STAGE } });
const alone = (STAGE: string): OperationOptions => ({ ...stage(STAGE), packs: [] });

describeWithPython("A bucket that a program declares by itself", (python) => {
  needsEngine();
  let deployed: World;

  beforeEach(async function () {
    this.timeout("10m");
    deployed = await world(python, join(__dirname, "moving"));
  });

  afterEach(() => deployed.end());

  /** The URNs in the state when the component has taken over: its own and its children's. */
  const taken = Object.keys(declares).map((resource) => resource.replace(" data", "::aiDataBucket"));

  async function expectTaken(): Promise<void> {
    const urns = (await resources(deployed)).map(({ urn }) => urn);
    expect(urns.sort()).to.deep.equal(
      [`${COMPONENT}::aiDataBucket`, ...taken.map((child) => `${COMPONENT}$${child}`)].sort(),
    );
    const { block, ownership, versioning } = await inspect(deployed.s3, BUCKET);
    expect([block, ownership, versioning]).to.deep.equal([inS3.block, inS3.ownership, inS3.versioning]);
  }

  it("stays closed in S3 when its block is taken out of the program, though the up that fails has already changed things", async () => {
    expect(outcome(await deployed.up(stage("original")))).to.deep.equal({ create: 3 });

    const run = await deployed.up(stage("withoutBlock"));
    expect([run.code, run.violations.map(({ policy, urn }) => [policy, urn])]).to.deep.equal([
      1,
      [["s3-bucket-public-access-block", "urn:pulumi:dev::moving::aws:s3/bucket:Bucket::aiDataBucket"]],
    ]);
    expect((await resources(deployed)).map(({ type }) => type)).to.deep.equal(["aws:s3/bucket:Bucket"]);
    expect((await inspect(deployed.s3, BUCKET)).block).to.deep.equal(inS3.block);
  });

  for (const [was, changes] of Object.entries({ original: { same: 2, update: 1 }, bucketV2: { same: 3 } }))
    it(`is taken over by the component where it is, its block too: ${was}`, async () => {
      expect(outcome(await deployed.up(alone(was)))).to.deep.equal({ create: 3 });
      expect(outcome(await deployed.up(stage("component")))).to.deep.equal({ create: 6, ...changes });
      await expectTaken();
    });

  it("can be one that no program declared yet: imported, then taken over", async () => {
    await deployed.s3.createBucket({ Bucket: BUCKET });
    await documented("import aws:s3/bucket:Bucket aiDataBucket legacy-data --generate-code=false", "--skip-preview");
    expect(outcome(await deployed.up(stage("component")))).to.deep.equal({ create: 7, same: 2 });
    await expectTaken();
  });

  it("stays closed when its block had another name, once that is renamed in the state", async () => {
    expect(outcome(await deployed.up(alone("blockOfAnotherName")))).to.deep.equal({ create: 3 });
    const urn = "urn:pulumi:dev::moving::aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::dataBlock";
    await documented(`state rename '${urn}' aiDataBucketAccessBlock`);
    expect(outcome(await deployed.up(stage("component")))).to.deep.equal({ create: 6, same: 2, update: 1 });
    await expectTaken();
  });

  /** Runs a command that docs/recipes.md tells people to run. */
  async function documented(command: string, ...more: string[]): Promise<void> {
    expect(RECIPES).to.include(`\npulumi ${command}\n`);
    const args = command.split(" ").map((each) => each.replaceAll("'", ""));
    const { code, stdout, stderr } = await deployed.stack.pulumi([...args, ...more, "--yes"]);
    if (code !== 0) throw new Error(stdout + stderr);
  }
});
