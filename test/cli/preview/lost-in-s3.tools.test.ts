import { expect } from "chai";
import { ROOT } from "../../../harness/engine/paths";
import { describeWithPython, say } from "../../../harness/python/needs-python";
import { inspect, s3Client } from "../../../harness/s3/client";
import { startGateway, type Gateway } from "../../../harness/s3/gateway";
import { startMoto, type Moto } from "../../../harness/s3/moto";
import { gate, repository, type Repository } from "./gate";
import { needsEngine } from "../../../harness/engine/needs-engine";

const allOn = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
const GONE = "NoSuchPublicAccessBlockConfiguration";
const ALIAS = '[{"name": "old"}]';

describeWithPython("A preview that takes a block away, and what S3 has after the update", (python) => {
  needsEngine();
  let moto: Moto;
  let gateway: Gateway;
  let repo: Repository;

  beforeEach(async function () {
    this.timeout("10m");
    moto = await startMoto(python, say);
    gateway = await startGateway(moto.endpoint);
    repo = await repository("gate-lost");
  });

  afterEach(async () => {
    await repo.remove();
    await gateway.stop();
    await moto.stop();
  });

  /** Deploys, then previews a change under the gate and deploys it under the pack: the exit codes, and the block in S3. */
  async function change(before: NodeJS.ProcessEnv, after: NodeJS.ProcessEnv): Promise<unknown[]> {
    const s3 = { STANDIN_S3_ENDPOINT: gateway.endpoint };
    const first = await repo.stack.up({ packs: [ROOT], env: { ...s3, ...before } });
    expect(first.code, first.stdout + first.stderr).to.equal(0);
    expect((await inspect(s3Client(moto.endpoint), "the-data")).block).to.deep.equal(allOn);

    const { code } = await gate(repo, ["--policy-pack", ROOT], { env: { ...s3, ...after } });
    const up = await repo.stack.up({ packs: [ROOT], env: { ...s3, ...after } });
    return [code, up.code, (await inspect(s3Client(moto.endpoint), "the-data")).block];
  }

  it("is blocked, and the update that the pack passes leaves the bucket open, when a block is renamed", async () => {
    expect(await change({}, { BLOCKS: "new" })).to.deep.equal([1, 0, GONE]);
  });

  it("is blocked, and the update leaves the bucket open, when a bucket stays in S3 and its block doesn't", async () => {
    expect(await change({ RETAIN: "yes" }, { NO_BUCKET: "yes" })).to.deep.equal([1, 0, GONE]);
  });

  it("passes, and the bucket stays closed, when the block has an alias", async () => {
    expect(await change({}, { BLOCKS: "new", ALIAS })).to.deep.equal([0, 0, allOn]);
  });

  it("passes, and the bucket stays closed, when the block had skipDestroy before", async () => {
    expect(await change({ SKIP: "yes" }, { BLOCKS: "new" })).to.deep.equal([0, 0, allOn]);
  });
});
