import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { summary } from "../../../cli/report/summary";
import { run, type Finished } from "../../../harness/engine/command";
import { type GitLab, startGitLab } from "../../../harness/gitlab/server";
import { blocked, clean, violation } from "../report/builders";

const MAIN = join(__dirname, "../../../dist/cli/main.js");
const NOTES = "/api/v4/projects/42/merge_requests/7/notes";

describe("the note on a merge request", () => {
  let folder: string;
  let gitlab: GitLab;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "note-"));
    gitlab = await startGitLab();
  });
  afterEach(async () => {
    await gitlab.close();
    rmSync(folder, { recursive: true });
  });

  const note = (text: string, changes: NodeJS.ProcessEnv = {}): Promise<Finished> => {
    const file = join(folder, "summary.md");
    writeFileSync(file, text);
    const job = {
      ...{ CI_API_V4_URL: gitlab.url, CI_MERGE_REQUEST_PROJECT_ID: "42", CI_PROJECT_ID: "43" },
      ...{ CI_MERGE_REQUEST_IID: "7", GITLAB_TOKEN: gitlab.token },
    };
    return run(process.execPath, [MAIN, "note", file], {
      env: { PATH: process.env.PATH, ...job, ...changes },
    });
  };
  const bad = summary(blocked([violation()]), undefined);
  const good = summary(clean(), undefined);
  const said = (status: string) => ({
    code: 0,
    stdout: `The note on merge request !7 is ${status}.\n`,
    stderr: "",
  });

  it("is written once, updated when the verdict changes, and left alone when it doesn't", async () => {
    const outcomes = [await note(bad), await note(good), await note(good)];
    expect(outcomes).to.deep.equal([said("written"), said("updated"), said("unchanged")]);
    expect(gitlab.notes.map(({ body }) => body)).to.deep.equal([good]);
    expect(gitlab.log.filter((line) => !line.startsWith("GET"))).to.deep.equal([
      `POST ${NOTES} 201`,
      `PUT ${NOTES}/100 200`,
    ]);
  });

  it("is another one for each stack", async () => {
    const other = summary(blocked([violation()], { stack: "prod" }), undefined);
    await note(bad);
    await note(other);
    expect(gitlab.notes.map(({ body }) => body)).to.deep.equal([bad, other]);
  });

  it("is found on a later page, and isn't someone else's who copied its first line", async () => {
    const others = Array.from({ length: 250 }, (_, id) => ({ id, author: { id: 6 }, body: bad }));
    gitlab.notes.push(...others, { id: 999, author: { id: gitlab.user }, body: bad });
    expect(await note(good)).to.deep.equal(said("updated"));
    expect(gitlab.notes.filter(({ body }) => body === good).map(({ id }) => id)).to.deep.equal([999]);
  });

  it("isn't written without a merge request, nor without a token, as in a fork: that is no failure", async () => {
    const [push, fork] = [
      await note(bad, { CI_MERGE_REQUEST_IID: "" }),
      await note(bad, { GITLAB_TOKEN: "" }),
    ];
    expect([push, fork]).to.deep.equal([
      { code: 0, stdout: "This job is not about a merge request: no note is written.\n", stderr: "" },
      {
        code: 0,
        stdout: "GITLAB_TOKEN is not set, as in the pipeline of a fork: no note is written.\n",
        stderr: "",
      },
    ]);
    expect(gitlab.log).to.deep.equal([]);
  });

  const failures: [string, (text: string) => Promise<Finished>, string][] = [
    [
      "the token isn't known",
      (text) => note(text, { GITLAB_TOKEN: "other" }),
      'GitLab answers 401: {"message":"401 Unauthorized"}\nGITLAB_TOKEN is not a token that it knows, or it has expired.',
    ],
    [
      "the token may not write",
      (text) => {
        gitlab.mayWrite = false;
        return note(text);
      },
      'GitLab answers 403: {"message":"403 Forbidden"}\nGITLAB_TOKEN needs the scope api, and the role Planner or a higher one in the project of the merge request.',
    ],
    [
      "the answer is a proxy's page",
      (text) => {
        gitlab.instead = { status: 200, body: "<html>" };
        return note(text);
      },
      "GitLab's answer to user is not JSON",
    ],
    [
      "nothing answers",
      (text) => note(text, { CI_API_V4_URL: "http://127.0.0.1:1/api/v4" }),
      "http://127.0.0.1:1 can't be reached: ",
    ],
  ];
  for (const [why, attempt, message] of failures) {
    it(`tells why it couldn't be written: ${why}`, async () => {
      const { code, stdout, stderr } = await attempt(bad);
      expect([code, stdout]).to.deep.equal([2, ""]);
      expect(stderr).to.contain(`The note is not on the merge request. ${message}`);
      expect(stderr).not.to.contain(gitlab.token);
    });
  }

  it("is of a summary, and of nothing else", async () => {
    const { code, stderr } = await note("# Report\n");
    expect([code, stderr.split("\n", 1)]).to.deep.equal([
      2,
      [`${join(folder, "summary.md")} is not what preview --summary writes`],
    ]);
    expect(gitlab.log).to.deep.equal([]);
  });
});
