import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ROOT } from "../../../harness/engine/paths";
import { gate, PACKS, repository, type Outcome, type Repository } from "./gate";
import { schemaErrors } from "../report/sarif-schema";
import { needsEngine } from "../../../harness/engine/needs-engine";

const BUCKET_OFF =
  "s3-bucket-public-access-block is disabled in the policy pack's configuration, so no bucket was evaluated";
const nothingBy = (flag: string): string =>
  `the preview was of nothing (${flag}): every resource of the program was left out`;
const TO_ACCEPT = "; to accept that, give --accept-unevaluated";

/** The lines of the log that are about the verdict. */
const verdict = ({ code, stdout }: Outcome): unknown[] => [
  code,
  ...stdout.split("\n").filter((line) => /^(no verdict|not evaluated|No verdict|Passed|Blocked)/.test(line)),
];

/** What the SARIF report tells of the run. */
function notifications({ reports }: Outcome): string[] {
  const log = JSON.parse(reports.sarif ?? "") as {
    runs: [{ invocations: [{ toolConfigurationNotifications?: { message: { text: string } }[] }] }];
  };
  expect(schemaErrors(log)).to.deep.equal([]);
  const [{ toolConfigurationNotifications: list = [] }] = log.runs[0].invocations;
  return list.map(({ message }) => message.text);
}

describe("the gate, when something was not evaluated,", () => {
  needsEngine();
  let open: Repository;
  let locked: Repository;
  before(async () => {
    [open, locked] = await Promise.all([repository("gate-module"), repository("gate-locked")]);
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
  after(async () => {
    await Promise.all([open.remove(), locked.remove()]);
  });
  const config = (name: string): string[] => ["--policy-pack-config", `${name}.json`];

  for (const name of ["one", "twice"]) {
    it(`has no verdict when the policy of the buckets is off (${name})`, async () => {
      const outcome = await gate(open, config(name));
      expect(verdict(outcome)).to.deep.equal([
        2,
        `no verdict: ${BUCKET_OFF}${TO_ACCEPT}`,
        "No verdict on dev: that is not a pass.",
      ]);
      expect([outcome.reports.sarif, outcome.reports["code-quality"]]).to.deep.equal([undefined, undefined]);
      expect(outcome.reports.summary).to.contain("No verdict").and.not.contain("Passed");
    });
  }

  it("has no verdict when every policy is off, also by a variable that the CLI reads", async () => {
    const env = { PULUMI_OPTION_POLICY_PACK_CONFIG: join(open.root, "all.json") };
    for (const outcome of [await gate(open, config("all")), await gate(open, [], { env })]) {
      expect([outcome.code, outcome.stdout.includes(BUCKET_OFF)]).to.deep.equal([2, true]);
    }
  });

  it("passes what the user accepts, and says in each report that it was not evaluated", async () => {
    const outcome = await gate(open, [...config("one"), "--accept-unevaluated"], {
      env: { GITHUB_ACTIONS: "true" },
    });
    expect(verdict(outcome)).to.deep.equal([
      0,
      `not evaluated: ${BUCKET_OFF}`,
      "Passed as far as it was evaluated: no policy blocks dev; 0 advisory.",
    ]);
    expect(notifications(outcome)).to.deep.equal([BUCKET_OFF]);
    expect(outcome.reports.summary).to.contain(
      "## ⚠️ Passed as far as it was evaluated: no policy blocks <code>dev</code>",
    );
    expect(outcome.stdout).to.contain(`\n::warning title=Not evaluated::${BUCKET_OFF}\n`);
  });

  it("evaluates by one of two packs of this name when the other's policies are off", async () => {
    const twice = [ROOT, join(ROOT, "dist/policypack/index.js")].flatMap((pack) => ["--policy-pack", pack]);
    const outcome = await gate(locked, [
      ...twice,
      ...["one", "none"].flatMap((name) => ["--policy-pack-config", join(open.root, `${name}.json`)]),
    ]);
    expect(verdict(outcome)).to.deep.equal([
      0,
      "not evaluated: s3-bucket-public-access-block is disabled in 1 of the 2 policy packs s3-public-access-block",
      "Passed as far as it was evaluated: no policy blocks dev; 0 advisory.",
    ]);
  });

  it("tells of a policy that is off beside the one of the buckets, which blocks all the same", async () => {
    const outcome = await gate(open, config("other"));
    expect(verdict(outcome)).to.deep.equal([
      1,
      "not evaluated: s3-no-public-acl is disabled in the policy pack's configuration",
      "Blocked: 2 mandatory, 0 advisory in dev.",
    ]);
  });

  it("tells that another pack is off as a whole, and passes", async () => {
    const careless = ["--policy-pack", join(PACKS, "careless")];
    expect(verdict(await gate(open, [...careless, ...config("all")]))).to.deep.equal([
      0,
      "not evaluated: the policy pack careless evaluated nothing: each of its policies is disabled",
      "Passed as far as it was evaluated: no policy blocks dev; 0 advisory.",
    ]);
  });

  it("says where the pass is that what was found is advisory", async () => {
    const outcome = await gate(open, config("advisory"));
    expect(verdict(outcome)).to.deep.equal([0, "Passed: no policy blocks dev; 2 advisory."]);
    expect(outcome.reports.summary).to.contain(
      "## ✅ Passed: no policy blocks <code>dev</code>, though 2 findings are advisory\n",
    );
  });

  for (const [args, env, flag] of [
    [["--target", "**nothing**"], {}, "--target '**nothing**'"],
    [["-t**nothing**", "--target-dependents"], {}, "--target '**nothing**'"],
    [["--target-replace", "**nothing**"], {}, "--target '**nothing**'"],
    [["--exclude", "**"], {}, "--exclude '**'"],
    [["-x=**", "--exclude-dependents"], {}, "--exclude '**'"],
    [[], { PULUMI_OPTION_TARGET: "**nothing**,**none**" }, "--target '**nothing**' --target '**none**'"],
    [[], { PULUMI_OPTION_EXCLUDE: "**" }, "--exclude '**'"],
  ] as [string[], NodeJS.ProcessEnv, string][]) {
    it(`has no verdict on a preview of nothing: ${args.join(" ") || JSON.stringify(env)}`, async () => {
      expect(verdict(await gate(open, ["--", ...args], { env }))).to.deep.equal([
        2,
        `no verdict: ${nothingBy(flag)}${TO_ACCEPT}`,
        "No verdict on dev: that is not a pass.",
      ]);
    });
  }

  it("tells that a preview was partial, and passes or blocks what was in it", async () => {
    const partial = (flags: string): string =>
      `not evaluated: the preview was partial (${flags}): what it left out was not evaluated as the program would make it`;
    expect(verdict(await gate(locked, ["--", "--exclude", "**nothing**"]))).to.deep.equal([
      0,
      partial("--exclude '**nothing**'"),
      "Passed as far as it was evaluated: no policy blocks dev; 0 advisory.",
    ]);
    expect(verdict(await gate(open, ["--", "--target", "**::top"]))).to.deep.equal([
      1,
      partial("--target '**::top'"),
      "Blocked: 1 mandatory, 0 advisory in dev.",
    ]);
  });

  it("says by the preview's own arguments how to include a block that they leave out, and is right", async () => {
    const advice = async (...args: string[]): Promise<string[]> => {
      const { code, stdout } = await gate(locked, ["--", ...args]);
      expect(code).to.equal(1);
      const lines = stdout.split("\n").map((line) => line.replace(/^[ |]+/, ""));
      const at = lines.findIndex((line) => line.includes("leaves its public access block"));
      return lines.slice(at + 1, at + 3);
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
    const flags = `--import-file ${join(open.root, "import.json")} --refresh --run-program --replace **::top`;
    const outcome = await gate(open, [
      "--",
      ...flags.split(" "),
      "--save-plan",
      join(open.root, "plan.json"),
    ]);
    expect(verdict(outcome)).to.deep.equal([1, "Blocked: 2 mandatory, 0 advisory in dev."]);
  });

  it("has no verdict on a deployed stack of which nothing is targeted", async () => {
    const { code, stderr } = await locked.stack.up();
    expect(code, stderr).to.equal(0);
    expect(verdict(await gate(locked))).to.deep.equal([0, "Passed: no policy blocks dev; 0 advisory."]);
    expect(verdict(await gate(locked, ["--", "--target", "**nothing**"]))[0]).to.equal(2);
  });
});

describe("the gate, when a report can't be written after the preview,", () => {
  needsEngine();
  it("says which and why, has no verdict, and says nowhere that it passed", async () => {
    // The program puts a folder where the report would be.
    const obstacle = '\nrequire("fs").mkdirSync("../other/report/x", { recursive: true });\n';
    const repo = await repository("gate-locked", {
      prepare: (project) => {
        appendFileSync(join(project, "index.js"), obstacle);
        mkdirSync(join(project, "../other"));
      },
    });
    const args = ["--code-quality", "other/report"];
    const { code, stdout, stderr, reports } = await gate(repo, args, { env: { GITHUB_ACTIONS: "true" } });
    await repo.remove();
    const problem = `the report ${join(repo.root, "other/report")} can't be written: `;
    expect([code, stdout.includes(`no verdict: ${problem}`)], stdout).to.deep.equal([2, true]);
    expect(reports.sarif).to.equal(undefined);
    expect(reports.summary).to.contain("No verdict");
    expect([stdout, stderr, reports.summary].filter((text) => text?.includes("Passed"))).to.deep.equal([]);
  });
});
