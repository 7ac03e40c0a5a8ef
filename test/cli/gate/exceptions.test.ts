import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { chosenPin } from "../../harness/engine/build";
import { needsEngine } from "../../harness/engine/needs-engine";
import { ROOT } from "../../harness/engine/paths";
import { jsonReport, sarifRuns } from "../report/read";
import { addProject, gate, OPEN, type Outcome, repository, type Repository } from "./gate";

const POLICY = "s3-bucket-public-access-block";
const REASON = "static site, reviewed";

/** The sample of docs/configuration.md, in which the CLI itself excepts a bucket: of these buckets. */
function excepting(...buckets: string[]): string {
  const page = readFileSync(join(ROOT, "docs/configuration.md"), "utf8");
  const [, sample = ""] = /```json\n(\{\n {2}"version": 2,[^]*?)```/.exec(page) ?? [];
  const urns = buckets.map((bucket) => JSON.stringify(`urn:pulumi:dev::shop::aws:s3/bucket:Bucket::${bucket}`));
  return sample.replace('"urn:pulumi:prod::website::aws:s3/bucket:Bucket::site"', urns.join(", "));
}

const stackOf = ({ reports }: Outcome) => jsonReport(reports.json).stacks[0];
const facts = (outcome: Outcome) => {
  const { verdict, findings } = stackOf(outcome);
  return [verdict, ...findings.map(({ name, kind, blocks }) => [name, kind, blocks].join(" "))];
};

const STACK = "urn:pulumi:dev::template::aws:cloudformation/stack:Stack::S";
const Resources = Object.fromEntries(["A", "B", "C"].map((name) => [name, { Type: "AWS::S3::Bucket" }]));
const TEMPLATE = [
  { type: "aws:cloudformation/stack:Stack", name: "S", props: { templateBody: JSON.stringify({ Resources }) } },
];

describe("the gate, where findings are exempt, or excepted by the CLI itself,", function () {
  needsEngine();
  this.timeout(300_000);
  let repo: Repository;
  let file: string;
  before(async () => {
    repo = await repository(OPEN);
    file = join(repo.root, "exceptions.json");
  });

  it("speaks of each bucket of a template by its address, and exempts only the one that is named", async () => {
    await addProject(repo, TEMPLATE, "template");
    const exemptions = [STACK, `${STACK}#/Resources/A`].map((urn) => ({ urn, reason: "SEC-7, reviewed" }));
    exemptions.push({ urn: `${STACK}#/Resources/B`, reason: "a rule for all exemptions forbids this one" });
    const all = { enforcementLevel: "mandatory", exemptionRules: { reasonPattern: "^SEC-" } };
    writeFileSync(file, JSON.stringify({ all, [POLICY]: { exemptions } }));
    const args = ["--policy-pack-config", "exceptions.json"];
    const outcome = await gate(repo, args, { which: "--stack dev --cwd template" });
    const { code, stderr, stdout, reports } = outcome;
    expect(code, stdout + stderr).to.equal(1);
    const inTemplate = stackOf(outcome).findings.filter(({ urn }) => urn.startsWith(STACK));
    expect(inTemplate.map(({ urn, blocks, kind, placedAt }) => [urn, blocks, kind, placedAt])).to.deep.equal([
      [`${STACK}#/Resources/B`, true, "violation", STACK],
      [`${STACK}#/Resources/C`, true, "violation", STACK],
      [`${STACK}#/Resources/A`, false, "exempt", STACK],
    ]);
    expect(reports.json).to.include("breaks all.exemptionRules.reasonPattern, so that it doesn't hold: a rule for all");
    const [{ results }] = sarifRuns(reports.sarif);
    const marks = results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
    expect(new Set(marks).size).to.equal(marks.length);
    const shown = [reports.sarif, reports.junit, stdout, reports.summary?.replaceAll("&#35;", "#")];
    for (const form of shown) expect(form).to.include("S#/Resources/A").and.include("S#/Resources/B");
  });

  if (chosenPin() === "older") {
    it("has no verdict with a CLI that can't read them, and names its version and the file", async () => {
      writeFileSync(file, excepting("inner", "top"));
      const outcome = await gate(repo, ["--policy-pack-config", "exceptions.json"]);
      expect(outcome.code).to.equal(2);
      expect(stackOf(outcome).problems[0]).to.match(
        /^the Pulumi CLI is v3\.\d+\.\d+, which can't read \S+exceptions\.json, a configuration of version 2: 3\.274\.0 or newer can$/,
      );
    });
    return;
  }

  it("passes as the CLI does, and tells the reason in the job's log, as annotations, and in every report", async () => {
    writeFileSync(file, excepting("inner", "top"));
    const cli = await repo.stack.preview({ packs: [join(ROOT, "dist/policypack")], configs: [file] });
    expect(cli.code, cli.stdout + cli.stderr).to.equal(0);
    expect(cli.stdout).to.match(new RegExp(`\\[exempted\\] +${POLICY} +\\(2 violations\\)`));

    const env = { GITHUB_ACTIONS: "true" };
    const outcome = await gate(repo, ["--policy-pack-config", "exceptions.json"], { env });
    const { code, stdout, reports } = outcome;
    expect(code, stdout + outcome.stderr).to.equal(0);
    expect(stdout).to.match(new RegExp(`^- \\[advisory, exempt\\] 2 × inner: Exempt: ${REASON}$`, "m"));
    expect(stdout)
      .to.match(new RegExp(`^::notice .*${REASON}`, "m"))
      .and.not.match(/^::(error|warning) /m);
    expect(facts(outcome)).to.deep.equal(["passed", "inner exempt false", "top exempt false"]);
    const shown = [reports.sarif, reports.summary, reports.junit, reports["code-quality"]];
    for (const form of shown) expect(form).to.contain(REASON);
  });

  it("still blocks what they don't match", async () => {
    writeFileSync(file, excepting("inner"));
    const outcome = await gate(repo, ["--policy-pack-config", "exceptions.json"]);
    expect(outcome.code, outcome.stdout + outcome.stderr).to.equal(1);
    expect(facts(outcome)).to.deep.equal(["blocked", "top violation true", "inner exempt false"]);
  });
});
