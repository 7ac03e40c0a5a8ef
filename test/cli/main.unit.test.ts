import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { FORMATS } from "../../cli/report/formats";
import { USAGE } from "../../cli/preview/args";
import { runSync, type Finished } from "../../harness/engine/command";

const MAIN = join(__dirname, "../../dist/cli/main.js");

const run = (...argv: string[]): Finished => runSync(process.execPath, [MAIN, ...argv], { keepColors: true });

describe("the command line", () => {
  it("lists its commands when it is asked for help", () => {
    const help = run("--help");
    expect(help.stdout).to.match(/^Usage: s3-public-access-block COMMAND \[options\]\n\n {2}preview {2}/);
    expect([help.code, help.stderr]).to.deep.equal([0, ""]);
    expect([run("-h"), run("help")]).to.deep.equal([help, help]);
  });

  it("prints the options of a command, every format of a report among them", () => {
    const help = run("help", "preview");
    expect(help).to.deep.equal({ code: 0, stdout: `${USAGE}\n`, stderr: "" });
    expect([run("preview", "--help"), run("--stack", "dev", "preview", "-h")]).to.deep.equal([help, help]);
    expect(FORMATS.filter(({ name }) => !USAGE.includes(`  --${name} FILE`))).to.deep.equal([]);
  });

  it("tells the version of the package", () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as {
      version: string;
    };
    expect(run("--version")).to.deep.equal({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  for (const [argv, message] of [
    [[], 'expected the command "preview" or "audit" or "fix" or "review" or "note", got none'],
    [
      ["up", "--stack", "dev"],
      'expected the command "preview" or "audit" or "fix" or "review" or "note", got up',
    ],
    [
      ["preveiw"],
      'expected the command "preview" or "audit" or "fix" or "review" or "note", got preveiw; did you mean "preview"?',
    ],
    [["help", "up"], 'there is no command "up"'],
    [["help", "audti"], 'there is no command "audti"; did you mean "audit"?'],
    [["preview", "--stack="], "--stack is empty: name the stack to preview"],
    [["preview", "--sarf", "r"], "there is no option --sarf; did you mean --sarif?"],
  ] as const) {
    it(`ends without a verdict and tells why: ${argv.join(" ") || "no argument"}`, () => {
      const { code, stdout, stderr } = run(...argv);
      expect([code, stdout]).to.deep.equal([2, ""]);
      expect(stderr).to.match(/\n\nUsage: s3-public-access-block /);
      expect(stderr.split("\n", 1)).to.deep.equal([message]);
    });
  }
});
