import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runSync, type Running } from "../../../harness/engine/command";
import { ROOT } from "../../../harness/engine/paths";
import { CLI, gate, jobless, PACKS, repository, type Outcome, type Repository } from "./gate";
import { needsEngine } from "../../../harness/engine/needs-engine";

/** What there is to see of a run that came to no verdict. The summary says so too; the other reports are not there. */
function told({ code, stdout, reports }: Outcome) {
  const lines = stdout.split("\n").filter((line) => line !== "" && !/^(- | {2}\| )/.test(line));
  const [, , , ...summary] = reports.summary?.split("\n") ?? [];
  return {
    code,
    lines,
    summary: summary
      .filter((line) => line.startsWith("- "))
      .map((line) => line.slice(2).replace("&#58;", ":")),
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

/** The processes that one has started and that are still there. */
function childrenOf(pid: number): number[] {
  const { stdout } = runSync("pgrep", ["-P", String(pid)]);
  return stdout.split("\n").filter(Boolean).map(Number);
}

function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

const isPack = (pid: number): boolean => {
  const { stdout } = runSync("ps", ["-o", "args=", "-p", String(pid)]);
  return /^\S*node\b.* \S*(policypack\/index\.js|run-policy-pack)/.test(stdout);
};

const isRunning = (pid: number): boolean => {
  const { stdout } = runSync("ps", ["-o", "stat=", "-p", String(pid)]);
  return stdout.trim() !== "" && !stdout.startsWith("Z");
};

async function until(holds: () => boolean, tenths = 400): Promise<void> {
  for (let tries = 0; tries < tenths && !holds(); tries += 1)
    await new Promise((done) => setTimeout(done, 100));
}

/** Does something to the gate and its processes once the program runs. */
function whenHanging(act: (gate: number, started: number[]) => void): (gate: Running) => void {
  return (child) => {
    let output = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      const before = output;
      output += chunk.toString();
      if (child.pid !== undefined && output.includes("hanging") && !before.includes("hanging")) {
        act(child.pid, descendantsOf(child.pid));
      }
    });
  };
}

describe("there is no verdict, and the gate exits with 2 and says so,", () => {
  needsEngine();
  let locked: Repository;
  let hanging: Repository;
  before(async () => {
    [locked, hanging] = await Promise.all([
      repository("gate-locked"),
      repository("../../harness/programs/hang"),
    ]);
  });
  after(async () => {
    await Promise.all([locked.remove(), hanging.remove()]);
  });

  const failed = "pulumi preview failed with exit code 1, and not because of a policy";
  const didNotRun = noVerdict(
    "1 of 1 policy packs did not run",
    failed,
    "the preview ended early: it has no summary",
  );

  it("when the policy pack crashes as it starts", async () => {
    const outcome = await gate(locked, ["--policy-pack", join(PACKS, "crash")]);
    expect(told(outcome)).to.deep.equal(didNotRun);
    expect(outcome.stderr).to.contain("the policy pack is broken");
  });

  it("when the configuration has an object for a policy that there isn't, and which one is meant", async () => {
    const file = join(locked.root, "typo.json");
    const none = { "s3-bucket-public-access-blok": { exemptions: [] } };
    writeFileSync(file, JSON.stringify({ ...none, "s3-no-public-acl": "advisory", all: "advisory" }));
    const meant =
      `${file}: s3-bucket-public-access-blok: there is no such policy; ` +
      "did you mean s3-bucket-public-access-block?";
    const { lines } = didNotRun;
    const outcome = told(await gate(locked, ["--policy-pack-config", file]));
    expect([outcome.code, outcome.lines]).to.deep.equal([
      2,
      [...lines.slice(0, -1), `no verdict: ${meant}`, ...lines.slice(-1)],
    ]);
  });

  it("when the policy pack is missing", async () => {
    const outcome = await gate(locked, ["--policy-pack", "nowhere"]);
    expect(told(outcome)).to.deep.equal(didNotRun);
    expect(outcome.stderr).to.contain(`"${join(locked.root, "nowhere")}"`);
  });

  it("when a policy crashes as it evaluates", async () => {
    const outcome = await gate(locked, ["--policy-pack", join(PACKS, "broken")]);
    expect(told(outcome)).to.deep.equal(
      noVerdict("the policy pack broken did not evaluate the stack", failed),
    );
    expect(outcome.stderr).to.contain("the policy is broken");
  });

  it("when one of several policy packs crashes", async () => {
    const packs = ["careless", "broken"].flatMap((name) => ["--policy-pack", join(PACKS, name)]);
    expect(told(await gate(locked, packs)).code).to.equal(2);
  });

  it("when the program breaks off, though a violation was found before that", async () => {
    const broken = await repository("gate-throws");
    const outcome = await gate(broken);
    await broken.remove();
    expect(told(outcome)).to.deep.equal(
      noVerdict("the policy pack s3-public-access-block did not evaluate the stack"),
    );
    expect(outcome.stdout).to.contain(
      "- infra/index.js:5:14 [mandatory] s3-public-access-block/s3-no-public-acl",
    );
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
      expect(told(await gate(hanging, args, { started }))).to.deep.equal(
        noVerdict("pulumi was ended by SIGKILL"),
      );
      expect(packs).to.have.length(1);
      await until(() => !packs.some(isRunning), 50);
      const left = packs.filter(isRunning);
      for (const pid of left) process.kill(pid, "SIGKILL");
      expect(left).to.deep.equal([]);
    });
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`when it is interrupted by ${signal}, and it stops the CLI and all that the CLI started`, async () => {
      mkdirSync(join(hanging.root, "out"), { recursive: true });
      for (const report of ["sarif", "code-quality"])
        writeFileSync(join(hanging.root, "out", report), "of an earlier run");
      let processes: number[] = [];
      const started = whenHanging((gatePid, descendants) => {
        processes = descendants;
        process.kill(gatePid, signal);
      });
      const outcome = await gate(hanging, [], { started });
      expect(told(outcome)).to.deep.equal(noVerdict(`interrupted by ${signal}`));
      expect(readdirSync(join(hanging.root, "out")).sort()).to.deep.equal(["json", "junit", "summary"]);
      expect(processes.length).to.be.above(2); // The CLI, the language host and the program at least.
      await until(() => !processes.some(isRunning));
      expect(processes.filter(isRunning)).to.deep.equal([]);
    });
  }
});

describe("the gate's command line", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gate-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const run = (args: string[], env: NodeJS.ProcessEnv = {}, limitMs = 60_000) =>
    runSync(process.execPath, [CLI, ...args], {
      cwd: folder,
      env: { ...jobless(process.env), ...env },
      keepColors: true,
      limitMs,
    });

  it("prints no value of the user's as a command", () => {
    const { stderr } = run(["preview", "--stack", "x", "--", "--json=\n::error::forged ##[error]forged"]);
    expect(stderr.split("\n").filter((line) => line.includes("forged"))).to.deep.equal([
      '\\::error::forged ##\\[error]forged can\'t be given after "--": the gate sets it itself',
    ]);
    const odd = run(["preview", "--stack", "x", "--cwd", "##[error]\r::error::forged"]);
    expect(odd.stderr).not.to.match(/##\[|^::/m);
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    mkdirSync(join(folder, "##[error]s"));
    const unwritable = run(["preview", "--stack", "x", "--summary", "##[error]s"]);
    expect(unwritable.stderr).to.contain("##\\[error]s").and.not.to.contain("##[");
  });

  it("exits with 2 outside of a project", () => {
    const { code, stderr } = run(["preview", "--stack", "dev"]);
    expect([code, /^there is no Pulumi.yaml in .* or above it$/m.test(stderr)]).to.deep.equal([2, true]);
  });

  it("exits with 2 when there is no Pulumi CLI", () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const { code, stdout } = run(["preview", "--stack", "dev", "--summary", "s.md"], { PATH: folder });
    expect([code, stdout.split("\n")[0]]).to.deep.equal([
      2,
      `no verdict: pulumi could not be started: there is no pulumi on the PATH, or no folder ${folder}`,
    ]);
    expect(readdirSync(folder).sort()).to.deep.equal(["Pulumi.yaml", "s.md"]);
  });

  // Timers of a command that can't be started have kept Node.js waiting for their whole time.
  for (const command of [
    ["preview"],
    ["preview", "--stack", "dev"],
    ["preview", "--all"],
    ["audit", "--all"],
    ["audit", "--stack", "dev"],
  ]) {
    it(`ends at once when there is no Pulumi CLI: ${command.join(" ")}`, () => {
      writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
      const { code, stdout, stderr } = run(command, { PATH: folder }, 9_000);
      expect(code, stdout + stderr).to.equal(2);
      expect(stdout + stderr).to.contain("there is no pulumi on the PATH");
    });
  }

  it("exits with 2 when a report can't be written, and names the file and the reason", () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const { code, stdout, stderr } = run(["preview", "--stack", "dev", "--summary", "."]);
    expect([code, stdout]).to.deep.equal([2, ""]);
    expect(stderr).to.match(/^the report .* can't be written: .*directory.*\n$/);
    expect(stderr).to.contain(folder);
  });
});
