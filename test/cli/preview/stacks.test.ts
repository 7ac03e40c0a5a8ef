import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { FORMATS } from "../../../cli/report/formats";
import { run, runSync, type Finished, type Running } from "../../../harness/engine/command";
import { needsEngine } from "../../../harness/engine/needs-engine";
import { ROOT } from "../../../harness/engine/paths";
import { jsonErrors } from "../report/json-schema";
import { junitSuites } from "../report/junit-reader";
import { schemaErrors } from "../report/sarif-schema";
import { CLI, jobless, repository, type Repository } from "./gate";

/** Puts one more project into the repository, with a stack dev in the same backend. */
async function addProject({ root, stack }: Repository, program: string, folder: string): Promise<void> {
  cpSync(join(ROOT, "test/programs", program), join(root, folder), { recursive: true });
  const manifest = join(root, folder, "Pulumi.yaml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace(/^name: .*$/m, `name: ${folder}`));
  await addStack({ root, stack }, folder, "dev");
}

async function addStack(
  { root, stack }: Pick<Repository, "root" | "stack">,
  folder: string,
  name: string,
): Promise<void> {
  const { code, stderr } = await stack.pulumi(["stack", "init", name], { cwd: join(root, folder) });
  if (code !== 0) throw new Error(`the stack ${name} can't be made: ${stderr}`);
}

function gate(
  { root, stack }: Repository,
  args: string,
  started?: (gate: Running) => unknown,
): Promise<Finished> {
  mkdirSync(join(root, "out"), { recursive: true });
  const reports = FORMATS.flatMap(({ name }) => [`--${name}`, `out/${name}`]);
  return run(process.execPath, [CLI, "preview", ...args.split(" "), ...reports], {
    ...{ cwd: root, env: jobless(stack.env), keepColors: true },
    ...(started && { started }),
  });
}

interface Json {
  exitCode: number;
  stacks: { stack: string; project: string; verdict: string; findings: unknown[]; problems: string[] }[];
}

describe("the gate, on several stacks", function () {
  needsEngine();
  this.timeout(300_000);
  let repo: Repository;
  before(async () => {
    repo = await repository("gate-locked");
    await addProject(repo, "open-buckets", "web");
    await addProject(repo, "gate-throws", "broken");
    await addStack(repo, "infra", "prod");
  });
  after(() => repo.remove());

  const report = (name: string): string => readFileSync(join(repo.root, "out", name), "utf8");
  const told = (): Json => {
    const json = JSON.parse(report("json")) as Json;
    expect(jsonErrors(json)).to.deep.equal([]);
    return json;
  };
  const verdicts = () => told().stacks.map(({ project, stack, verdict }) => [project, stack, verdict]);
  const categories = () => {
    const log = JSON.parse(report("sarif")) as { runs: { automationDetails: { id: string } }[] };
    expect(schemaErrors(log)).to.deep.equal([]);
    return log.runs.map(({ automationDetails }) => automationDetails.id);
  };

  it("has one run, one summary and one report of each format for two projects, and the worst exit code", async () => {
    const { code, stdout } = await gate(repo, "--stack dev --cwd infra --cwd web");
    expect(code, stdout).to.equal(1);
    expect(verdicts()).to.deep.equal([
      ["infra/Pulumi.yaml", "dev", "passed"],
      ["web/Pulumi.yaml", "dev", "blocked"],
    ]);
    expect(categories()).to.deep.equal([
      "s3-public-access-block/infra/Pulumi.yaml/dev/",
      "s3-public-access-block/web/Pulumi.yaml/dev/",
    ]);
    expect(junitSuites(report("junit")).map(({ name }) => name)).to.deep.equal([
      "infra/Pulumi.yaml dev",
      "web/Pulumi.yaml dev",
    ]);
    expect(report("summary")).to.contain("## ❌ 2 stacks: 1 blocked, 1 passed\n");
    expect(stdout.trimEnd().split("\n").at(-1)).to.equal("2 stacks. Blocked: web dev; Passed: infra dev.");
  });

  it("previews every stack of a project that there is", async () => {
    const { code, stdout } = await gate(repo, "--all --cwd infra --jobs 1");
    expect(code, stdout).to.equal(0);
    expect(verdicts()).to.deep.equal([
      ["infra/Pulumi.yaml", "dev", "passed"],
      ["infra/Pulumi.yaml", "prod", "passed"],
    ]);
  });

  it("shows what blocks one stack though another has no verdict, and says whose output is whose", async () => {
    const { code, stderr } = await gate(repo, "--stack dev --cwd broken --cwd web");
    expect(code).to.equal(2);
    const { stacks } = told();
    expect(stacks.map(({ verdict }) => verdict)).to.deep.equal(["failed", "blocked"]);
    expect(stacks[1]?.findings.length).to.be.above(0);
    expect(categories()).to.deep.equal(["s3-public-access-block/web/Pulumi.yaml/dev/"]);
    expect(existsSync(join(repo.root, "out/code-quality"))).to.equal(false);
    expect(stderr).to.match(/^\[broken dev\] .*the program is broken/m);
  });
});

describe("the gate, on several stacks, when it is interrupted,", function () {
  needsEngine();
  this.timeout(300_000);

  const descendantsOf = (pid: number): number[] => {
    const { stdout } = runSync("pgrep", ["-P", String(pid)]);
    const children = stdout.split("\n").filter(Boolean).map(Number);
    return children.flatMap((child) => [child, ...descendantsOf(child)]);
  };
  const isRunning = (pid: number): boolean => {
    const { stdout } = runSync("ps", ["-o", "stat=", "-p", String(pid)]);
    return stdout.trim() !== "" && !stdout.startsWith("Z");
  };

  it("ends those that run, and begins no other", async () => {
    const repo = await repository("../../harness/programs/hang");
    for (const name of ["one", "two"]) await addStack(repo, "infra", name);
    let processes: number[] = [];
    const { code, stderr } = await gate(repo, "--stack dev --stack one --stack two --cwd infra", (child) => {
      const { pid } = child;
      let output = "";
      let isDone = false;
      child.stderr?.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        if (isDone || pid === undefined || (output.match(/hanging/g) ?? []).length < 2) return;
        isDone = true;
        processes = descendantsOf(pid);
        process.kill(pid, "SIGTERM");
      });
    });
    const { stacks } = JSON.parse(readFileSync(join(repo.root, "out/json"), "utf8")) as Json;
    expect([code, stacks.map(({ stack, problems }) => [stack, ...problems])]).to.deep.equal([
      2,
      ["dev", "one", "two"].map((name) => [name, "interrupted by SIGTERM"]),
    ]);
    expect(stderr).not.to.contain("[infra two]");
    expect(processes.length).to.be.above(4); // Two CLIs, their language hosts and programs at least.
    for (let tries = 0; tries < 200 && processes.some(isRunning); tries += 1)
      await new Promise((done) => setTimeout(done, 100));
    expect(processes.filter(isRunning)).to.deep.equal([]);
    await repo.remove();
  });
});
