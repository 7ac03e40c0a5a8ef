import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { outputOf, run, type Finished } from "../../../harness/engine/command";
import { needsEngine } from "../../../harness/engine/needs-engine";
import { startGitHub, type GitHub } from "../../../harness/github/server";
import { committed } from "../../../harness/github/suggestion";
import { CLI, gate, jobless, repository, type Repository } from "../preview/gate";

describe("the fixes of a preview, offered on a pull request", () => {
  needsEngine();
  let repo: Repository;
  let github: GitHub;
  const git = (...args: string[]): string =>
    outputOf("git", ["-c", "user.name=a", "-c", "user.email=a@localhost", ...args], {
      cwd: repo.root,
    }).trim();
  const commit = (...files: string[]): string => {
    git("add", ...files);
    git("commit", "-qm", "change");
    return git("rev-parse", "HEAD");
  };
  const offer = async (): Promise<Finished> => {
    mkdirSync(join(repo.root, "out"), { recursive: true });
    const event = join(repo.root, "out/event.json");
    const whose = { repo: { full_name: "o/r" } };
    const request = { number: 7, head: { sha: github.head, ...whose }, base: whose };
    writeFileSync(event, JSON.stringify({ pull_request: request }));
    const env = {
      ...jobless(repo.stack.env),
      ...{ GITHUB_API_URL: github.url, GITHUB_EVENT_PATH: event },
      ...{ GITHUB_REPOSITORY: "o/r", GITHUB_TOKEN: github.token },
    };
    const argv = [CLI, "review", "out/suggestions.json", "--cwd", "infra"];
    return run(process.execPath, argv, { cwd: repo.root, env });
  };

  before(async () => {
    repo = await repository("gate-shop");
    rmSync(join(repo.root, ".git"), { recursive: true });
    git("init", "-q");
    const base = commit("infra/Pulumi.yaml");
    github = await startGitHub(repo.root, base, commit("infra"));
  });
  after(async () => {
    await github.close();
    await repo.remove();
  });

  it("make it pass once they are committed, and aren't offered again before", async () => {
    mkdirSync(join(repo.root, "out"), { recursive: true });
    const blocked = await gate(repo, ["--suggestions", "out/suggestions.json"]);
    expect(blocked.code, blocked.stderr).to.equal(1);
    const first = await offer();
    expect([first.code, first.stdout], first.stderr).to.deep.equal([
      0,
      "3 of the fixes for dev are offered on the pull request.\n",
    ]);
    const on = github.comments.map(({ path, start_line: start, line }) => [path, start, line]);
    expect(on).to.deep.equal([
      ["infra/index.js", undefined, 12],
      ["infra/index.js", undefined, 17],
      ["infra/site.js", 3, 8],
    ]);
    expect((await offer()).stdout).to.equal("0 of the fixes for dev are offered on the pull request.\n");

    for (const comment of [...github.comments].sort((one, other) => other.line - one.line)) {
      const file = join(repo.root, comment.path);
      writeFileSync(file, committed(readFileSync(file, "utf8"), comment));
    }
    const passed = await gate(repo, ["--suggestions", "out/suggestions.json"]);
    expect(passed.code, passed.stdout).to.equal(0);
    expect(JSON.parse(readFileSync(join(repo.root, "out/suggestions.json"), "utf8"))).to.deep.equal({
      ...{ version: 1, stacks: ["dev"], findings: [] },
    });
  });
});
