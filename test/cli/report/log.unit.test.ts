import { expect } from "chai";
import { log as styled } from "../../../cli/report/log";
import type { Report } from "../../../cli/report/report";
import { blocked, numbered, own, published, violation } from "./builders";

const log = (...given: Parameters<typeof styled>) => styled(...given).map(({ text }) => text);

describe("the job's log", () => {
  it("has no line that the runner takes for a command: it takes one that begins with colons after any spaces", () => {
    const hostile = "urn:a\n::error::b";
    const howToExempt = { exempted: [{ policy: "p", urn: hostile }], exemptIf: "If", isExceptable: true };
    const lines = log(
      blocked([
        numbered(1, { message: "a\n  ::error::b\n::stop-commands::c" }),
        own(2, { published: published({ howToExempt }) }),
      ]),
    );
    expect(lines.flatMap((line) => line.split("\n")).filter((line) => /^\s*::/.test(line))).to.deep.equal([]);
    expect(lines.join("\n")).to.contain("If, exempt urn:a\\n::error::b from p");
  });

  it("ends with the commands that help: each where it is of use", () => {
    const calls = { program: "npx pack", stacks: ["--stack dev"], isExemptable: true };
    const commands = (report: Report, more = {}) =>
      log(report, { ...calls, ...more }).flatMap(
        (line) => /^ {2}(\w+ \w+) +npx pack (.*)$/.exec(line)?.slice(1).join(": ") ?? [],
      );
    const howToExempt = { exempted: [], exemptIf: "If", isExceptable: true };
    const report = blocked([own(1, { name: "it's", edits: [], published: published({ howToExempt }) })]);
    const [fix, exempt, explain] = [
      "fix them: fix --stack dev",
      "exempt one: exempt 'it'\\''s' --reason \"…\" --expires 90 --stack dev",
      "read why: explain s3-bucket-public-access-block",
    ];
    expect(commands(report)).to.deep.equal([fix, exempt, explain]);
    expect(commands(blocked([own(1)]))).to.deep.equal([explain]);
    // What looks like an option is named by its URN.
    const dash = own(1, { name: "--cwd=x", published: published({ howToExempt }) });
    expect(commands(blocked([dash]))[0]).to.match(/^exempt one: exempt urn:\S+::b1 /);
    // Another file, or the organization, has the exemptions.
    expect(commands(report, { isExemptable: false })).to.deep.equal([fix, explain]);
    const packs = [{ name: "p", version: "", isRequired: true }];
    expect(commands({ ...report, packs })).to.deep.equal([fix, explain]);
    expect(commands(blocked([violation()]))).to.deep.equal([]);
    expect(commands({ ...report, verdict: "failed" })).to.deep.equal([]);
  });
});
