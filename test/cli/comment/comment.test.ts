import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { comment } from "../../../cli/comment/command";
import { toEdit } from "../../../cli/source/edit";
import { needsEngine } from "../../harness/engine/needs-engine";
import { type Comment, type ForgeServer, OWN, startForge } from "../../harness/forge/server";
import { committed, type LineComment } from "../../harness/forge/suggestion";
import { commit, gate, initialize, repository } from "../gate/gate";
import { blocked, clean, numbered, violation, written } from "../report/builders";
import { tempFolder } from "../../temp-folder";
import { testdata } from "../../testdata";

const FILE = "infra/index.ts";
const SOURCE = Array.from({ length: 12 }, (_, at) => `bucket ${at + 1}\n`).join("");
const REQUESTS = { GitHub: "pull request #7", GitLab: "merge request !7" };
const TOKENS = { GitHub: "GITHUB_TOKEN", GitLab: "GITLAB_TOKEN" };
const ADDRESSES = { GitHub: "GITHUB_GRAPHQL_URL", GitLab: "CI_API_V4_URL" };
type Name = keyof typeof REQUESTS;
const NAMES = Object.keys(REQUESTS) as Name[];

const {
  refused: REFUSED,
  nowhere: NOWHERE,
  unreadable: UNREADABLE,
} = testdata("comments.yaml") as {
  refused: Record<string, { forge?: Partial<ForgeServer>; token?: string; address?: string; why: string }>;
  nowhere: { why: string; on: Name; env?: NodeJS.ProcessEnv; event?: object }[];
  unreadable: string[];
};

let root: string;
let forge: ForgeServer;

/** What a job of the forge has in its environment. */
function jobOn(name: Name, event?: object): NodeJS.ProcessEnv {
  const repo = { repo: { full_name: "o/r" } };
  const request = { number: 7, head: { sha: forge.head, ...repo }, base: repo };
  const file = join(root, "event.json");
  writeFileSync(file, JSON.stringify(event ?? { pull_request: request }));
  const gitHub = {
    ...{ GITHUB_ACTIONS: "true", GITHUB_API_URL: `${forge.url}/`, GITHUB_GRAPHQL_URL: `${forge.url}/graphql` },
    ...{ GITHUB_EVENT_PATH: file, GITHUB_REPOSITORY: "o/r", GITHUB_TOKEN: forge.token },
  };
  const gitLab = {
    ...{ GITLAB_CI: "true", CI_API_V4_URL: `${forge.url}/api/v4`, GITLAB_TOKEN: forge.token },
    ...{ CI_MERGE_REQUEST_PROJECT_ID: "42", CI_PROJECT_ID: "43", CI_MERGE_REQUEST_IID: "7" },
  };
  return name === "GitHub" ? gitHub : gitLab;
}

/** Returns the exit code and what was said. */
async function execute(env: NodeJS.ProcessEnv, ...argv: string[]): Promise<(number | string)[]> {
  const said: string[] = [];
  const code = await comment(argv, env, (line) => {
    said.push(line);
  });
  return [code, ...said];
}
const offer = (env: NodeJS.ProcessEnv) =>
  execute(env, "--suggestions", join(root, "s.json"), "--cwd", join(root, "infra"));
const say = (env: NodeJS.ProcessEnv, text = bad) => {
  writeFileSync(join(root, "summary.md"), text);
  return execute(env, "--summary", join(root, "summary.md"));
};
const bad = written("summary", blocked([violation()]));
const good = written("summary", clean());

/** Writes the fixes of findings on these lines: each adds a line. */
function suggest(lines: readonly number[], stack = "dev"): void {
  const findings = lines.map((line) => {
    const from = SOURCE.indexOf(`bucket ${line}\n`) + `bucket ${line}`.length;
    const edits = [toEdit(FILE, SOURCE, [{ from, to: from, text: `\nblock ${line}` }])];
    return numbered(line, { edits, urn: `urn:pulumi:${stack}::shop::t::b${line}` });
  });
  writeFileSync(join(root, "s.json"), written("suggestions", blocked(findings, { stack })));
}

/** The text once all suggestions are committed. */
function withAll(file: string, source: string): string {
  const own = forge.comments.filter((each): each is Comment & LineComment => each.path === file);
  return own.sort((one, other) => other.line - one.line).reduce(committed, source);
}

describe("comment", () => {
  beforeEach(async () => {
    root = tempFolder("comment");
    mkdirSync(join(root, "infra"));
    writeFileSync(join(root, "infra/Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    writeFileSync(join(root, ".gitignore"), "*.json\n*.md\n");
    // The middle of the file is there before, and stays.
    writeFileSync(join(root, FILE), SOURCE.slice(SOURCE.indexOf("bucket 4"), SOURCE.indexOf("bucket 9")));
    initialize(root);
    const base = commit(root);
    writeFileSync(join(root, FILE), SOURCE);
    forge = await startForge(root, base, commit(root));
    suggest([2, 3, 5]);
  });
  afterEach(async () => {
    await forge.close();
  });

  for (const name of NAMES) {
    const on = REQUESTS[name];
    let job: NodeJS.ProcessEnv;

    describe(`on ${name}`, () => {
      beforeEach(() => {
        job = jobOn(name);
      });

      it("writes the summary once, a comment a stack, and keeps it up to date", async () => {
        const prod = written("summary", blocked([violation()], { stack: "prod" }));
        const said = [await say(job, bad), await say(job, prod), await say(job, good), await say(job, good)];
        const what = ["written", "written", "updated", "unchanged"];
        expect(said).to.deep.equal(what.map((done) => [0, `The summary on ${on} is ${done}.`]));
        expect(forge.comments.map(({ body }) => body)).to.deep.equal([good, prod]);
      });

      it("finds its comment on a later page, and takes nobody else's who copied its marker for it", async () => {
        const others = Array.from({ length: 250 }, (_, id) => ({ id, author: 6, body: bad }));
        forge.comments.push(...others, { id: 999, author: OWN, body: bad });
        expect(await say(job, good)).to.deep.equal([0, `The summary on ${on} is updated.`]);
        expect(forge.comments.filter(({ body }) => body === good).map(({ id }) => id)).to.deep.equal([999]);
      });

      it("offers each fix once: not with the next push, nor for another stack of the program", async () => {
        expect(await offer(job)).to.deep.equal([0, `3 of the fixes for dev are offered on ${on}.`]);
        const fixed = [2, 3, 5].reduce((text, at) => text.replace(`bucket ${at}\n`, `$&block ${at}\n`), SOURCE);
        expect(withAll(FILE, SOURCE)).to.equal(fixed);
        writeFileSync(join(root, "infra/other.ts"), "new\n");
        forge.head = commit(root);
        suggest([2, 3], "prod");
        expect(await offer(jobOn(name))).to.deep.equal([0, `0 of the fixes for prod are offered on ${on}.`]);
        suggest([2, 3, 4]);
        await offer(jobOn(name));
        expect(forge.comments.map(({ line }) => line)).to.deep.equal([2, 3, 5, 4]);
      });

      it("offers what somebody else only claims to have offered", async () => {
        await offer(job);
        forge.comments.push(...forge.comments.splice(0).map((each) => ({ ...each, author: 6 })));
        await offer(job);
        expect(forge.comments.map(({ author }) => author)).to.deep.equal([6, 6, 6, OWN, OWN, OWN]);
      });

      it("offers ten at once, and the others with the next push", async () => {
        suggest(Array.from({ length: 12 }, (_, at) => at + 1));
        expect(await offer(job)).to.deep.equal([
          ...[0, `10 of the fixes for dev are offered on ${on}. 2 more come with the next push.`],
        ]);
        await offer(job);
        expect(forge.comments.length).to.equal(12);
      });

      it("says nothing twice when two jobs say it at the same time", async () => {
        for (const [act, count] of [
          [say, 1],
          [offer, 4],
        ] as const) {
          forge.together = 2;
          const both = await Promise.all([act(job), act(job)]);
          expect(
            both.map(([code]) => code),
            String(both),
          ).to.deep.equal([0, 0]);
          expect(forge.comments.length).to.equal(count);
        }
      });

      it("offers nothing for a file that differs on the branch", async () => {
        writeFileSync(join(root, FILE), `${SOURCE}merged\n`);
        const why = "3 can't be suggested: their lines are outside the diff, or span several parts of it.";
        expect(await offer(job)).to.deep.equal([0, `0 of the fixes for dev are offered on ${on}. ${why}`]);
      });

      it("says once why it fails, and no secret", async () => {
        const limited = AbortSignal.timeout.bind(AbortSignal);
        for (const [title, { forge: state, token, address, why }] of Object.entries(REFUSED)) {
          Object.assign(forge, { mayWrite: true, instead: undefined }, state);
          const more = { ...(token && { [TOKENS[name]]: token }), ...(address && { [ADDRESSES[name]]: address }) };
          if (state?.instead === "never") AbortSignal.timeout = (ms) => limited(ms / 300);
          const [code, line, ...others] = await say({ ...job, ...more });
          AbortSignal.timeout = limited;
          expect([code, others], title).to.deep.equal([2, []]);
          expect(line, title)
            .to.match(/^Not everything is on the request\. /)
            .and.match(new RegExp(why));
          expect(line, title).not.to.contain("secret-token");
        }
      });
    });
  }

  it("has nothing to write where there is no request, a fork's, or a token that can only read, which is no failure", async () => {
    forge.mayWrite = false;
    for (const { why, on, env, event } of NOWHERE) {
      const job = { ...jobOn(on, event), ...env };
      for (const act of [say, offer]) expect(await act(job)).to.deep.equal([0, `${why}: nothing is written.`]);
    }
  });

  it("asks nobody where there is no fix, or no verdict and so no file", async () => {
    suggest([]);
    const said = [await offer(jobOn("GitHub"))];
    rmSync(join(root, "s.json"));
    said.push(await offer(jobOn("GitLab")));
    const nothing = [0, "There is no fix to offer: nothing is written."];
    expect([said, forge.log]).to.deep.equal([[nothing, nothing], []]);
  });

  it("refuses a file that isn't what the preview writes, and names it", async () => {
    const { findings } = JSON.parse(readFileSync(join(root, "s.json"), "utf8")) as { findings: object[] };
    const [first] = findings;
    const odd = [{ edits: null }, { edits: [null] }, { fingerprint: "-->" }].map((changes) =>
      JSON.stringify({ version: 1, stacks: ["dev"], findings: [{ ...first, ...changes }] }),
    );
    for (const text of [...UNREADABLE, ...odd]) {
      writeFileSync(join(root, "s.json"), text);
      const error = await offer(jobOn("GitHub")).catch((reason: unknown) => reason);
      expect(String(error), text).to.match(/^UsageError: \S+s.json wasn't written by preview --suggestions of this/);
    }
    const error = await say(jobOn("GitLab"), "# Report\n").catch((reason: unknown) => reason);
    expect(String(error)).to.match(/^UsageError: \S+summary.md wasn't written by preview --summary/);
    expect(String(await say({}).catch((reason: unknown) => reason))).to.contain("neither a job of GitHub");
  });
});

describe("the fixes of a preview, offered on a request", () => {
  needsEngine();

  it("make it pass once they are committed, on either forge", async () => {
    const repo = await repository("gate-shop");
    ({ root } = repo);
    initialize(root);
    const head = commit(root);
    const blocked = await gate(repo, ["--suggestions", "s.json"]);
    expect(blocked.code, blocked.stderr).to.equal(1);
    const files = ["infra/index.js", "infra/site.js"];
    const fixed: string[][] = [];
    for (const name of NAMES) {
      forge = await startForge(root, undefined, head);
      expect(await offer(jobOn(name))).to.deep.equal([0, `3 of the fixes for dev are offered on ${REQUESTS[name]}.`]);
      fixed.push(files.map((file) => withAll(file, readFileSync(join(root, file), "utf8"))));
      await forge.close();
    }
    expect(fixed[0]).to.deep.equal(fixed[1]);
    for (const [at, file] of files.entries()) writeFileSync(join(root, file), fixed[0]?.[at] ?? "");
    const passed = await gate(repo, ["--suggestions", "s.json"]);
    expect(passed.code, passed.stdout).to.equal(0);
    expect(readFileSync(join(root, "s.json"), "utf8")).to.contain('"findings": []');
  });
});
