import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { engine } from "../harness/engine";
import { run } from "../harness/engine/command";
import { CACHE, ROOT } from "../harness/engine/paths";
import { environment } from "../harness/python/environment";
import { describeWithPython, say } from "../harness/python/needs-python";
import { needsEngine } from "../harness/engine/needs-engine";

interface Preview {
  passed: boolean;
  creates: string[];
  violations: { policy: string; level: string; urn: string }[];
  /** What the Automation API's error says. */
  failure: string | null;
}

describeWithPython("The original Python program, previewed under the pack through the Automation API", (python) => {
  needsEngine();
  let executable: string;

  before(async function () {
    this.timeout("10m");
    executable = await environment(python, join(__dirname, "requirements.txt"), say);
  });

  async function preview(variant: "with-block" | "without-block"): Promise<Preview> {
    const { env } = await engine();
    mkdirSync(CACHE, { recursive: true });
    const folder = mkdtempSync(join(CACHE, "python-"));
    try {
      const { stdout, stderr } = await run(executable, [join(__dirname, "preview.py"), folder, ROOT, variant], {
        env: { ...env, PULUMI_CONFIG_PASSPHRASE: "passphrase", PYTHONDONTWRITEBYTECODE: "1" },
      });
      if (stdout === "") throw new Error(stderr);
      return JSON.parse(stdout) as Preview;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  const found = ({ violations }: Preview): string[] =>
    violations.map(({ policy, level, urn }) => `${level} ${policy}: ${urn.split("::").slice(2).join("::")}`);
  const BUCKET = "aws:s3/bucket:Bucket";
  const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

  it("passes, with a note on its block, which has no skipDestroy", async () => {
    const run = await preview("with-block");
    expect([run.passed, run.failure, run.creates]).to.deep.equal([true, null, [BUCKET, BLOCK]]);
    const note = `advisory s3-public-access-block-skip-destroy: ${BLOCK}::aiDataBucketAccessBlock`;
    expect(found(run)).to.deep.equal([note]);
  });

  it("is blocked without its public access block", async () => {
    const run = await preview("without-block");
    expect([run.passed, run.creates]).to.deep.equal([false, [BUCKET]]);
    expect(found(run)).to.deep.equal([`mandatory s3-bucket-public-access-block: ${BUCKET}::aiDataBucket`]);
    expect(run.failure).to.include("s3-bucket-public-access-block  (aws:s3:Bucket: aiDataBucket)");
  });
});
