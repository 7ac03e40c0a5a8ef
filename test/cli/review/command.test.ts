import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { commentBodies, GitHubError } from "../../../cli/review/github";
import { suggestionsFormat } from "../../../cli/report/suggestions";
import { toEdit } from "../../../cli/source/edit";
import { outputOf, run, type Finished } from "../../../harness/engine/command";
import { startGitHub, type GitHub } from "../../../harness/github/server";
import { committed } from "../../../harness/github/suggestion";
import { CLI, jobless } from "../preview/gate";
import { blocked, numbered } from "../report/builders";

const FILE = "infra/index.ts";
const COUNT = 12;
const SOURCE = Array.from({ length: COUNT }, (_, at) => `bucket ${at + 1}\n`).join("");

describe("review", () => {
  let root: string;
  let github: GitHub;
  let env: NodeJS.ProcessEnv;

  const git = (...args: string[]): string =>
    outputOf("git", ["-c", "user.name=a", "-c", "user.email=a@localhost", ...args], { cwd: root }).trim();
  const commit = (): string => {
    git("add", "-A");
    git("commit", "-qm", "change");
    return git("rev-parse", "HEAD");
  };
  const event = (head: object = { repo: { full_name: "o/r" } }): void => {
    const request = { number: 7, head: { sha: github.head, ...head }, base: { repo: { full_name: "o/r" } } };
    writeFileSync(join(root, "event.json"), JSON.stringify({ pull_request: request }));
  };
  /** The fixes of findings on these lines: each adds a line. */
  const suggest = (lines: readonly number[], stack = "dev"): void => {
    const findings = lines.map((line) => {
      const from = SOURCE.indexOf(`bucket ${line}\n`) + `bucket ${line}`.length;
      const edits = [toEdit(FILE, SOURCE, [{ from, to: from, text: `\nblock ${line}` }])];
      return numbered(line, { edits, urn: `urn:pulumi:${stack}::shop::t::b${line}` });
    });
    const report = blocked(findings, { stack });
    writeFileSync(join(root, "suggestions.json"), suggestionsFormat.render([report]));
  };
  const review = (more: NodeJS.ProcessEnv = {}): Promise<Finished> =>
    run(process.execPath, [CLI, "review", "suggestions.json", "--cwd", "infra"], {
      cwd: root,
      env: { ...env, ...more },
    });

  beforeEach(async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "review-")));
    mkdirSync(join(root, "infra"));
    writeFileSync(join(root, "infra/Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    git("init", "-q");
    const base = commit();
    writeFileSync(join(root, FILE), SOURCE);
    github = await startGitHub(root, base, commit());
    event();
    suggest([2, 3]);
    env = {
      ...jobless(process.env),
      ...{ GITHUB_API_URL: `${github.url}/`, GITHUB_EVENT_PATH: join(root, "event.json") },
      ...{ GITHUB_REPOSITORY: "o/r", GITHUB_TOKEN: github.token },
    };
  });
  afterEach(async () => {
    await github.close();
    rmSync(root, { recursive: true });
  });

  it("offers each fix once: not with the next push, nor for another stack of the program", async () => {
    const first = await review();
    expect([first.code, first.stdout], first.stderr).to.deep.equal([
      0,
      "2 of the fixes for dev are offered on the pull request.\n",
    ]);
    const [{ commit_id: on, body } = {}] = github.reviews;
    expect([on, body]).to.deep.equal([
      github.head,
      "2 changes fix what policies found in the preview of <code>dev</code>. Commit what you agree with.",
    ]);
    const fixed = [...github.comments].reverse().reduce((text, comment) => committed(text, comment), SOURCE);
    expect(fixed).to.equal(
      SOURCE.replace("bucket 2\n", "bucket 2\nblock 2\n").replace("bucket 3\n", "bucket 3\nblock 3\n"),
    );

    writeFileSync(join(root, "infra/other.ts"), "new\n");
    github.head = commit();
    event();
    suggest([2, 3], "prod");
    expect((await review()).stdout).to.equal("0 of the fixes for prod are offered on the pull request.\n");
    suggest([2, 3, 4]);
    await review();
    expect(github.comments.map(({ line }) => line)).to.deep.equal([2, 3, 4]);
  });

  it("offers ten at once, and the others with the next push", async () => {
    suggest(Array.from({ length: COUNT }, (_, at) => at + 1));
    const { stdout } = await review();
    expect(stdout).to.contain("10 of the fixes for dev are offered on the pull request. 2 more come with");
    await review();
    expect([github.reviews.length, github.comments.length]).to.deep.equal([2, 12]);
  });

  it("finds what is offered on the second page of comments", async () => {
    await review();
    const others = Array.from({ length: 100 }, () => ({ path: FILE, line: 1, body: "Why?" }));
    github.comments.unshift(...others);
    await review();
    expect(github.reviews.length).to.equal(1);
  });

  it("asks GitHub nothing about a fork, without a pull request, and without a fix", async () => {
    event({ repo: { full_name: "fork/r" } });
    expect((await review()).stdout).to.equal("The pull request is a fork's: no fix is offered.\n");
    event({ repo: null });
    expect((await review()).stdout).to.equal("The pull request is a fork's: no fix is offered.\n");
    writeFileSync(join(root, "event.json"), "{}");
    expect((await review()).stdout).to.equal("This job is not about a pull request: no fix is offered.\n");
    suggest([]);
    expect((await review()).stdout).to.equal("There is no fix to offer for dev.\n");
    expect(github.log).to.deep.equal([]);
  });

  it("offers nothing for a file that is another one on the pull request's branch", async () => {
    writeFileSync(join(root, FILE), `${SOURCE}merged\n`);
    const { code, stdout } = await review();
    expect([code, github.reviews.length, stdout]).to.deep.equal([
      0,
      0,
      "0 of the fixes for dev are offered on the pull request. " +
        "2 can't be offered there: their lines aren't in the diff, or not in one piece.\n",
    ]);
  });

  const refusals: [string, Partial<GitHub>, NodeJS.ProcessEnv, string][] = [
    [
      "a token that may not write",
      { mayWrite: false },
      {},
      "GitHub answers 403: Resource not accessible by integration\nThe job needs the permission pull-requests: write.",
    ],
    [
      "a token that isn't one",
      {},
      { GITHUB_TOKEN: "other" },
      "GitHub answers 401: Bad credentials\nGITHUB_TOKEN is not a token that it knows.",
    ],
    [
      "a limit",
      { instead: { status: 403, body: { message: "Slow down" }, headers: { "retry-after": "60" } } },
      {},
      "GitHub answers 403: Slow down\nThis job asks for too much at once; the next run tries again.",
    ],
    [
      "a limit by its own code",
      { instead: { status: 429, body: { message: "Slow down" } } },
      {},
      "GitHub answers 429: Slow down\nThis job asks for too much at once; the next run tries again.",
    ],
    [
      "lines that it doesn't take",
      { instead: { status: 422, body: { message: "Unprocessable Entity", errors: ["Line"] } } },
      {},
      'GitHub answers 422: Unprocessable Entity, "Line"',
    ],
    ["a proxy's page", { instead: { status: 502, body: "<html>" } }, {}, "GitHub answers 502: <html>"],
    ["what isn't JSON", { instead: { status: 200, body: "<html>" } }, {}, "is not JSON"],
    ["another answer", { instead: { status: 200, body: {} } }, {}, "isn't a list"],
    ["no token", {}, { GITHUB_TOKEN: "" }, "GITHUB_TOKEN is not set: give the step one."],
    ["no event", {}, { GITHUB_EVENT_PATH: "/none.json" }, "the event /none.json can't be read"],
    ["nobody there", {}, { GITHUB_API_URL: "http://127.0.0.1:9" }, "http://127.0.0.1:9 can't be reached: "],
  ];
  for (const [title, state, more, why] of refusals) {
    it(`tells once why nothing is offered: ${title}`, async () => {
      Object.assign(github, state);
      const { code, stdout, stderr } = await review(more);
      expect([code, stdout]).to.deep.equal([2, ""]);
      expect(stderr.startsWith("The fixes are not offered on the pull request. ")).to.equal(true);
      expect(stderr).to.contain(why);
      expect(stderr).not.to.contain("ghs_token");
    });
  }

  it("doesn't wait for ever", async () => {
    github.instead = "never";
    const access = { api: github.url, repository: "o/r", token: "t", limitMs: 100 };
    const error = await commentBodies(access, 7).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(GitHubError);
    expect((error as Error).message).to.equal(`${github.url} can't be reached: no answer in 0.1 seconds`);
  });

  it("refuses a file that isn't what the preview writes", async () => {
    for (const text of ["{", "{}", '{"version":2,"findings":[]}']) {
      writeFileSync(join(root, "suggestions.json"), text);
      const { code, stderr } = await review();
      expect([code, stderr.startsWith("suggestions.json ")], stderr).to.deep.equal([2, true]);
    }
  });
});
