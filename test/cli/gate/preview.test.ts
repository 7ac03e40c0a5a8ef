import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect } from "chai";
import { ROOT } from "../../harness/engine/paths";
import { gate, LOCKED, OPEN, PACKS, repository, type Outcome, type Repository } from "./gate";
import { FORMATS } from "../../../cli/report/formats";
import { jsonErrors, jsonReport, sarifRuns } from "../report/read";
import { junitSuites } from "../report/junit-reader";
import { needsEngine } from "../../harness/engine/needs-engine";
import { testdata } from "../../testdata";

const OWN = "s3-public-access-block";
const BUCKET = "aws:s3/bucket:Bucket";
const SECRET = "correct-horse-battery-staple";

const FOUND = testdata("preview/findings.yaml") as Record<string, string[]>;

interface Issue {
  location: { path: string; lines: { begin: number } };
}

/** Each result as one line: level, place, policy, resource. */
function results({ reports }: Outcome): string[] {
  return sarifRuns(reports.sarif)[0].results.map(
    ({ level, ruleId, locations: [{ physicalLocation, logicalLocations }] }) => {
      const { startLine, startColumn } = physicalLocation.region;
      const urn = logicalLocations[0].fullyQualifiedName.replace("urn:pulumi:dev::shop::", "");
      return `${level} ${physicalLocation.artifactLocation.uri}:${startLine}:${startColumn ?? "-"} ${ruleId} ${urn}`;
    },
  );
}

/** A PATH whose pulumi keeps the arguments of the preview, and may say to be of another version or run a command first. */
function watchedCli({ root, stack }: Repository, old: string, before = ":"): string {
  const { PATH = "" } = stack.env;
  const bin = join(root, "bin");
  mkdirSync(bin, { recursive: true });
  rmSync(join(root, "arguments"), { force: true });
  const script = `#!/bin/sh
echo "$@" >> "${join(root, "arguments")}"
${before}
if [ -n "${old}" ]; then case "$*" in
  version*) echo "${old}"; exit;;
  */index.js*) echo "error: failed to load policy pack: not a directory" >&2; exit 255;;
esac; fi
PATH="${PATH}" exec pulumi "$@"
`;
  writeFileSync(join(bin, "pulumi"), script, { mode: 0o755 });
  return `${bin}:${PATH}`;
}

describe("the gate, on a program with every kind of finding", () => {
  needsEngine();
  let repo: Repository;
  let outcome: Outcome;

  before(async () => {
    repo = await repository("gate-findings", { secret: SECRET });
    const urn = `urn:pulumi:dev::shop::${BUCKET}::press-kit`;
    const exemptions = [{ urn, reason: "press photos", expires: "2999-12-31" }];
    const config = { "s3-bucket-public-access-block": { exemptions } };
    writeFileSync(join(repo.root, "policy.json"), JSON.stringify(config));
    writeFileSync(join(repo.root, "none.json"), "{}");
    const packs = ["--policy-pack", ROOT, "--policy-pack-config", "policy.json"];
    const more = ["--policy-pack", join(PACKS, "careless"), "--policy-pack-config", "none.json"];
    outcome = await gate(repo, [...packs, ...more], { env: { GITHUB_ACTIONS: "true" } });
  });

  it("blocks, and places every finding on its line and column, that of a component's bucket in the component's file", () => {
    expect([outcome.code, outcome.stdout.includes("no verdict")], outcome.stderr).to.deep.equal([1, false]);
    expect(results(outcome)).to.deep.equal(FOUND["gate-findings"]);
  });

  it("has no secret in any report nor in the log, though a pack quotes it", () => {
    const texts = [outcome.stdout, outcome.stderr, ...Object.values(outcome.reports)];
    expect(texts.filter((text) => text?.includes(SECRET))).to.deep.equal([]);
    expect(outcome.stdout).to.match(/There is no owner in \{.*"token":"\[secret\]"/);
  });

  it("leaves nothing but the reports, which have the same findings in the documented forms", () => {
    expect(readdirSync(join(repo.root, "out")).sort()).to.deep.equal(FORMATS.map(({ name }) => name).sort());
    const issues = JSON.parse(outcome.reports["code-quality"] ?? "") as Issue[];
    const places = issues.map(({ location }) => `${location.path}:${location.lines.begin}`);
    expect(places).to.deep.equal(results(outcome).map((line) => /^\w+ (\S+?:\d+)/.exec(line)?.[1]));
    const report = jsonReport(outcome.reports.json);
    const [{ findings, policies }] = report.stacks;
    expect([report.exitCode, findings.length]).to.deep.equal([1, results(outcome).length]);
    expect(policies.map(({ policy }) => policy)).to.include.members(["s3-no-public-acl", "quotes-tags"]);
    const [suite] = junitSuites(outcome.reports.junit ?? "");
    const failures = suite?.cases.filter((each) => each.startsWith("failure ")) ?? [];
    expect([suite?.name, failures.length, suite?.counts.skipped]).to.deep.equal(["infra/Pulumi.yaml dev", 4, 1]);
    expect(outcome.reports.summary).to.contain("<b>Remediated (6)</b>");
    expect(suite?.cases).to.include(`passed ${OWN}.s3-no-public-acl every resource`);
  });
});

describe("the gate", () => {
  needsEngine();

  it("passes a locked program with empty, valid reports, by the pack that it comes with", async () => {
    const outcome = await gate(await repository(LOCKED));
    expect([outcome.code, results(outcome), outcome.reports["code-quality"]]).to.deep.equal([0, [], "[]\n"]);
    expect(outcome.reports.summary).to.match(
      /^<!-- s3-public-access-block infra%2FPulumi.yaml%20dev -->\n## ✅ Passed: 1 bucket in <code>dev<\/code>, locked\n\nPolicy packs: <code>s3-public-access-block [\d.]+<\/code>\n$/,
    );
  });

  it("runs its own pack under a CLI of any age, configures it, and asks for no version unless it fails", async () => {
    const [FILE, FOLDER] = ["dist/policypack/index.js", "dist/policypack"].map((path) => join(ROOT, path));
    const repo = await repository(OPEN);
    const urns = ["inner", "top"].map((name) => `urn:pulumi:dev::shop::${BUCKET}::${name}`);
    const exemptions = urns.map((urn) => ({ urn, reason: "a test" }));
    writeFileSync(join(repo.root, "config.json"), JSON.stringify({ "s3-bucket-public-access-block": { exemptions } }));
    for (const [old, ...runs] of [
      ["", FILE],
      ["v3.254.9", FILE, "version", FOLDER],
    ]) {
      const PATH = watchedCli(repo, old ?? "");
      const { code, stdout, stderr } = await gate(repo, ["--policy-pack-config", "config.json"], { env: { PATH } });
      const ran = readFileSync(join(repo.root, "arguments"), "utf8").trim().split("\n");
      expect(code, stdout + stderr).to.equal(0);
      expect(ran.map((line) => / --policy-pack (\S+) /.exec(line)?.[1] ?? line.split(" ")[0])).to.deep.equal(runs);
    }
  });

  it("writes one report to stdout with its text on stderr, and with --quiet nothing but the reports", async () => {
    const { code, stdout, stderr, reports } = await gate(await repository(OPEN), ["--json", "-"]);
    expect([code, jsonErrors(JSON.parse(stdout)), reports.json]).to.deep.equal([1, [], undefined]);
    expect(stderr).to.contain("s3-bucket-public-access-block");
    const quiet = await gate(await repository(OPEN), ["--quiet", "--summary", "-"]);
    expect([quiet.code, quiet.stdout.slice(0, 4)]).to.deep.equal([1, "<!--"]);
    expect(quiet.stderr).not.to.contain("s3-bucket-public-access-block");
    // Where another report can't be written, what goes to stdout says so.
    const repo = await repository(OPEN);
    const gone = join(repo.root, "gone");
    mkdirSync(gone);
    const PATH = watchedCli(repo, "", `rmdir "${gone}"`);
    const failed = await gate(repo, ["--sarif", "gone/r", "--json", "-"], { env: { PATH } });
    expect([failed.code, (JSON.parse(failed.stdout) as { verdict: string }).verdict]).to.deep.equal([2, "failed"]);
  });

  it("places findings in an ES module, also where Node.js tells no place, and those of a function when nothing changes", async () => {
    const repo = await repository("gate-module");
    expect(results(await gate(repo))).to.deep.equal(FOUND["gate-module"]);
    const { code, stderr } = await repo.stack.up();
    expect(code, stderr).to.equal(0);
    expect(results(await gate(repo))).to.include(FOUND["gate-module"]?.[1]);
  });

  it("places findings in the sources of a compiled program that has source maps", async () => {
    const compile = (project: string): void => {
      const entryPoints = ["index", "make"].map((name) => join(project, "src", `${name}.ts`));
      buildSync({ entryPoints, outdir: join(project, "dist"), sourcemap: true, format: "cjs", platform: "node" });
    };
    const outcome = await gate(await repository("gate-compiled", { prepare: compile }));
    expect(results(outcome)).to.deep.equal(FOUND["gate-compiled"]);
  });
});
