import { expect } from "chai";
import { needsEngine } from "../../harness/engine/needs-engine";
import { ROOT } from "../../harness/engine/paths";
import { describeWithPython } from "../../harness/python/needs-python";
import { inspect, s3Client } from "../../harness/s3/client";
import { startS3 } from "../../harness/s3/world";
import { findingsIn, gate, replaced, repository } from "./gate";

/** Those of gate-lost whose loss the pack itself can't see. */
const LOST = ["renamed", "renamed-skipped-late", "moved", "one-of-two", "retained", "replaced"];
const KEPT = ["renamed-alias", "renamed-skipped", "moved-alias", "replaced-first", "unchanged"];

describeWithPython("A preview that takes blocks away, and the update that the pack passes", (python) => {
  needsEngine();

  it("the gate blocks what is open in S3 afterwards, and nothing that stays closed", async function () {
    this.timeout("10m");
    const { moto, gateway, stop } = await startS3(python);
    const repo = await repository("gate-lost");
    try {
      const client = s3Client(moto.endpoint);
      const all = [...LOST, ...KEPT].sort();
      const open = async (): Promise<string[]> => {
        const blocks = await Promise.all(all.map(async (name) => (await inspect(client, name)).block));
        return all.filter((_, at) => typeof blocks[at] === "string");
      };
      const s3 = { STANDIN_S3_ENDPOINT: gateway.endpoint, BUCKETS: all.join(",") };
      const first = await repo.stack.up({ packs: [ROOT], env: s3 });
      expect([first.code, await open()], first.stdout + first.stderr).to.deep.equal([0, []]);

      const env = { ...s3, STAGE: "after" };
      const outcome = await gate(repo, ["--policy-pack", ROOT, "--", ...replaced.slice(0, 4)], { env });
      const up = await repo.stack.up({ packs: [ROOT], env, args: replaced.slice(0, 4) });
      expect([outcome.code, up.code], outcome.stdout + up.stdout + up.stderr).to.deep.equal([1, 0]);
      const blocked = findingsIn(outcome).flatMap(
        (each) => /\[mandatory\].*aws:s3\/bucket:Bucket::(.*)/.exec(each)?.[1] ?? [],
      );
      expect([blocked.sort(), await open()]).to.deep.equal([[...LOST].sort(), [...LOST].sort()]);
    } finally {
      await stop();
    }
  });
});
