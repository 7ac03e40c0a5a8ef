/** The examples that users copy, run by the runners that people run them with on their own machines. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { run as execute } from "../../harness/engine/command";
import { needsEngine } from "../../harness/engine/needs-engine";
import { pullRequest, runOnAct, type Ended, type Event } from "../../harness/runners/act";
import { type ForgeServer, startForge } from "../../harness/forge/server";
import { runOnGitLab } from "../../harness/runners/gitlab";
import { BUILD_LIMIT_MS, buildTools } from "../../harness/runners/tools";
import { nodeFolder } from "../../package/pack";
import { tempFolder } from "../../temp-folder";
import { testdata } from "../../testdata";
import { ACTION, EXAMPLE, exampleRepository, GATE, type ExampleRepository, stepsOf } from "./example-repository";

const { open, locked, broken } = testdata("programs.yaml") as Record<"open" | "locked" | "broken", string>;
const PASSED = "## ✅ Passed: 1 bucket in <code>dev</code>, locked";
const FORK = "Make a stack without secrets for a fork";
const ROLE = "Assume the AWS role";
/** The steps that make the gate and the program ready, then those of the action. */
const READY = ["Install the gate", "Install the program's dependencies"];
const GATE_STEPS = ["Put the gate into the checkout", "./.gate", "Build the gate", "Preview"];
const UPLOAD = "Upload to code scanning";
const COMMENT = "Comment on the pull request";

// A preview without a verdict, a push and a merge queue: workflows.tools.test.ts.
describe("the example for GitHub, on act", () => {
  needsEngine();
  let repo: ExampleRepository;
  let forge: ForgeServer;

  const run = (program: string, event: Event, env: NodeJS.ProcessEnv = repo.env) => {
    forge.head = repo.commit(program);
    return runOnAct({
      ...{ repository: repo.root, work: repo.work, files: [EXAMPLE, ACTION], event, env, forge },
      secrets: { PULUMI_ACCESS_TOKEN: "" },
      vars: { AWS_PREVIEW_ROLE: "arn:aws:iam::123456789012:role/preview", AWS_REGION: "eu-central-1" },
    });
  };
  /** The named steps that ran: not the stand-ins, nor the lines inside of them. */
  const named = ({ steps }: Ended) =>
    steps.filter((step) => [FORK, ROLE, ...READY, ...GATE_STEPS, UPLOAD, COMMENT].includes(step));
  const headline = ({ summary }: Ended) => summary.split("\n")[1];

  before(async function () {
    this.timeout(BUILD_LIMIT_MS);
    await buildTools();
    repo = await exampleRepository("github.com");
    forge = await startForge(repo.root);
  });
  after(async () => {
    await forge.close();
    repo.close();
  });

  it("blocks a pull request that opens buckets: annotations, a report for code scanning, a comment, the same when it passes then", async () => {
    const ended = await run(open, pullRequest());
    expect([ended.failed, headline(ended)], ended.log).to.deep.equal([
      true,
      "## ❌ Blocked: 2 of 2 buckets in <code>dev</code> can be opened to the public",
    ]);
    expect(named(ended)).to.deep.equal([...READY, ROLE, ...GATE_STEPS, UPLOAD, COMMENT]);
    const errors = ended.annotations.filter(({ level, file }) => level === "error" && file !== undefined);
    expect(errors.map(({ file, line }) => `${file ?? ""}:${line ?? ""}`)).to.deep.equal([
      "infra/index.mjs:3",
      "infra/index.mjs:5",
    ]);
    expect(ended.given["aws-actions/configure-aws-credentials"]).to.deep.equal({
      ...{ "role-to-assume": "arn:aws:iam::123456789012:role/preview", "aws-region": "eu-central-1" },
    });
    expect(ended.given["github/codeql-action/upload-sarif"]?.sarif_file).to.match(/\/report\.sarif$/);
    const [comment, ...suggestions] = forge.comments;
    expect([comment?.body.trim(), suggestions.map(({ line }) => line)], ended.log).to.deep.equal([
      ended.summary.trim(),
      [5],
    ]);

    const before = forge.comments.map(({ id }) => id);
    const passed = await run(locked, pullRequest());
    expect([passed.failed, headline(passed)], passed.log).to.deep.equal([false, PASSED]);
    expect(forge.comments.map(({ id }) => id)).to.deep.equal(before);
    expect(forge.comments[0]?.body.trim()).to.equal(passed.summary.trim());
  });

  it("gives a fork's pull request a stack of its own, without secrets, and blocks it", async () => {
    const comments = [...forge.comments];
    const ended = await run(open, pullRequest("fork/r"), repo.bare);
    expect([ended.failed, headline(ended)], ended.log).to.deep.equal([
      true,
      "## ❌ Blocked: 2 of 2 buckets in <code>fork</code> can be opened to the public",
    ]);
    expect(named(ended)).to.deep.equal([...READY, FORK, ...GATE_STEPS]);
    expect(forge.comments).to.deep.equal(comments);
  });

  // The scripts by themselves: act may lose the last lines of a step that fails at once.
  it("says why it takes no package of another hash, and no gate of the pull request's, be it a folder or a link", async () => {
    const { steps, env } = stepsOf(EXAMPLE);
    const [cwd, RUNNER_TEMP] = ["checkout-", "temp-"].map((name) => mkdtempSync(join(repo.work, name))) as [
      string,
      string,
    ];
    const why = async (name: string): Promise<string> => {
      const script = steps.find((each) => each.name === name)?.run ?? "";
      const ended = await execute("bash", ["-ec", script], { cwd, env: { ...repo.env, ...env, RUNNER_TEMP } });
      expect(ended.code, ended.stderr).to.equal(1);
      return ended.stderr;
    };
    const other = `has the hash ${repo.integrity}, which is not GATE_INTEGRITY.`;
    expect(await why("Install the gate")).to.contain(other);
    const gate = join(cwd, ".gate");
    for (const isLink of [false, true]) {
      if (isLink) symlinkSync("nowhere", gate);
      else mkdirSync(gate);
      expect(await why("Put the gate into the checkout")).to.contain("The pull request has something named .gate");
      rmSync(gate, { recursive: true });
    }
  });
});

describe("the example for GitLab, on gitlab-ci-local", () => {
  needsEngine();
  let repo: ExampleRepository;
  let temp: string;
  let node: string;
  let forge: ForgeServer;

  const run = (
    program: string,
    predefined: Record<string, string>,
    { env = repo.env, hash }: { env?: NodeJS.ProcessEnv; hash?: string } = {},
  ) => {
    for (const name of ["summary.md", "gl-code-quality-report.json"]) rmSync(join(repo.root, name), { force: true });
    forge.head = repo.commit(program, hash);
    return runOnGitLab({
      ...{ checkout: repo.root, name: "pulumi-preview", predefined, node },
      env: { ...env, HOME: join(temp, "home"), GITLAB_TOKEN: env === repo.env ? forge.token : "" },
    });
  };
  const mergeRequest = (source: string) => ({
    CI_PIPELINE_SOURCE: "merge_request_event",
    ...{ CI_MERGE_REQUEST_PROJECT_ID: "42", CI_MERGE_REQUEST_SOURCE_PROJECT_ID: source },
    ...{ CI_MERGE_REQUEST_IID: "7", CI_API_V4_URL: `${forge.url}/api/v4` },
  });
  const summary = () => readFileSync(join(repo.root, "summary.md"), "utf8");
  const report = () => join(repo.root, "gl-code-quality-report.json");

  before(async () => {
    temp = tempFolder("gitlab");
    node = join(await nodeFolder("22"), "node");
    repo = await exampleRepository("gitlab.example");
    forge = await startForge(repo.root);
  });
  after(async () => {
    await forge.close();
    repo.close();
  });

  it("blocks a merge request that opens buckets, with a Code Quality report, a summary and fixes", async () => {
    const { failed, log } = await run(open, mergeRequest("42"));
    expect([failed, existsSync(report())], log).to.deep.equal([true, true]);
    const issues = JSON.parse(readFileSync(report(), "utf8")) as { location: object }[];
    expect(issues.map(({ location }) => location)).to.deep.equal([
      { path: "infra/index.mjs", lines: { begin: 3 } },
      { path: "infra/index.mjs", lines: { begin: 5 } },
    ]);
    expect(summary()).to.match(/https&#58;\/\/gitlab\.example\/o\/r\/-\/blob\/[0-9a-f]{40}\/infra\/index\.mjs/);
    const [comment, ...suggestions] = forge.comments;
    expect([comment?.body.trim(), suggestions.map(({ line }) => line)], log).to.deep.equal([summary().trim(), [5]]);
  });

  it("passes a locked bucket, in a merge request and on the default branch", async () => {
    for (const event of [mergeRequest("42"), { CI_PIPELINE_SOURCE: "push" }]) {
      const { failed, ran, log } = await run(locked, { ...event, CI_DEFAULT_BRANCH: "main" });
      expect([failed, ran], log).to.deep.equal([false, true]);
      expect(summary()).to.contain("## ✅ Passed: 1 bucket in <code>dev</code>, locked");
    }
  });

  it("gives a fork's merge request a stack of its own, without secrets, and blocks it", async () => {
    const { failed, log } = await run(open, mergeRequest("2"), { env: repo.bare });
    expect(failed, log).to.equal(true);
    expect(summary()).to.contain("## ❌ Blocked: 2 of 2 buckets in <code>fork</code> can be opened to the public");
  });

  it("fails where there is no verdict, and leaves no report that could close issues", async () => {
    const { failed, log } = await run(broken, mergeRequest("42"));
    expect([failed, existsSync(report())], log).to.deep.equal([true, false]);
    expect(summary()).to.contain("## ❌ No verdict");
  });

  it("runs nothing of a package that has another hash", async () => {
    const { failed, log } = await run(locked, mergeRequest("42"), { hash: "sha512-REPLACE" });
    expect([failed, existsSync(join(repo.root, "summary.md"))], log).to.deep.equal([true, false]);
    expect(log).to.contain("Nothing of it was run.").and.to.contain(`this prints the right one: npm view ${GATE}@`);
  });
});
