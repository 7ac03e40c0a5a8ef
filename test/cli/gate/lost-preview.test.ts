import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { needsEngine } from "../../harness/engine/needs-engine";
import { ROOT } from "../../harness/engine/paths";
import SENTENCES from "../../../policypack/findings/sentences.json";
import { findingsIn, gate, replaced, repository, type Outcome, type Repository } from "./gate";
import { testdata } from "../../testdata";

const OWN = "s3-public-access-block";
const LOST = "s3-lost-public-access-block";
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

  it("blocks each loss, once and where the bucket is made, and nothing that keeps its block", () => {
    const mandatory = findingsIn(byFolder).filter((each) => each.includes("[mandatory"));
    const found = mandatory.map((each) => each.replace(`[mandatory] ${OWN}/`, "").replace(`${LOST} `, ""));
    const { "gate-lost": wanted = [] } = testdata("preview/findings.yaml") as Record<string, string[]>;
    expect(found.sort(), byFolder.stdout).to.deep.equal(wanted.toSorted());
    expect(byFolder.code).to.equal(1);
  });

  it("passes one that the configuration of the pack exempts, and knows the program's language", () => {
    const exempt = `[advisory, exempt] ${OWN}/${LOST} ${BUCKET}renamed-exempt`;
    expect(findingsIn(byFolder).filter((each) => each.includes("exempt] "))).to.deep.equal([
      `infra/index.js:22:16 ${exempt}`,
    ]);
    expect(byFolder.stdout).not.to.contain(SENTENCES.tail.guessed);
  });

  it("finds the same by the pack as a folder and as an executable", () => {
    expect([byFile.code, findingsIn(byFile)]).to.deep.equal([1, findingsIn(byFolder)]);
  });
});
