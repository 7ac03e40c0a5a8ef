import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { outputOf } from "../engine/command";
import { startGitHub, type GitHub } from "./server";
import { committed, suggestedIn } from "./suggestion";

const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}`);

describe("the stand-in for GitHub", () => {
  let folder: string;
  let github: GitHub;
  let base: string;
  const git = (...args: string[]): string =>
    outputOf("git", ["-c", "user.name=a", "-c", "user.email=a@localhost", ...args], { cwd: folder }).trim();
  const commit = (text: string[]): string => {
    writeFileSync(join(folder, "index.ts"), `${text.join("\n")}\n`);
    git("add", "-A");
    git("commit", "-qm", "change");
    return git("rev-parse", "HEAD");
  };
  const call = async (path: string, body?: object, token = github.token): Promise<[number, unknown]> => {
    const response = await fetch(`${github.url}/repos/o/r/pulls/7/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return [response.status, await response.json()];
  };
  const review = (comment: object, more: object = {}): Promise<[number, unknown]> =>
    call("reviews", {
      ...{ commit_id: github.head, event: "COMMENT", body: "Changes." },
      comments: [{ path: "index.ts", side: "RIGHT", body: "Better.", ...comment }],
      ...more,
    });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "github-"));
    git("init", "-q");
    base = commit(lines(1, 40));
    const head = commit([...lines(1, 9), "changed", ...lines(11, 29), "changed", ...lines(31, 40)]);
    github = await startGitHub(folder, base, head);
  });
  after(async () => {
    await github.close();
    rmSync(folder, { recursive: true });
  });

  it("lists the files with the part of their diff that has the changes", async () => {
    const [status, files] = await call("files");
    const [file] = files as { filename: string; status: string; sha: string; patch: string }[];
    expect([status, file?.filename, file?.status]).to.deep.equal([200, "index.ts", "modified"]);
    expect(file?.sha).to.equal(git("rev-parse", "HEAD:index.ts"));
    expect(file?.patch.split("\n").slice(0, 5)).to.deep.equal([
      "@@ -7,7 +7,7 @@ line 6",
      " line 7",
      " line 8",
      " line 9",
      "-line 10",
    ]);
  });

  it("takes comments on lines of the diff, and lists them", async () => {
    expect((await review({ line: 13 }))[0]).to.equal(200);
    expect((await review({ line: 12, start_line: 8, start_side: "RIGHT" }))[0]).to.equal(200);
    const [, comments] = await call("comments?per_page=1&page=2");
    expect((comments as { line: number }[]).map(({ line }) => line)).to.deep.equal([12]);
    expect((await call("comments?page=2"))[1]).to.deep.equal([]);
  });

  const refused: [string, object, object?][] = [
    ["Line could not be resolved", { line: 20 }],
    ["Line could not be resolved", { line: 14 }],
    ["Path could not be resolved", { line: 8, path: "other.ts" }],
    ["Start line must precede the end line.", { line: 8, start_line: 8, start_side: "RIGHT" }],
    [
      "Start line must be part of the same hunk as the line.",
      { line: 28, start_line: 8, start_side: "RIGHT" },
    ],
    ["Side is not RIGHT", { line: 8, side: "LEFT" }],
    ["The commit is not part of the pull request", { line: 8 }, { commit_id: "0".repeat(40) }],
    ["Review body can't be blank", { line: 8 }, { body: "" }],
  ];
  for (const [why, comment, more] of refused) {
    it(`refuses a review as a whole: ${why} (${JSON.stringify(more ?? comment)})`, async () => {
      const before = github.comments.length;
      expect(await review(comment, more)).to.deep.equal([
        422,
        { message: "Unprocessable Entity", errors: [why] },
      ]);
      expect(github.comments.length).to.equal(before);
    });
  }

  it("refuses a token that isn't its own, one that may not write, and calls that it doesn't know", async () => {
    expect((await call("files", undefined, "other"))[0]).to.equal(401);
    github.mayWrite = false;
    expect((await review({ line: 8 }))[0]).to.equal(403);
    github.mayWrite = true;
    expect((await call("nothing"))[0]).to.equal(404);
  });
});

describe("a suggested change", () => {
  it("is what a fence of its own length holds, and takes the place of its lines", () => {
    const body = "Better:\n\n````suggestion\n```\nthree\n````\nmore";
    expect(suggestedIn(body)).to.equal("```\nthree");
    expect(committed("one\ntwo\nfour\n", { path: "a", line: 2, start_line: 1, body })).to.equal(
      "```\nthree\nfour\n",
    );
  });
  it("isn't in a comment without one", () => {
    expect(suggestedIn("```ts\nsuggestion\n```")).to.equal(undefined);
  });
});
