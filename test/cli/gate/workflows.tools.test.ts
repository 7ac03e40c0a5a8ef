import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { checkout } from "../../organization/checkout";
import { outputOf, runSync } from "../../harness/engine/command";
import { isRun, type Context } from "../../harness/runners/expressions";
import { ACTION, EXAMPLE, GATE, GITLAB } from "./example-repository";
import { jobless, PACKS, repository, type Repository } from "./gate";
import { sarifRuns } from "../report/read";
import { readAction, runAction, runStep, stepsOf } from "../../harness/runners/steps";
import { BUILD_LIMIT_MS, buildTools, TOOLS } from "../../harness/runners/tools";
import { type ForgeServer, OWN, startForge } from "../../harness/forge/server";
import { needsEngine } from "../../harness/engine/needs-engine";
import { tempFolder } from "../../temp-folder";

const ROOT = resolve(__dirname, "../../..");
const WORKFLOWS = readdirSync(join(ROOT, ".github/workflows")).map((name) => join(ROOT, ".github/workflows", name));

const actionlint = (...files: string[]) => runSync(join(TOOLS, "actionlint"), ["-no-color", ...files], { cwd: ROOT });

describe("the workflows", () => {
  before(async function () {
    this.timeout(BUILD_LIMIT_MS);
    await buildTools();
  });

  it("have nothing that actionlint finds", () => {
    const { code, stdout } = actionlint(...WORKFLOWS, EXAMPLE);
    expect([code, stdout]).to.deep.equal([0, ""]);
  });

  it("are linted for real: actionlint finds a mistake", () => {
    const file = join(TOOLS, "wrong.yml");
    writeFileSync(
      file,
      readFileSync(EXAMPLE, "utf8").replace("github.event.pull_request.number", "github.evnt.number"),
    );
    const { code, stdout } = actionlint(file);
    expect([code, stdout.includes('property "evnt" is not defined')]).to.deep.equal([1, true]);
  });

  it("use actions by the commit, with the version beside it", () => {
    const uses = [ACTION, EXAMPLE, ...WORKFLOWS].flatMap((file) => readFileSync(file, "utf8").match(/uses: .*/g) ?? []);
    expect(uses.length).to.be.above(5);
    const byCommit = /^uses: [\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
    expect(uses.filter((line) => !byCommit.test(line))).to.deep.equal(["uses: ./.gate"]);
  });

  it("pass the action only inputs that it has, and all that it needs", () => {
    const { inputs } = readAction(ROOT);
    const step = stepsOf(EXAMPLE).find(({ uses }) => uses?.startsWith("./"));
    const given = Object.keys(step?.with ?? {});
    const required = Object.keys(inputs).filter((name) => inputs[name]?.required);
    expect(given.filter((name) => !(name in inputs))).to.deep.equal([]);
    expect(required.filter((name) => !given.includes(name))).to.deep.equal([]);
  });

  it("install the gate in the present version, by a hash that is still to be put in", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    for (const file of [EXAMPLE, GITLAB]) {
      const lines = readFileSync(file, "utf8").match(/^ *GATE(?:_\w+)?: .*$/gm) ?? [];
      // The hash of a package isn't known before it is made: this one stands for none, and so fails.
      expect(lines.map((line) => line.trim())).to.deep.equal([
        `GATE: "${GATE}"`,
        `GATE_VERSION: ${version}`,
        "GATE_INTEGRITY: sha512-REPLACE",
      ]);
    }
  });

  it("put no expression into a script, where what it stands for would be run", () => {
    const scripts = [ACTION, EXAMPLE, ...WORKFLOWS].flatMap(stepsOf).map(({ run = "" }) => run);
    expect(scripts.filter((run) => run.includes("${{"))).to.deep.equal([]);
  });
});

/** A pull request number 7 of the repository o/r, from a branch of its own or from a fork. */
const pullRequest = (from: string | undefined = "o/r", isBaseFork = false) => ({
  github: {
    ...{ event_name: "pull_request", repository: "o/r", token: "secret-token" },
    event: { pull_request: { number: 7, head: { repo: { full_name: from, fork: from !== "o/r" || isBaseFork } } } },
  },
  vars: { AWS_PREVIEW_ROLE: "arn:aws:iam::123456789012:role/preview", AWS_REGION: "eu-central-1" },
});
/** One whose repository has been deleted since. */
const fromNowhere = () => {
  const { github, vars } = pullRequest();
  return { github: { ...github, event: { pull_request: { number: 7, head: { repo: null } } } }, vars };
};
const push = { github: { event_name: "push", repository: "o/r", token: "token", event: {} } };

const [BUILD, INSTALL, PREVIEW, UPLOAD, COMMENT] = stepsOf(ACTION).map(({ name = "" }) => name);

describe("the action", () => {
  needsEngine();
  let repo: Repository;
  let temp: string;
  let env: NodeJS.ProcessEnv;
  let forge: ForgeServer;
  const comments = () => forge.comments.filter(({ path }) => path === undefined);

  const git = (...args: string[]): string =>
    outputOf("git", ["-c", "user.name=a", "-c", "user.email=a@localhost", ...args], { cwd: repo.root }).trim();
  const commit = (file: string): string => {
    git("add", file);
    git("commit", "-qm", "change");
    return git("rev-parse", "HEAD");
  };
  const pushed = (head: string): void => {
    const repository = { full_name: "o/r" };
    const request = { number: 7, head: { sha: head, repo: repository }, base: { repo: repository } };
    writeFileSync(join(temp, "event.json"), JSON.stringify({ pull_request: request }));
    forge.head = head;
  };
  const act = (inputs: Record<string, string> = {}, context: Context = pullRequest(), isCancelled = false) =>
    runAction(
      ROOT,
      { stack: "dev", "working-directory": "infra", ...inputs },
      context,
      { cwd: repo.root, env, temp },
      isCancelled,
    );

  before(async function () {
    this.timeout(BUILD_LIMIT_MS);
    await buildTools();
  });
  before(async () => {
    repo = await repository("gate-locked");
    temp = tempFolder("runner temp");
    rmSync(join(repo.root, ".git"), { recursive: true });
    git("init", "-q");
    const base = commit("infra/Pulumi.yaml");
    forge = await startForge(repo.root, base);
    // Someone else has copied the marker; and the action has commented on another stack.
    const marker = "<!-- s3-public-access-block infra%2FPulumi.yaml%20";
    forge.comments.push({ id: 1, author: 6, body: `${marker}dev -->\nmine` });
    forge.comments.push({ id: 2, author: OWN, body: `${marker}prod -->\nprod` });
    pushed(commit("infra"));
    env = {
      ...jobless(repo.stack.env),
      ...{ GITHUB_EVENT_PATH: join(temp, "event.json"), GITHUB_REPOSITORY: "o/r" },
      ...{ GITHUB_API_URL: forge.url, GITHUB_GRAPHQL_URL: `${forge.url}/graphql` },
    };
  });
  after(async () => {
    await forge.close();
    await repo.remove();
  });

  it("reports a passed, a blocked and a failed preview, in one comment that is kept up to date", async () => {
    const passed = await act();
    expect([passed.failed, passed.outputs.verdict], passed.log).to.deep.equal([false, "passed"]);
    expect(passed.ran).to.deep.equal([BUILD, PREVIEW, UPLOAD, COMMENT]);
    expect(passed.given["github/codeql-action/upload-sarif"]).to.deep.equal({ sarif_file: passed.outputs.sarif });
    expect(passed.summary).to.contain("## ✅ Passed");
    expect(comments().map(({ author }) => author)).to.deep.equal([6, OWN, OWN]);
    expect(comments()[2]?.body).to.equal(passed.summary);

    const program = join(repo.root, "infra/index.js");
    const locked = readFileSync(program, "utf8");
    writeFileSync(program, locked.replace("blockPublicAcls: true", "blockPublicAcls: false"));
    pushed(commit("infra"));
    const packs = { "policy-pack": `${ROOT}\n${join(PACKS, "careless")}\n`, arguments: "--parallel\n1\n" };
    const blocked = await act(packs);
    writeFileSync(program, locked);
    expect([blocked.failed, blocked.outputs.verdict], blocked.log).to.deep.equal([true, "blocked"]);
    expect(blocked.ran).to.deep.equal([BUILD, PREVIEW, UPLOAD, COMMENT]);
    expect(blocked.log).to.contain(
      "::error file=infra/index.js,line=6,col=16,title=s3-bucket-public-access-block%3A models::",
    );
    expect(sarifRuns(readFileSync(blocked.outputs.sarif ?? "", "utf8"))).to.have.length(1);
    expect(comments().map(({ author }) => author)).to.deep.equal([6, OWN, OWN]);
    expect(comments()[2]?.body).to.equal(blocked.summary);
    expect(blocked.summary).to.contain("## ❌ Blocked");
    expect(forge.comments.filter(({ path }) => path !== undefined).length, blocked.log).to.equal(1);

    const nothing = { arguments: "--exclude\n**\n" };
    const accepted = await act({ ...nothing, "accept-unevaluated": "true" });
    expect([(await act(nothing)).outputs.verdict, accepted.outputs.verdict]).to.deep.equal(["failed", "passed"]);
    expect(accepted.summary).to.contain("- Not evaluated: the preview was of nothing");

    const failed = await act({ "policy-pack": join(PACKS, "broken") });
    expect([failed.failed, failed.outputs]).to.deep.equal([
      true,
      { verdict: "failed", sarif: "", summary: failed.outputs.summary, suggestions: "" },
    ]);
    expect(failed.ran).to.deep.equal([BUILD, PREVIEW, COMMENT]);
    expect(comments().map(({ body }) => body.split("\n")[1])).to.deep.equal([
      "mine",
      "prod",
      "## ❌ No verdict on <code>dev</code>: that is not a pass",
    ]);
  });

  const quiet: [string, Record<string, string>, Context, (string | undefined)[]][] = [
    ["a fork's pull request", {}, pullRequest("fork/r"), []],
    ["a fork that is gone", {}, fromNowhere(), []],
    ["a pushed branch", {}, push, [UPLOAD]],
    ["no upload, no comment", { sarif: "false", comment: "false", suggest: "false" }, pullRequest(), []],
  ];
  it("leaves out what it can't do, or isn't asked for", async () => {
    for (const [title, inputs, context, more] of quiet) {
      const { failed, ran, log } = await act(inputs, context);
      expect([failed, ran], title + log).to.deep.equal([false, [BUILD, PREVIEW, ...more]]);
    }
  });

  it("leaves the comment out on request, or the suggested changes", async () => {
    const whole = await act({ suggest: "false" });
    const lines = await act({ comment: "false" });
    expect(whole.log).to.contain("The summary on pull request #7 is ");
    expect(whole.log + lines.log).not.to.match(/fixes for dev are[^]*The summary on/);
    expect(lines.log).to.contain("There is no fix to offer: nothing is written.");
  });

  it("does nothing more when the job is cancelled", async () => {
    expect((await act({}, pullRequest(), true)).ran).to.deep.equal([]);
  });

  it("installs the Pulumi CLI where there is none, and builds itself in a fresh checkout", async function () {
    this.timeout(300_000);
    const action = await checkout();
    try {
      rmSync(join(action.folder, "node_modules"), { recursive: true, force: true });
      const bin = join(temp, "without-pulumi");
      mkdirSync(bin);
      for (const tool of ["node", "npm", "sh", "bash", "env"]) {
        symlinkSync(outputOf("which", [tool]).trim(), join(bin, tool));
      }
      const steps = stepsOf(join(action.folder, "action.yml")).slice(0, 1);
      const where = { cwd: repo.root, temp, env: { ...env, PATH: bin, GITHUB_ACTION_PATH: action.folder } };
      const built = await runStep(steps[0] ?? {}, {}, where);
      expect([built.failed, built.outputs], built.log).to.deep.equal([false, { pulumi: "missing" }]);
      const condition = stepsOf(ACTION).find(({ name }) => name === INSTALL)?.if;
      expect(await isRun(condition, { steps: { build: built } }, (status) => status === "success")).to.equal(true);
      const help = outputOf(process.execPath, [join(action.folder, "dist/cli/main.js"), "preview", "--help"]);
      expect(help).to.contain("Usage: s3-public-access-block preview");
    } finally {
      action.remove();
    }
  });

  it("previews several stacks, or all that there are, with one comment for them", async () => {
    const { code, stderr } = await repo.stack.pulumi(["stack", "init", "prod"], { cwd: join(repo.root, "infra") });
    expect(code, stderr).to.equal(0);
    const named = await act({ stack: "dev\nprod\n" });
    expect([named.failed, named.outputs.verdict], named.log).to.deep.equal([false, "passed"]);
    expect(named.summary).to.contain("## ✅ 2 stacks. Passed: 2\n");
    const before = comments().length;
    const all = await act({ stack: "", all: "true", jobs: "1" });
    expect([all.failed, all.summary], all.log).to.deep.equal([false, named.summary]);
    expect([comments().length, comments().at(-1)?.body]).to.deep.equal([before, all.summary]);
  });
});
