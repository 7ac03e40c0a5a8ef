import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { checkout } from "../../organization/checkout";
import { outputOf, run, runSync } from "../../harness/engine/command";
import { type Ended, type Event, pullRequest, runOnAct } from "../../harness/runners/act";
import { ACTION, EXAMPLE, GATE, GITLAB, stepsOf } from "./example-repository";
import { commit, initialize, jobless, PACKS, repository, type Repository } from "./gate";
import { BUILD_LIMIT_MS, buildTools, TOOLS } from "../../harness/runners/tools";
import { type ForgeServer, OWN, startForge } from "../../harness/forge/server";
import { needsEngine } from "../../harness/engine/needs-engine";
import { tempFolder } from "../../temp-folder";
import { testdata } from "../../testdata";

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
    expect(uses.filter((line) => !byCommit.test(line))).to.deep.equal([
      "uses: ./.gate",
      "uses: ./.github/workflows/checks.yml",
    ]);
  });

  it("pass the action only inputs that it has, and all that it needs", () => {
    const { inputs } = parse(readFileSync(ACTION, "utf8")) as { inputs: Record<string, { required?: boolean }> };
    const step = stepsOf(EXAMPLE).steps.find(({ uses }) => uses?.startsWith("./"));
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
    const scripts = [ACTION, EXAMPLE, ...WORKFLOWS].flatMap((file) => stepsOf(file).steps.map(({ run = "" }) => run));
    expect(scripts.filter((run) => run.includes("${{"))).to.deep.equal([]);
  });
});

interface From {
  readonly event?: "push" | "merge_group";
  readonly from?: string | null;
  readonly isFork?: boolean;
}
const eventOf = ({ event, from, isFork }: From): Event =>
  event === undefined ? pullRequest(from, isFork) : { name: event, payload: {} };
const { quiet, origins } = testdata("workflows.yaml") as {
  quiet: Record<string, From & { inputs?: Record<string, string>; more: string[] }>;
  origins: Record<string, From & { step: string; stack: string }>;
};

const [BUILD, INSTALL, PREVIEW, UPLOAD, COMMENT] = stepsOf(ACTION).steps.map(({ name = "" }) => name);
const WORKFLOW = ".github/workflows/it.yml";
const CHECKOUT = { uses: "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd" };

describe("The action and the example, on act", () => {
  needsEngine();
  let repo: Repository;
  let env: NodeJS.ProcessEnv;
  let forge: ForgeServer;
  let work: string;
  const comments = () => forge.comments.filter(({ path }) => path === undefined);

  /** Runs a workflow of these steps. */
  function runSteps(steps: readonly object[], event: Event, more: object = {}, PATH = env.PATH): Promise<Ended> {
    mkdirSync(join(repo.root, ".github/workflows"), { recursive: true });
    const jobs = { it: { "runs-on": "ubuntu-24.04", steps } };
    writeFileSync(join(repo.root, WORKFLOW), stringify({ on: [event.name], ...more, jobs }));
    return runOnAct({ repository: repo.root, work, files: [ACTION], event, env: { ...env, PATH }, forge });
  }

  /** Runs the action: what came of it, the steps of its own that ran, and its outputs. */
  async function act(inputs: Record<string, string> = {}, event = pullRequest(), PATH = env.PATH) {
    const gate = { uses: "./.gate", id: "gate", with: { stack: "dev", "working-directory": "infra", ...inputs } };
    const print = {
      if: "always()",
      env: { OUTPUTS: "${{ toJSON(steps.gate.outputs) }}" },
      run: "echo outputs $OUTPUTS",
    };
    const ended = await runSteps([CHECKOUT, gate, print], event, {}, PATH);
    const ran = [BUILD, INSTALL, PREVIEW, UPLOAD, COMMENT].filter((name) => ended.steps.includes(name ?? ""));
    const [, outputs = "{}"] = /^.*?outputs (\{.*\})$/m.exec(ended.log) ?? [];
    return { ...ended, ran, outputs: JSON.parse(outputs) as Record<string, string> };
  }

  before(async function () {
    this.timeout(BUILD_LIMIT_MS);
    await buildTools();
  });
  before(async () => {
    repo = await repository("gate-locked");
    work = tempFolder("runner", join(repo.root, "..")); // Where a program finds its packages above it.
    initialize(repo.root, "https://github.com/o/r.git");
    const base = commit(repo.root, "infra/Pulumi.yaml");
    forge = await startForge(repo.root, base);
    // Someone else has copied the marker; and the action has commented on another stack.
    const marker = "<!-- s3-public-access-block infra%2FPulumi.yaml%20";
    forge.comments.push({ id: 1, author: 6, body: `${marker}dev -->\nmine` });
    forge.comments.push({ id: 2, author: OWN, body: `${marker}prod -->\nprod` });
    forge.head = commit(repo.root, "infra");
    symlinkSync(ROOT, join(repo.root, ".gate"));
    env = jobless(repo.stack.env);
  });
  after(async () => {
    await forge.close();
  });

  it("reports a passed, a blocked and a failed preview, in one comment that is kept up to date", async () => {
    const passed = await act();
    expect([passed.failed, passed.outputs.verdict], passed.log).to.deep.equal([false, "passed"]);
    expect(passed.ran).to.deep.equal([BUILD, PREVIEW, UPLOAD, COMMENT]);
    expect(passed.given["github/codeql-action/upload-sarif"]).to.deep.equal({ sarif_file: passed.outputs.sarif });
    expect(passed.summary).to.contain("## ✅ Passed");
    expect(comments().map(({ author }) => author)).to.deep.equal([6, OWN, OWN]);
    expect(comments()[2]?.body.trim()).to.equal(passed.summary.trim());

    const program = join(repo.root, "infra/index.js");
    const locked = readFileSync(program, "utf8");
    writeFileSync(program, locked.replace("blockPublicAcls: true", "blockPublicAcls: false"));
    forge.head = commit(repo.root, "infra");
    const packs = { "policy-pack": `${ROOT}\n${join(PACKS, "careless")}\n`, arguments: "--parallel\n1\n" };
    const blocked = await act(packs);
    writeFileSync(program, locked);
    expect([blocked.failed, blocked.outputs.verdict], blocked.log).to.deep.equal([true, "blocked"]);
    expect(blocked.ran).to.deep.equal([BUILD, PREVIEW, UPLOAD, COMMENT]);
    expect(blocked.annotations).to.deep.include({ level: "error", file: "infra/index.js", line: "6" });
    expect(comments().map(({ author }) => author)).to.deep.equal([6, OWN, OWN]);
    expect(comments()[2]?.body.trim()).to.equal(blocked.summary.trim());
    expect(blocked.summary).to.contain("## ❌ Blocked");
    expect(forge.comments.filter(({ path }) => path !== undefined).length, blocked.log).to.equal(1);

    const nothing = { arguments: "--exclude\n**\n" };
    const accepted = await act({ ...nothing, "accept-unevaluated": "true" });
    expect([(await act(nothing)).outputs.verdict, accepted.outputs.verdict]).to.deep.equal(["failed", "passed"]);
    expect(accepted.summary).to.contain("- Not evaluated: nothing was previewed");

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

  it("leaves out what it can't do, or isn't asked for", async () => {
    for (const [title, { inputs, more, ...from }] of Object.entries(quiet)) {
      const { failed, ran, log } = await act(inputs, eventOf(from));
      expect([failed, ran], title + log).to.deep.equal([false, [BUILD, PREVIEW, ...more]]);
    }
    const whole = await act({ suggest: "false" });
    const lines = await act({ comment: "false" });
    expect(whole.log).to.contain("The summary on pull request #7 is ");
    expect(whole.log + lines.log).not.to.match(/fixes for dev are[^]*The summary on/);
    expect(lines.log).to.contain("There is no fix to offer: nothing is written.");
  });

  it("installs the Pulumi CLI where there is none, and has no step that runs once the job is cancelled", async () => {
    const PATH = env.PATH?.split(delimiter).filter((folder) => !existsSync(join(folder, "pulumi")));
    const { ran, given, log } = await act({}, pullRequest(), PATH?.join(delimiter));
    expect(ran.slice(0, 3), log).to.deep.equal([BUILD, INSTALL, PREVIEW]);
    expect(given["pulumi/actions"]).to.deep.equal({ "pulumi-version": "^3" });
    const conditions = stepsOf(ACTION).steps.flatMap(({ if: condition = [] }) => condition);
    expect(
      conditions.filter((each) => /\b(always|cancelled)\(\)/.test(each.replace("!cancelled()", ""))),
    ).to.deep.equal([]);
  });

  it("builds itself in a fresh checkout", async function () {
    this.timeout(300_000);
    const action = await checkout();
    try {
      const [script = ""] = stepsOf(ACTION).steps.map((step) => step.run);
      const more = { GITHUB_ACTION_PATH: action.folder, GITHUB_OUTPUT: join(work, "output") };
      const built = await run("bash", ["-eo", "pipefail", "-c", script], { cwd: repo.root, env: { ...env, ...more } });
      expect([built.code, readFileSync(more.GITHUB_OUTPUT, "utf8")], built.stderr).to.deep.equal([
        0,
        "pulumi=present\n",
      ]);
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
    expect([comments().length, comments().at(-1)?.body.trim()]).to.deep.equal([before, all.summary.trim()]);
  });

  it("knows what comes from a fork, and its stack", async () => {
    const { steps, env } = stepsOf(EXAMPLE);
    const asked = steps.filter(({ name = "" }) => Object.values(origins).some(({ step }) => step === name));
    const print = asked.map(({ name, if: condition }) => ({ name, if: condition, run: "echo on stack $STACK" }));
    for (const [title, { step, stack, ...from }] of Object.entries(origins)) {
      const ended = await runSteps(print, eventOf(from), { env });
      const said = ended.log.split("\n").flatMap((line) => /on stack (\w+)$/.exec(line)?.[1] ?? []);
      expect([ended.steps, said.slice(-1)], title + ended.log).to.deep.equal([[step], [stack]]);
    }
  });
});
