import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { jobless, PACKS, repository, type Repository } from "./gate";
import { schemaErrors } from "./sarif-schema";
import { rendered, runStep, stepsOf, type Step, type StepResult } from "./steps";

const ROOT = resolve(__dirname, "../..");
const ACTION = join(ROOT, "action.yml");
const EXAMPLE = join(ROOT, "docs/examples/github-workflow.yml");
const GITLAB = join(ROOT, "docs/examples/gitlab-ci.yml");
const WORKFLOWS = readdirSync(join(ROOT, ".github/workflows")).map((name) =>
  join(ROOT, ".github/workflows", name),
);

const TOOLS = join(ROOT, ".cache/gate-tools");

/** Builds what tools/go.mod names: actionlint, and the jq that is inside of gh. */
function buildTools(this: Mocha.Context): void {
  this.timeout(300_000);
  mkdirSync(TOOLS, { recursive: true });
  execFileSync("go", ["build", "-o", `${TOOLS}/`, "tool"], {
    cwd: join(__dirname, "tools"),
    stdio: "inherit",
  });
}

const actionlint = (...files: string[]) =>
  spawnSync(join(TOOLS, "actionlint"), ["-no-color", ...files], { cwd: ROOT, encoding: "utf8" });

describe("the workflows", () => {
  before(buildTools);

  it("have nothing that actionlint finds", () => {
    const { status, stdout } = actionlint(...WORKFLOWS, EXAMPLE);
    expect([status, stdout]).to.deep.equal([0, ""]);
  });

  it("are linted for real: actionlint finds a mistake", () => {
    const file = join(TOOLS, "wrong.yml");
    writeFileSync(
      file,
      readFileSync(EXAMPLE, "utf8").replace("github.event.pull_request.number", "github.evnt.number"),
    );
    const { status, stdout } = actionlint(file);
    expect([status, stdout.includes('property "evnt" is not defined')]).to.deep.equal([1, true]);
  });

  it("use actions by the commit, with the version beside it", () => {
    const uses = [ACTION, EXAMPLE, ...WORKFLOWS].flatMap(
      (file) => readFileSync(file, "utf8").match(/uses: .*/g) ?? [],
    );
    expect(uses.length).to.be.above(5);
    const pinned = /^uses: [\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40} # (?:v\d+\.\d+\.\d+|the commit of a release)$/;
    expect(uses.filter((line) => !pinned.test(line))).to.deep.equal([]);
  });

  it("pass the action only inputs that it has, and all that it needs", () => {
    const inputs = (parse(readFileSync(ACTION, "utf8")) as { inputs: Record<string, { required?: boolean }> })
      .inputs;
    const step = stepsOf(EXAMPLE).find(({ uses }) => uses?.startsWith("OWNER/")) as {
      with?: Record<string, string>;
    };
    const given = Object.keys(step.with ?? {});
    const required = Object.keys(inputs).filter((name) => inputs[name]?.required);
    expect(given.filter((name) => !(name in inputs))).to.deep.equal([]);
    expect(required.filter((name) => !given.includes(name))).to.deep.equal([]);
  });

  it("put no expression into a script, where what it stands for would be run", () => {
    const scripts = [ACTION, EXAMPLE, ...WORKFLOWS].flatMap(stepsOf).map(({ run = "" }) => run);
    expect(scripts.filter((run) => run.includes("${{"))).to.deep.equal([]);
  });
});

describe("the action's shell steps", () => {
  let repo: Repository;
  let temp: string;
  let env: NodeJS.ProcessEnv;
  const comments = (): { databaseId: number; body: string }[] =>
    JSON.parse(readFileSync(join(temp, "comments.json"), "utf8")) as { databaseId: number; body: string }[];
  const step = (id: string): Step => {
    const found = stepsOf(ACTION).find((each) => each.id === id);
    if (found === undefined) throw new Error(`the action has no step ${id}`);
    return found;
  };

  /** The action with these inputs: its shell steps in order, as they run whatever the verdict is. */
  async function act(inputs: Record<string, string>): Promise<StepResult> {
    const declared = (parse(readFileSync(ACTION, "utf8")) as { inputs: Record<string, { default?: string }> })
      .inputs;
    const values = Object.entries({ ...declared, ...inputs }).map(([name, value]) => [
      `inputs.${name}`,
      rendered(typeof value === "string" ? value : (value.default ?? ""), { "github.token": "token" }),
    ]);
    const context = Object.fromEntries(values) as Record<string, string>;
    const where = { cwd: repo.root, env, temp };
    const built = await runStep(step("build"), context, where);
    expect([built.code, built.outputs]).to.deep.equal([0, { pulumi: "present" }]);
    const result = await runStep(step("gate"), context, where);
    const known = {
      "steps.gate.outputs.summary": result.outputs.summary ?? "",
      "github.event.pull_request.number": "7",
    };
    const comment = await runStep(step("comment"), { ...context, ...known }, where);
    expect(comment.code, comment.log).to.equal(0);
    return result;
  }

  before(buildTools);
  before(async () => {
    repo = await repository("gate-locked");
    temp = mkdtempSync(join(tmpdir(), "runner temp "));
    mkdirSync(join(temp, "bin"));
    const gh = [process.execPath, "--require", require.resolve("tsx/cjs"), join(__dirname, "fake-gh.ts")];
    const script = `#!/bin/sh
exec ${gh.map((part) => `'${part}'`).join(" ")} "$@"
`;
    writeFileSync(join(temp, "bin/gh"), script, { mode: 0o755 });
    env = {
      ...jobless(repo.stack.env),
      PATH: `${join(temp, "bin")}:${repo.stack.env.PATH ?? ""}`,
      ...{ GITHUB_ACTION_PATH: ROOT, GITHUB_REPOSITORY: "o/r", COMMENTS: join(temp, "comments.json") },
      JQ: join(TOOLS, "gojq"),
    };
    // Someone else has copied the marker; and the action has commented on another stack.
    const marker = "<!-- s3-public-access-block infra%2FPulumi.yaml%20";
    const others = [
      { databaseId: 1, viewerDidAuthor: false, body: `${marker}dev -->\nmine` },
      { databaseId: 2, viewerDidAuthor: true, body: `${marker}prod -->\nprod` },
    ];
    writeFileSync(join(temp, "comments.json"), JSON.stringify(others));
  });
  after(async () => {
    rmSync(temp, { recursive: true });
    await repo.remove();
  });

  it("report a passed, a blocked and a failed preview, in one comment that is kept up to date", async () => {
    const passed = await act({ stack: "dev", "working-directory": "infra" });
    expect([passed.code, passed.outputs.verdict], passed.log).to.deep.equal([0, "passed"]);
    expect(passed.summary).to.contain("## ✅ Passed");
    expect(comments().map(({ databaseId }) => databaseId)).to.deep.equal([1, 2, 3]);
    expect(comments()[2]?.body).to.equal(passed.summary);

    const program = join(repo.root, "infra/index.js");
    writeFileSync(
      program,
      readFileSync(program, "utf8").replace("blockPublicAcls: true", "blockPublicAcls: false"),
    );
    const packs = { "policy-pack": `${ROOT}\n${join(PACKS, "careless")}\n`, arguments: "--parallel\n1\n" };
    const blocked = await act({ stack: "dev", "working-directory": "infra", ...packs });
    expect([blocked.code, blocked.outputs.verdict], blocked.log).to.deep.equal([1, "blocked"]);
    expect(blocked.log).to.contain(
      "::error file=infra/index.js,line=6,col=16,title=s3-bucket-public-access-block%3A models::",
    );
    expect(schemaErrors(JSON.parse(readFileSync(blocked.outputs.sarif ?? "", "utf8")))).to.deep.equal([]);
    expect(comments().map(({ databaseId }) => databaseId)).to.deep.equal([1, 2, 3]);
    expect(comments()[2]?.body).to.equal(blocked.summary);
    expect(blocked.summary).to.contain("## ❌ Blocked");

    const failed = await act({
      stack: "dev",
      "working-directory": "infra",
      "policy-pack": join(PACKS, "broken"),
    });
    expect([failed.code, failed.outputs.verdict, failed.outputs.sarif]).to.deep.equal([
      2,
      "failed",
      undefined,
    ]);
    expect(comments().map(({ body }) => body.split("\n")[1])).to.deep.equal([
      "mine",
      "prod",
      "## ❌ No verdict on <code>dev</code>, which is not a pass: see the job's log",
    ]);
  });
});

describe("the examples' shell steps", () => {
  let repo: Repository;
  let temp: string;
  before(async () => {
    repo = await repository("gate-module");
    temp = mkdtempSync(join(tmpdir(), "runner-"));
    // The example installs what the lock names; this program finds its packages in the checkout.
    writeFileSync(join(repo.root, "infra/package.json"), '{ "name": "shop", "version": "1.0.0" }');
    writeFileSync(
      join(repo.root, "infra/package-lock.json"),
      '{ "name": "shop", "version": "1.0.0", "lockfileVersion": 3, "packages": { "": { "name": "shop", "version": "1.0.0" } } }',
    );
  });
  after(async () => {
    rmSync(temp, { recursive: true });
    await repo.remove();
  });

  it("give a fork's pull request a stack of its own, without secrets, and the action judges it", async () => {
    // What the runner itself has is not there: no backend, no passphrase, no settings of the tests' stack.
    const foreign = /^(PULUMI_(BACKEND_URL|CONFIG_PASSPHRASE|STACK|OPTION_CONFIG_FILE)|AWS_.*)$/;
    const kept = Object.entries(jobless(repo.stack.env)).filter(([name]) => !foreign.test(name));
    let env: NodeJS.ProcessEnv = {
      ...Object.fromEntries(kept),
      STACK: "fork",
      PROJECT: "infra",
      GITHUB_ACTION_PATH: ROOT,
    };
    for (const step of stepsOf(EXAMPLE).filter(({ run }) => run !== undefined)) {
      const { code, log, env: added } = await runStep(step, {}, { cwd: repo.root, env, temp });
      expect(code, log).to.equal(0);
      env = { ...env, ...added };
    }
    const gate = stepsOf(ACTION).find(({ id }) => id === "gate");
    const none = { "inputs.policy-pack": "", "inputs.policy-pack-config": "", "inputs.arguments": "" };
    const inputs = { ...none, "inputs.stack": "fork", "inputs.working-directory": "infra" };
    const { code, summary } = await runStep(gate ?? {}, inputs, { cwd: repo.root, env, temp });
    expect([code, summary.split("\n")[1]]).to.deep.equal([
      1,
      "## ❌ Blocked: 2 mandatory findings in <code>fork</code>",
    ]);
    expect(existsSync(join(repo.root, "infra/Pulumi.fork.yaml"))).to.equal(true);
  });

  it("gate a merge request in GitLab, with its Code Quality report", async () => {
    const job = (
      parse(readFileSync(GITLAB, "utf8")) as { "pulumi-preview": { script: string[]; variables: object } }
    )["pulumi-preview"];
    // npx runs the package of this checkout in place of the published one.
    const bin = join(temp, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "npx"), `#!/bin/sh\nshift 2\nexec node "${ROOT}/dist/gate/cli.js" "$@"\n`, {
      mode: 0o755,
    });
    const env = {
      ...jobless(repo.stack.env),
      ...job.variables,
      PROJECT: "infra",
      PATH: `${bin}:${repo.stack.env.PATH ?? ""}`,
      ...{ CI_PROJECT_URL: "https://gitlab.example/o/r", CI_COMMIT_SHA: "abc" },
    };
    const { code, log } = await runStep({ run: job.script.join("\n") }, {}, { cwd: repo.root, env, temp });
    const issues = JSON.parse(readFileSync(join(repo.root, "gl-code-quality-report.json"), "utf8")) as {
      location: object;
    }[];
    expect([code, issues.map(({ location }) => location)], log).to.deep.equal([
      1,
      [
        { path: "infra/index.mjs", lines: { begin: 6 } },
        { path: "infra/Pulumi.yaml", lines: { begin: 1 } },
      ],
    ]);
    expect(readFileSync(join(repo.root, "summary.md"), "utf8")).to.contain("/o/r/-/blob/abc/infra/index.mjs");
  });
});
