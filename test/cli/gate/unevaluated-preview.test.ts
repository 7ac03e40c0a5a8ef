import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { needsEngine } from "../../harness/engine/needs-engine";
import { ROOT } from "../../harness/engine/paths";
import { sarifRuns } from "../report/read";
import { gate, LOCKED, OPEN, PACKS, repository, type Outcome, type Repository } from "./gate";

const BUCKET_OFF =
  "s3-bucket-public-access-block is disabled in the policy pack's configuration, so no bucket was evaluated";
const TO_ACCEPT = "; to accept that, give --accept-unevaluated";
const NO_VERDICT = "No verdict on dev: that is not a pass.";
const PASSED = "Passed as far as it was evaluated: no policy blocks dev.";

/** The exit code and the lines of the log that are about the verdict. */
const verdict = ({ code, stdout }: Outcome): unknown[] => [
  code,
  ...stdout.split("\n").filter((line) => /^(no verdict|not evaluated|No verdict|Passed|Blocked)/.test(line)),
];

/** What the SARIF report tells of the run. */
function notifications({ reports }: Outcome): string[] {
  const [{ toolConfigurationNotifications: list = [] }] = sarifRuns(reports.sarif)[0].invocations;
  return list.map(({ message }) => message.text);
}

// What follows from the events: unevaluated.unit.test.ts. Here the CLI has to send them so.
describe("the gate, when something was not evaluated,", () => {
  needsEngine();
  let open: Repository;
  let locked: Repository;
  before(async () => {
    [open, locked] = await Promise.all([repository(OPEN), repository(LOCKED)]);
    const files = {
      all: '{"all": "disabled"}',
      one: '{"s3-bucket-public-access-block": "disabled"}',
      twice: '{"s3-bucket-public-access-block": "mandatory", "s3-bucket-public-access-block": "disabled"}',
      other: '{"s3-no-public-acl": "disabled"}',
      advisory: '{"all": "advisory"}',
      none: "{}",
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(open.root, `${name}.json`), text);
  });
  const config = (...names: string[]): string[] =>
    names.flatMap((name) => ["--policy-pack-config", join(open.root, `${name}.json`)]);
  const packs = (...paths: string[]): string[] => paths.flatMap((path) => ["--policy-pack", path]);

  it("has no verdict when the policy of the buckets is off, though the file first says that it isn't, or by a variable of the CLI's", async () => {
    const outcome = await gate(open, config("twice"));
    expect(verdict(outcome)).to.deep.equal([2, `no verdict: ${BUCKET_OFF}${TO_ACCEPT}`, NO_VERDICT]);
    expect([outcome.reports.sarif, outcome.reports["code-quality"]]).to.deep.equal([undefined, undefined]);
    expect(outcome.reports.summary).to.contain("No verdict").and.not.contain("Passed");
    const env = { PULUMI_OPTION_POLICY_PACK_CONFIG: join(open.root, "all.json") };
    const { code, stdout } = await gate(open, [], { env });
    expect([code, stdout.includes(BUCKET_OFF)]).to.deep.equal([2, true]);
  });

  it("passes what the user accepts, and says in each report that it was not evaluated", async () => {
    const args = [...config("one"), "--accept-unevaluated"];
    const outcome = await gate(open, args, { env: { GITHUB_ACTIONS: "true" } });
    expect(verdict(outcome)).to.deep.equal([0, `not evaluated: ${BUCKET_OFF}`, PASSED]);
    expect(notifications(outcome)).to.deep.equal([BUCKET_OFF]);
    expect(outcome.reports.summary).to.contain(
      "## ⚠️ Passed as far as it was evaluated: no policy blocks <code>dev</code>",
    );
    expect(outcome.stdout).to.contain(`\n::warning title=Not evaluated::${BUCKET_OFF}\n`);
  });

  it("evaluates by one of two packs of this name when the other's policies are off", async () => {
    const twice = packs(ROOT, join(ROOT, "dist/policypack/index.js"));
    expect(verdict(await gate(locked, [...twice, ...config("one", "none")]))).to.deep.equal([
      0,
      "not evaluated: s3-bucket-public-access-block is disabled in 1 of the 2 policy packs s3-public-access-block",
      PASSED,
    ]);
  });

  it("says that another policy is off, or another pack as a whole, and blocks all the same", async () => {
    const outcome = await gate(open, [...packs(ROOT, join(PACKS, "careless")), ...config("other", "all")]);
    expect(verdict(outcome)).to.deep.equal([
      1,
      "not evaluated: the policy pack careless evaluated nothing: each of its policies is disabled",
      "not evaluated: s3-no-public-acl is disabled in the policy pack's configuration",
      "Blocked: 2 of 2 buckets in dev can be opened to the public. 1 cause, 2 findings.",
    ]);
  });

  it("says that a preview was partial, and passes or blocks what was in it", async () => {
    const partial = (flags: string): string =>
      `not evaluated: the preview was partial (${flags}): the excluded resources were evaluated as deployed, not as the program declares them`;
    const passed = await gate(locked, ["--", "--exclude", "**nothing**"]);
    expect(verdict(passed)).to.deep.equal([0, partial("--exclude '**nothing**'"), PASSED]);
    const blocked = await gate(open, ["--", "--target", "**::top"]);
    const text = "Blocked: 1 of 2 buckets in dev can be opened to the public. 1 cause, 1 finding.";
    expect(verdict(blocked)).to.deep.equal([1, partial("--target '**::top'"), text]);
  });

  it("says by the preview's own arguments how to include a block that they leave out, and is right", async () => {
    const advice = async (...args: string[]): Promise<string[]> => {
      const { code, stdout } = await gate(locked, ["--", ...args]);
      expect(code).to.equal(1);
      const lines = stdout.split("\n").map((line) => line.replace(/^[ |]+/, ""));
      const at = lines.findIndex((line) => line.includes("leaves its public access block"));
      return lines.slice(at + 2, at + 4); // After the policy and the URN.
    };
    const block = "**BucketPublicAccessBlock::*";
    expect(await advice("--exclude", block, "--exclude", "**none")).to.deep.equal([
      "Remove from the preview's arguments:",
      `--exclude '${block}'`,
    ]);
    const target = ["--target", "**:Bucket::*"];
    const [heading, flag = ""] = await advice(...target);
    expect([heading, /^--target '?urn:.*$/.test(flag)]).to.deep.equal(["Add it to the preview:", true]);
    const added = flag.replaceAll("'", "").split(" ");
    expect((await gate(locked, ["--", ...target, ...added])).code).to.equal(0);
  });

  it("evaluates all the same with --import-file, --refresh, --run-program, --replace and --save-plan", async () => {
    const files = `--import-file ${join(open.root, "import.json")} --save-plan ${join(open.root, "plan.json")}`;
    const flags = `${files} --refresh --run-program --replace **::top`;
    const outcome = await gate(open, ["--", ...flags.split(" ")]);
    expect(verdict(outcome)).to.deep.equal([
      1,
      "Blocked: 2 of 2 buckets in dev can be opened to the public. 1 cause, 2 findings.",
    ]);
  });

  // Further spellings of the flags: unevaluated.unit.test.ts.
  it("has no verdict on a preview of nothing, new or deployed, however that is said", async () => {
    const cases: [string, string, NodeJS.ProcessEnv?][] = [
      ["-t**nothing** --target-dependents", "--target '**nothing**'"],
      ["--target-replace **nothing**", "--target '**nothing**'"],
      ["-x=** --exclude-dependents", "--exclude '**'"],
      ["", "--target '**nothing**' --target '**none**'", { PULUMI_OPTION_TARGET: "**nothing**,**none**" }],
    ];
    for (const [args, flag, env = {}] of cases) {
      const nothing = `nothing was previewed (${flag}): every resource was excluded`;
      const outcome = await gate(open, ["--", ...args.split(" ").filter(Boolean)], { env });
      expect(verdict(outcome)).to.deep.equal([2, `no verdict: ${nothing}${TO_ACCEPT}`, NO_VERDICT]);
    }
    const { code, stderr } = await locked.stack.up();
    expect(code, stderr).to.equal(0);
    expect(verdict(await gate(locked, ["--", "--target", "**nothing**"]))[0]).to.equal(2);
  });
});
