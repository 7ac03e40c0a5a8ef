import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { outputOf, run, type Finished } from "../../harness/engine/command";
import { needsEngine } from "../../harness/engine/needs-engine";
import { expectSection } from "../../docs/section";
import { CLI, gate, jobless, repository, type Repository } from "../gate/gate";

function git({ root }: Repository, ...args: string[]): string {
  return outputOf("git", ["-c", "user.name=a", "-c", "user.email=a@localhost", ...args], { cwd: root });
}

/** A program in a repository of git's own, with everything committed. */
async function committed(program: string, prepare?: (project: string) => void): Promise<Repository> {
  const repo = await repository(program, prepare === undefined ? {} : { prepare });
  rmSync(join(repo.root, ".git"), { recursive: true });
  git(repo, "init", "-q");
  git(repo, "add", "-A");
  git(repo, "commit", "-qm", "first");
  return repo;
}

function fix({ root, stack }: Repository, ...args: string[]): Promise<Finished> {
  const argv = [CLI, "fix", "--stack", "dev", "--cwd", "infra", ...args];
  return run(process.execPath, argv, { cwd: root, env: jobless(stack.env), keepColors: true });
}

/** What the command itself says on stderr, behind what the CLI does. */
const told = ({ stderr }: Finished): string => stderr.slice(stderr.search(/^(\d+ of|There is nothing)/m));

describe("fix", () => {
  needsEngine();
  let repo: Repository;

  it("changes a program so that its preview passes, and then finds nothing to change", async () => {
    const index = (project: string): string => join(project, "index.ts");
    // As an editor on Windows leaves it.
    repo = await committed("source-callbacks", (project) => {
      const text = readFileSync(index(project), "utf8").trimEnd().replaceAll("\n", "\r\n");
      writeFileSync(index(project), `\ufeff${text}`);
    });
    const file = join(repo.root, "infra/index.ts");
    const before = readFileSync(file, "utf8");

    const dry = await fix(repo, "--dry-run");
    expect([dry.code, told(dry)], dry.stderr).to.deep.equal([1, "6 of 6 findings would be fixed in infra/index.ts.\n"]);
    expect(readFileSync(file, "utf8")).to.equal(before);

    const done = await fix(repo);
    expect(done.code, done.stderr).to.equal(0);
    expect(told(done)).to.match(
      /^6 of 6 findings fixed in infra\/index\.ts\.\nLook at the change, .*: node .* preview --stack dev --cwd infra\n$/,
    );
    expect(done.stderr).not.to.contain("error: preview failed");
    expect(done.stdout).to.equal(dry.stdout);
    const after = readFileSync(file, "utf8");
    expect(after.startsWith("\ufeff// Of a function")).to.equal(true);
    expect([after.endsWith("})();"), /[^\r]\n/.test(after)]).to.deep.equal([true, false]);

    // The patch is one that git applies, and makes the same.
    git(repo, "checkout", "-q", "--", ".");
    outputOf("git", ["apply", "-"], { cwd: repo.root, input: dry.stdout });
    expect(readFileSync(file, "utf8")).to.equal(after);

    git(repo, "commit", "-qam", "fixed");
    for (const args of [[], ["--dry-run"]]) {
      const again = await fix(repo, ...args);
      expect([again.code, again.stdout, told(again)]).to.deep.equal([0, "", "There is nothing to fix.\n"]);
    }
    expect((await gate(repo)).code).to.equal(0);
  });

  it("touches no file with uncommitted changes unless it is told to, and says what it leaves and why", async () => {
    repo = await committed("gate-shop");
    const index = join(repo.root, "infra/index.js");
    const text = readFileSync(index, "utf8").replace('"use strict";', '"use strict"; // not committed');
    writeFileSync(index, text);
    const early = await fix(repo);
    expect([early.code, early.stdout]).to.deep.equal([2, ""]);
    expect(early.stderr).to.match(
      /^infra\/index\.js: uncommitted changes\. Commit them, or pass --force\. Nothing was changed\./,
    );

    // What git doesn't know may be none of the program's: it is refused where it is changed.
    git(repo, "rm", "-q", "--cached", "infra/index.js");
    git(repo, "commit", "-qm", "without");
    const refused = await fix(repo);
    // How many findings a weak block is, is the policies' matter.
    expect([refused.code, /^1 of \d findings (.*)$/m.exec(refused.stderr)?.[1]]).to.deep.equal([
      1,
      "fixed in infra/site.js.",
    ]);
    expect(readFileSync(index, "utf8")).to.equal(text);
    expect(refused.stderr).to.contain(
      "Not fixed: infra/index.js isn't under version control: commit it, or pass --force.",
    );

    const dry = await fix(repo, "--dry-run");
    expect(dry.stderr).to.contain("Needs --force: infra/index.js isn't under version control.\n");
    git(repo, "checkout", "-q", "--", "infra/site.js");
    const whole = await fix(repo, "--dry-run", "--force");
    const [ofIndex = ""] = whole.stdout.split(/^(?=diff --git .*site\.js)/m);
    await expectSection("docs/fix.md", "patch", `\`\`\`diff\n${ofIndex.trimEnd()}\n\`\`\``);
    const forced = await fix(repo, "--force");
    expect([forced.code, forced.stdout], forced.stderr).to.deep.equal([0, whole.stdout]);
    expect(readFileSync(index, "utf8").startsWith('"use strict"; // not committed\n')).to.equal(true);
    expect((await gate(repo)).code).to.equal(0);
  });

  it("changes nothing without a verdict", async () => {
    repo = await committed("gate-throws");
    const { code, stdout, stderr } = await fix(repo);
    expect([code, stdout, git(repo, "status", "--porcelain")]).to.deep.equal([2, "", ""]);
    expect(stderr.endsWith("No verdict on dev: that is not a pass.\nNothing was changed.\n")).to.equal(true);
  });
});
