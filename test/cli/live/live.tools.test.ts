import { expect } from "chai";
import { needsEngine } from "../../harness/engine/needs-engine";
import { ROOT } from "../../harness/engine/paths";
import { describeWithPython } from "../../harness/python/needs-python";
import { startS3 } from "../../harness/s3/world";
import { tempFolder } from "../../temp-folder";
import { audit } from "../audit/audits";
import { repository } from "../gate/gate";
import { bucketsIn, fly, KEYS } from "./fleet";

describeWithPython("s3-public-access-block audit --live, on moto,", (python) => {
  needsEngine();

  it("finds after an update what no pack can see: a block that was renamed, one made in an apply, and a hook", async function () {
    this.timeout("5m");
    const { moto, gateway, stop } = await startS3(python);
    const repo = await repository("live-lost");
    try {
      const env = { ...KEYS, STANDIN_S3_ENDPOINT: gateway.endpoint, S3: moto.endpoint };
      const step = async (stage: string) => {
        const options = { env: { ...env, STAGE: stage } };
        const preview = stage === "after" ? await repo.stack.preview({ ...options, packs: [ROOT] }) : undefined;
        const up = await repo.stack.up(options);
        const said = `${preview?.stdout ?? ""}${up.stdout}${up.stderr}`;
        expect([preview?.code ?? 0, up.code], said).to.deep.equal([0, 0]);
        const command = `--stack dev --live --endpoint ${moto.endpoint} --json live.json`;
        const { code, stderr } = await audit(repo.root, command, { ...repo.stack.env, ...env });
        expect(stderr).to.equal("");
        const open = bucketsIn(repo.root)
          .filter(({ word }) => word !== "locked")
          .map(({ bucket = "", word, details }) => `${bucket} ${word} (${details.join("; ")})`);
        return [code, ...open.sort()];
      };
      expect(await step("before")).to.deep.equal([0]);
      expect(await step("after")).to.deep.equal([
        1,
        "applied open (off: blockPublicPolicy)",
        "hooked drifted (no public access block)",
        "renamed drifted (no public access block)",
      ]);
    } finally {
      await stop();
    }
  });

  it("finds each bucket that has drifted, in each way, and no other, with the account's block and without", async function () {
    this.timeout("3m");
    const folder = tempFolder("fleet");
    const flown = await fly(python, { folder, buckets: 100, stacks: 3 }, async (args) => {
      const { code, stdout, stderr } = await audit(folder, args, KEYS);
      expect([code, stderr], stdout).to.deep.equal([2, ""]);
    });
    for (const { requests } of flown) expect(requests).to.be.at.most(4);
  });
});
