import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { runSync } from "../../harness/engine/command";
import { ROOT } from "../../harness/engine/paths";
import {
  childrenOf,
  CLI,
  gate,
  jobless,
  LOCKED,
  PACKS,
  repository,
  runningAfter,
  whenHanging,
  type Outcome,
  type Repository,
} from "./gate";
import { needsEngine } from "../../harness/engine/needs-engine";
import { tempFolder } from "../../temp-folder";

/** What there is to see of a run that came to no verdict. The summary says so too; the other reports are not there. */
function told({ code, stdout, reports }: Outcome) {
  const lines = stdout.split("\n").filter((line) => line !== "" && !/^(- | {2}\| )/.test(line));
  const [, , , ...summary] = reports.summary?.split("\n") ?? [];
  return {
    code,
    lines,
    summary: summary.filter((line) => line.startsWith("- ")).map((line) => line.slice(2).replace("&#58;", ":")),
    others: [reports.sarif, reports["code-quality"]],
  };
}

function noVerdict(...problems: string[]) {
  return {
    code: 2,
    lines: [...problems.map((problem) => `no verdict: ${problem}`), "No verdict on dev: that is not a pass."],
    summary: problems,
    others: [undefined, undefined],
  };
}

const isPack = (pid: number): boolean => {
  const { stdout } = runSync("ps", ["-o", "args=", "-p", String(pid)]);
  return /^\S*node\b.* \S*(policypack\/index\.js|run-policy-pack)/.test(stdout);
};

describe("there is no verdict, and the gate exits with 2 and says so,", () => {
  needsEngine();
  let locked: Repository;
  let hanging: Repository;
  before(async () => {
    [locked, hanging] = await Promise.all([repository(LOCKED), repository("../harness/programs/hang")]);
  });

  const failed = "pulumi preview failed with exit code 1 for a reason other than a policy";
  const didNotRun = noVerdict("1 of 1 policy packs did not run", failed, "the preview ended early: it has no summary");

  it("when the policy pack crashes as it starts, or is missing", async () => {
    for (const [pack, reason] of [
      [join(PACKS, "crash"), "the policy pack is broken"],
      ["nowhere", `"${join(locked.root, "nowhere")}"`],
    ] as const) {
      const outcome = await gate(locked, ["--policy-pack", pack]);
      expect(told(outcome)).to.deep.equal(didNotRun);
      expect(outcome.stderr).to.contain(reason);
    }
  });

  // Further mistakes: test/testdata/audit/config-mistakes.yaml.
  it("when the configuration names a policy that isn't there, and says which is", async () => {
    const file = join(locked.root, "config.json");
    writeFileSync(file, '{ "s3-bucket-public-access-blok": { "exemptions": [] } }');
    const { code, lines } = told(await gate(locked, ["--policy-pack-config", file]));
    expect([code, lines]).to.deep.equal([
      2,
      [
        `no verdict: ${file}: s3-bucket-public-access-blok: unknown policy; did you mean s3-bucket-public-access-block?`,
        "No verdict on dev: that is not a pass.",
      ],
    ]);
  });

  it("when a policy crashes as it evaluates, in one of several policy packs", async () => {
    const packs = ["careless", "broken"].flatMap((name) => ["--policy-pack", join(PACKS, name)]);
    const outcome = await gate(locked, packs);
    expect(told(outcome)).to.deep.equal(noVerdict("the policy pack broken did not evaluate the stack", failed));
    expect(outcome.stderr).to.contain("the policy is broken");
  });

  it("when the program breaks off, though a violation was found before that", async () => {
    const outcome = await gate(await repository("gate-throws"));
    expect(told(outcome)).to.deep.equal(noVerdict("the policy pack s3-public-access-block did not evaluate the stack"));
    expect(outcome.stdout).to.contain("- infra/index.js:5:14 [mandatory] The ACL of");
    expect(outcome.stderr).to.contain("the program is broken");
  });

  it("when the preview fails for another reason than a policy", async () => {
    const outcome = await gate(locked, ["--", "--expect-no-changes"]);
    expect([outcome.code, told(outcome).others]).to.deep.equal([2, [undefined, undefined]]);
  });

  for (const [form, args] of [
    ["an executable", []],
    ["a folder", ["--policy-pack", ROOT]],
  ] as const) {
    it(`when the CLI is killed, and the policy pack, run as ${form}, doesn't stay behind`, async () => {
      let packs: number[] = [];
      const started = whenHanging((gatePid, descendants) => {
        packs = descendants.filter(isPack);
        for (const cli of childrenOf(gatePid)) process.kill(cli, "SIGKILL");
      });
      expect(told(await gate(hanging, args, { started }))).to.deep.equal(noVerdict("pulumi was ended by SIGKILL"));
      expect(packs).to.have.length(1);
      const left = await runningAfter(50, packs);
      for (const pid of left) process.kill(pid, "SIGKILL");
      expect(left).to.deep.equal([]);
    });
  }

  // By SIGTERM: stacks.test.ts.
  it("when it is interrupted by SIGINT, and it stops the CLI and all that the CLI started", async () => {
    mkdirSync(join(hanging.root, "out"), { recursive: true });
    for (const report of ["sarif", "code-quality"])
      writeFileSync(join(hanging.root, "out", report), "of an earlier run");
    let processes: number[] = [];
    const started = whenHanging((gatePid, descendants) => {
      processes = descendants;
      process.kill(gatePid, "SIGINT");
    });
    const outcome = await gate(hanging, [], { started });
    expect(told(outcome)).to.deep.equal(noVerdict("interrupted by SIGINT"));
    expect(readdirSync(join(hanging.root, "out")).sort()).to.deep.equal(["json", "junit", "ocsf", "summary"]);
    expect(processes.length).to.be.above(2); // The CLI, the language host and the program at least.
    expect(await runningAfter(400, processes)).to.deep.equal([]);
  });
});

describe("the gate's command line", () => {
  let folder: string;
  beforeEach(() => {
    folder = tempFolder("gate");
  });
  const run = (args: string[], env: NodeJS.ProcessEnv = {}, limitMs = 60_000) =>
    runSync(process.execPath, [CLI, ...args], {
      ...{ cwd: folder, env: { ...jobless(process.env), ...env }, keepColors: true, limitMs },
    });

  it("prints no value of the user's as a command, and says what it can't be run with", () => {
    const { stderr } = run(["preview", "--stack", "x", "--", "--json=\n::error::forged ##[error]forged"]);
    expect(stderr.split("\n").filter((line) => line.includes("forged"))).to.deep.equal([
      '\\::error::forged ##\\[error]forged can\'t be given after "--": the gate sets it itself',
    ]);
    const odd = run(["preview", "--stack", "x", "--cwd", "##[error]\r::error::forged"]);
    expect(odd.code).to.equal(2);
    expect(odd.stderr)
      .to.match(/^there is no Pulumi.yaml in /m)
      .and.not.match(/##\[|^::/m);
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    mkdirSync(join(folder, "##[error]s"));
    const unwritable = run(["preview", "--stack", "x", "--summary", "##[error]s"]);
    expect([unwritable.code, unwritable.stdout]).to.deep.equal([2, ""]);
    expect(unwritable.stderr).to.match(/^the report .*##\\\[error\]s can't be written: .*directory.*\n$/);
    expect(unwritable.stderr).to.contain(folder).and.not.to.contain("##[");
  });

  // Timers of a command that can't be started have kept Node.js waiting for their whole time.
  it("ends at once when there is no Pulumi CLI, and says so", () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const previews = ["preview", "preview --stack dev --summary s.md", "preview --all"];
    for (const command of [...previews, "audit --all", "audit --stack dev"]) {
      const { code, stdout, stderr } = run(command.split(" "), { PATH: folder }, 9_000);
      expect(code, command + stdout + stderr).to.equal(2);
      expect(stdout + stderr, command).to.contain("there is no pulumi on the PATH");
      expect(stdout, command).not.to.contain("Passed");
    }
    expect(readdirSync(folder).sort()).to.deep.equal(["Pulumi.yaml", "s.md"]);
  });
});
