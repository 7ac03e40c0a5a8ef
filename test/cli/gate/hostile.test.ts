import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { gate, repository, type Outcome, type Repository } from "./gate";
import { sarifRuns } from "../report/read";
import { needsEngine } from "../../harness/engine/needs-engine";
import { testdata } from "../../testdata";

const { hostile } = testdata("programs.yaml") as { hostile: string };
const FILE = "x##[error file=README.md]Approved.js";

describe("the gate, on a program that would speak in its place,", () => {
  needsEngine();
  let repo: Repository;
  let outcome: Outcome;

  before(async () => {
    repo = await repository("gate-locked", {
      prepare: (project) => {
        renameSync(join(project, "index.js"), join(project, FILE));
        writeFileSync(join(project, FILE), hostile);
        writeFileSync(join(project, "index.js"), `require(${JSON.stringify(`./${FILE}`)});\n`);
      },
    });
    const files = ["OUTPUT", "ENV", "PATH", "STATE", "STEP_SUMMARY"].map((name) => [
      `GITHUB_${name}`,
      join(repo.root, name),
    ]);
    outcome = await gate(repo, [], {
      env: {
        ...(Object.fromEntries(files) as Record<string, string>),
        ...{ GITHUB_ACTIONS: "true", ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.example" },
      },
    });
  });

  it("blocks it, and prints no command but its own", () => {
    expect(outcome.code, outcome.stderr).to.equal(1);
    const commands = (text: string): string[] =>
      text.split(/\r\n|\r|\n/).filter((line) => line.includes("##[") || /^\s*::/.test(line));
    expect(commands(outcome.stderr)).to.deep.equal([]);
    expect(commands(outcome.stdout).map((line) => line.replace(/,title=.*/s, ""))).to.deep.equal(
      [14, 15, 17, 20].map((line) => `::error file=infra/x##\\[error file=README.md]Approved.js,line=${line},col=1`),
    );
  });

  it("shows what the program printed, so that it can be read", () => {
    const printed = outcome.stderr.split("\n");
    for (const line of [
      "\\::stop-commands::x",
      "  \\::error file=README.md::forged",
      "a ##\\[error]forged",
      "b",
      "\\::warning::forged",
      "\\u202ecd",
      "\\::set-output name=verdict::passed",
    ]) {
      expect(printed).to.include(line);
    }
    expect(outcome.stderr).to.contain("::add-mask::e");
  });

  it("gives the program no way to write to the runner, and leaves it its identity", () => {
    const printed = outcome.stderr.split("\n");
    expect(printed).to.include.members(["runner: ,,,,", "identity: https://token.example"]);
  });

  it("writes reports that are valid, show what can't be seen, and quote nothing of a secret", () => {
    const { sarif = "", summary = "", "code-quality": issues = "" } = outcome.reports;
    expect(sarifRuns(sarif)).to.have.length(1);
    expect((JSON.parse(issues) as unknown[]).length).to.equal(4);
    const all = [sarif, summary, issues, outcome.stdout, outcome.stderr].join("\n");
    // eslint-disable-next-line no-control-regex -- to find one is the point
    expect(all).not.to.match(/[\u202e\u2028\u001b]|Hidden/);
    expect(outcome.stdout).to.contain("statement 1 ('##\\[error]sid') lets everyone in");
    expect(summary).to.contain("z&#92;u202e&#92;u2028");
  });
});
