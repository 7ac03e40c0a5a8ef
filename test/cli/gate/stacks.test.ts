import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { needsEngine } from "../../harness/engine/needs-engine";
import { bucket } from "../../programs/resources";
import { jsonReport, sarifRuns } from "../report/read";
import { junitSuites } from "../report/junit-reader";
import {
  addProject,
  addStack,
  gate,
  LOCKED,
  OPEN,
  type Outcome,
  repository,
  type Repository,
  runningAfter,
  whenHanging,
} from "./gate";

const OWN_PACK = join(__dirname, "../../../dist/policypack");

const stacksOf = ({ reports }: Outcome) => jsonReport(reports.json).stacks;
const verdicts = (outcome: Outcome): string[] =>
  stacksOf(outcome).map(({ project, stack, verdict }) => `${project} ${stack} ${verdict}`);
const categories = ({ reports }: Outcome): string[] =>
  sarifRuns(reports.sarif).map(({ automationDetails }) => automationDetails.id);

describe("the gate, on several stacks", function () {
  needsEngine();
  this.timeout(300_000);
  let repo: Repository;
  before(async () => {
    repo = await repository(LOCKED);
    await addProject(repo, OPEN, "web");
    await addProject(repo, [bucket("half", { props: { bucket: "${none.id}" } })], "broken");
    await addStack(repo, "infra", "prod");
  });

  it("has one run, one summary and one report of each format for two projects, and the worst exit code", async () => {
    const outcome = await gate(repo, [], { which: "--stack dev --cwd infra --cwd web" });
    const { code, stdout, reports } = outcome;
    expect(code, stdout).to.equal(1);
    expect(verdicts(outcome)).to.deep.equal(["infra/Pulumi.yaml dev passed", "web/Pulumi.yaml dev blocked"]);
    expect(categories(outcome)).to.deep.equal([
      "s3-public-access-block/infra/Pulumi.yaml/dev/",
      "s3-public-access-block/web/Pulumi.yaml/dev/",
    ]);
    expect(junitSuites(reports.junit ?? "").map(({ name }) => name)).to.deep.equal([
      "infra/Pulumi.yaml dev",
      "web/Pulumi.yaml dev",
    ]);
    expect(reports.summary).to.contain("## ❌ 2 stacks. Blocked: 1; Passed: 1\n");
    expect(stdout.trimEnd().split("\n").at(-1)).to.equal("2 stacks. Blocked: web dev; Passed: infra dev.");
  });

  it("configures its own pack by the file beside Pulumi.yaml or at the repository's root, and says which it was", async () => {
    const exemptions = [{ urn: "urn:pulumi:dev::web::aws:s3/bucket:Bucket::inner", reason: "reviewed" }];
    const files = {
      "s3-public-access-block.json": { all: "advisory" },
      "web/s3-public-access-block.json": { "s3-bucket-public-access-block": { exemptions } },
    };
    for (const [file, content] of Object.entries(files)) writeFileSync(join(repo.root, file), JSON.stringify(content));
    const both = await gate(repo, [], { which: "--stack dev --cwd infra --cwd web" });
    expect(stacksOf(both).map(({ configuration, findings }) => [configuration, findings.length])).to.deep.equal(
      Object.keys(files).map((file, at) => [file, 2 * at]),
    );
    expect([
      both.stdout.match(/^Configuration: .*/gm),
      both.reports.summary?.match(/^Configuration: .*/m)?.[0],
    ]).to.deep.equal([
      Object.keys(files).map((file) => `Configuration: ${file}`),
      `Configuration: ${Object.keys(files)
        .map((file) => `<code>${file}</code>`)
        .join(", ")}`,
    ]);
    expect(both.stdout).to.contain("\nBlocked: 1 of 2 buckets in dev");
    // It isn't that of a pack that is named, nor read where another file is.
    const own = await gate(repo, ["--policy-pack", OWN_PACK], { which: "--stack dev --cwd web" });
    const named = await gate(repo, ["--config", "s3-public-access-block.json"], { which: "--stack dev --cwd web" });
    for (const name of Object.keys(files)) rmSync(join(repo.root, name));
    expect([own, named].map((each) => [each.code, stacksOf(each)[0].configuration])).to.deep.equal([
      [1, undefined],
      [0, undefined],
    ]);
    expect(own.stdout).to.contain("\nBlocked: 2 of 2 buckets in dev");
  });

  it("previews every stack of a project that there is", async () => {
    const outcome = await gate(repo, [], { which: "--all --cwd infra --jobs 1" });
    expect(outcome.code, outcome.stdout).to.equal(0);
    expect(verdicts(outcome)).to.deep.equal(["infra/Pulumi.yaml dev passed", "infra/Pulumi.yaml prod passed"]);
  });

  it("shows what blocks one stack though another has no verdict, and says whose output is whose", async () => {
    const outcome = await gate(repo, [], { which: "--stack dev --cwd broken --cwd web" });
    expect(outcome.code).to.equal(2);
    const [broken, web] = stacksOf(outcome);
    expect([broken.verdict, web?.verdict, web?.findings.length]).to.deep.equal(["failed", "blocked", 2]);
    expect(categories(outcome)).to.deep.equal(["s3-public-access-block/web/Pulumi.yaml/dev/"]);
    expect(outcome.reports["code-quality"]).to.equal(undefined);
    expect(outcome.stderr).to.match(/^\[broken dev\] .*the program has no resource none/m);
  });

  it("ends those that run when it is interrupted, and begins no other", async () => {
    const hanging = await repository("../harness/programs/hang");
    for (const name of ["one", "two"]) await addStack(hanging, "infra", name);
    let processes: number[] = [];
    const started = whenHanging((pid, all) => {
      processes = all;
      process.kill(pid, "SIGTERM");
    }, 2);
    const outcome = await gate(hanging, [], { started, which: "--stack dev --stack one --stack two --cwd infra" });
    expect([outcome.code, stacksOf(outcome).map(({ stack, problems }) => [stack, ...problems])]).to.deep.equal([
      2,
      ["dev", "one", "two"].map((name) => [name, "interrupted by SIGTERM"]),
    ]);
    expect(outcome.stderr).not.to.contain("[infra two]");
    expect(processes.length).to.be.above(4); // Two CLIs, their language hosts and programs at least.
    expect(await runningAfter(200, processes)).to.deep.equal([]);
  });
});
