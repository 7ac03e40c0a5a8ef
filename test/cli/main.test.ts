import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect } from "chai";
import { traceOf } from "../../cli/command";
import { metas } from "../../policypack/policies/meta";
import { FORMATS } from "../../cli/report/formats";
import { runSync, type Finished } from "../harness/engine/command";
import { testdata } from "../testdata";

const MAIN = join(__dirname, "../../dist/cli/main.js");

const run = (...argv: string[]): Finished => runSync(process.execPath, [MAIN, ...argv], { keepColors: true });

describe("the command line", () => {
  it("lists its commands, and has the help of each in one form, which fits into a terminal", () => {
    const help = run("--help");
    expect(help.stdout).to.match(/^Usage: s3-public-access-block COMMAND \[options\]\n\n {2}preview {2}/);
    expect([run("-h"), run("help")]).to.deep.equal([help, help]);
    for (const name of ["preview", "audit", "fix", "exempt", "comment", "init"]) {
      expect(help.stdout).to.contain(`\n  ${name} `);
      const { code, stdout, stderr } = run(name, "--help");
      expect([code, stderr], stderr).to.deep.equal([0, ""]);
      expect(stdout).to.match(
        new RegExp(
          `^Usage: s3-public-access-block ${name} [^]*\n\n[^]*\n  --[a-z-]+ [A-Z]+ {2,}\\w[^]*\n  --help {2,}[^]*\nExit codes: 0 `,
        ),
      );
      expect(stdout.split("\n").filter((line) => line.length > 120)).to.deep.equal([]);
    }
  });

  it("prints the options of a command, every format of a report among them", () => {
    const help = run("help", "preview");
    expect([run("preview", "--help"), run("preview", "--stack", "dev", "-h")]).to.deep.equal([help, help]);
    for (const { name } of FORMATS) expect(help.stdout).to.match(new RegExp(`\n  --${name} FILE {2,}\\w`));
  });

  it("explains each policy that it lists: what is found, how to pass, and how to be exempt", () => {
    const { code, stdout } = run("explain");
    const names = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")[0] ?? "");
    expect([code, names]).to.deep.equal([0, [...metas.map(({ name }) => name), "s3-lost-public-access-block"]]);
    for (const name of names) {
      const page = run("explain", name).stdout;
      expect(page).to.match(
        new RegExp(
          `^${name}: [A-Z].*\n\n[A-Z][^]*\n(    \\S|Blocked:)[^]*\n\nTo pass: [^]*\nTo exempt: node .* exempt NAME `,
        ),
      );
      expect(page)
        .to.match(/What AWS\s+says:\s+https:/)
        .and.not.match(/<!--|```|\]\(|\*\*|\n## /);
    }
  });

  it("prints the version of the package", () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as { version: string };
    for (const word of ["version", "--version", "-v"]) {
      expect(run(word)).to.deep.equal({ code: 0, stdout: `${version}\n`, stderr: "" });
    }
  });

  it("ends without a verdict where it is called wrongly, and says why and where help is", () => {
    const { wrong } = testdata("arguments.yaml") as { wrong: Record<string, Record<string, string>> };
    for (const [asked, lines] of Object.entries(wrong)) {
      for (const [argv, message] of Object.entries(lines)) {
        const { code, stdout, stderr } = run(...argv.split(" ").filter(Boolean));
        expect([code, stdout], stderr).to.deep.equal([2, ""]);
        const [first = "", ...others] = stderr.split("\n");
        expect(first.startsWith(message), first).to.equal(true);
        const called = asked.replace(/^\S+/, `node ${relative(process.cwd(), MAIN)}`);
        expect(others).to.deep.equal([`See ${called} --help.`, ""]);
      }
    }
  });
});

describe("an error that nobody expected", () => {
  it("is printed without its cause and its other properties, which may hold a secret", () => {
    const error = Object.assign(new Error("odd", { cause: new Error("Bearer secret") }), { input: "secret" });
    expect(traceOf(error)).to.match(/^Error: odd\n +at /);
    expect(traceOf(error)).not.to.contain("secret");
  });
});
