import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { needsEngine } from "../../harness/engine/needs-engine";
import { ROOT } from "../../harness/engine/paths";
import SENTENCES from "../../../policypack/findings/sentences.json";
import { findingsIn, gate, replaced, repository, type Outcome, type Repository } from "./gate";

const OWN = "s3-public-access-block";
const BUCKET = "aws:s3/bucket:Bucket::";

// One program holds all the cases: test/programs/gate-lost/buckets.yaml. lost-in-s3.tools.test.ts asks S3 itself.
describe("the gate, on a preview that takes blocks away", () => {
  needsEngine();
  let repo: Repository;
  let byFolder: Outcome;
  let byFile: Outcome;

  before(async function () {
    this.timeout("5m");
    repo = await repository("gate-lost", { packages: ["site"] });
    const exemption = { urn: `urn:pulumi:dev::shop::${BUCKET}renamed-exempt`, reason: "goes public on Monday" };
    const config = { "s3-bucket-public-access-block": { exemptions: [exemption] } };
    writeFileSync(join(repo.root, "policy.json"), JSON.stringify(config));
    const { code, stdout, stderr } = await repo.stack.up();
    expect(code, stdout + stderr).to.equal(0);
    const run = (pack: string) => {
      const args = ["--policy-pack", pack, "--policy-pack-config", "policy.json", "--", ...replaced];
      return gate(repo, args, { env: { STAGE: "after" } });
    };
    byFolder = await run(ROOT);
    byFile = await run(join(ROOT, "dist/policypack/index.js"));
  });
  after(() => repo.remove());

  it("blocks each loss, once and where the bucket is made, and nothing that keeps its block", () => {
    const mandatory = findingsIn(byFolder).filter((each) => each.includes("[mandatory"));
    const at = "infra/index.js:22:16 [mandatory]";
    const lost = `${OWN}/s3-lost-public-access-block`;
    expect(mandatory.map((each) => each.replace(at, "[here]")).sort(), byFolder.stdout).to.deep.equal(
      [
        ...["moved", "one-of-two", "renamed", "renamed-secret", "renamed-skipped-late", "replaced"].map(
          (name) => `[here] ${lost} ${BUCKET}${name}`,
        ),
        `[here] ${OWN}/s3-bucket-public-access-block ${BUCKET}dropped`,
        `[mandatory] ${lost} ${BUCKET}retained`,
        `infra/index.js:34:61 [mandatory] ${lost} aws:index/s3Bucket:S3Bucket::bridged`,
        `infra/index.js:34:61 [mandatory] ${lost} site:tf:aws_s3_bucket::module.site.aws_s3_bucket.this`,
        `infra/index.js:34:61 [mandatory] ${lost} aws:cloudcontrol/resource:Resource::control`,
        `infra/index.js:34:61 [mandatory] ${lost} aws:cloudformation/stack:Stack::stack#/Resources/Data`,
        `infra/index.js:35:61 [mandatory] ${lost} aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock::two`,
      ].sort(),
    );
    expect(byFolder.code).to.equal(1);
  });

  it("passes one that the configuration of the pack exempts, and knows the program's language", () => {
    const exempt = `[advisory, exempt] ${OWN}/s3-lost-public-access-block ${BUCKET}renamed-exempt`;
    expect(findingsIn(byFolder).filter((each) => each.includes("exempt] "))).to.deep.equal([
      `infra/index.js:22:16 ${exempt}`,
    ]);
    expect(byFolder.stdout).not.to.contain(SENTENCES.tail.guessed);
  });

  it("finds the same by the pack as a folder and as an executable", () => {
    expect([byFile.code, findingsIn(byFile)]).to.deep.equal([1, findingsIn(byFolder)]);
  });
});
