import { expect } from "chai";
import { log as styled } from "../../../cli/report/log";
import type { Finding, Report } from "../../../cli/report/report";
import { LOST } from "../../../cli/report/rules";
import { headline } from "../../../cli/report/words";
import { blocked, clean, numbered, own, published, violation } from "./builders";

const log = (...given: Parameters<typeof styled>) => styled(...given).map(({ text }) => text);

const exempt = (at: number, expires?: string) =>
  own(at, {
    kind: "exempt",
    blocks: false,
    published: published({ kind: "exempt", exemption: { reason: "r", expires } }),
  });

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
    expect(commands({ ...report, packs: [{ name: "p", version: "", isRequired: true }] })).to.deep.equal([
      fix,
      explain,
    ]);
    expect(commands(blocked([violation()]))).to.deep.equal([]);
    expect(commands({ ...report, verdict: "failed" })).to.deep.equal([]);
  });
});

describe("the headline", () => {
  const passed = (buckets: number, ...findings: Finding[]): Report => ({ ...clean(), buckets, findings });
  const open = (buckets: number, ...findings: Finding[]): Report => blocked(findings, { buckets });
  const unread = { published: published({ cause: "unreadable-host" }) };
  const unreadable = own(1, { kind: "exempt", blocks: false, ...unread });
  const lost = own(1, { policy: LOST, type: "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock" });
  const cases: [string, Report][] = [
    ["Blocked: 2 of 9 buckets in dev can be opened to the public", open(9, own(1), own(1), own(2), exempt(3))],
    // What can't be read is no bucket, and what another pack or policy says opens none.
    [
      "Blocked: 3 mandatory findings in dev",
      open(3, own(1, unread), violation(), own(2, { policy: "s3-no-public-acl" })),
    ],
    ["Blocked: 1 mandatory finding in dev", open(3, lost)],
    ["Passed: 7 buckets in dev, each locked", passed(7, numbered(1, { blocks: false }))],
    ["Passed: 1 bucket in dev, locked", passed(1)],
    ["Passed: there is no bucket in dev", passed(0)],
    ["Passed: 6 buckets in dev, each locked (1 more exempt until 2027-02-28)", passed(7, exempt(1, "2027-02-28"))],
    [
      "Passed: 5 buckets in dev, each locked (2 more exempt until 2027-02-28 at the earliest)",
      passed(7, exempt(1, "2027-03-01"), exempt(2, "2027-02-28")),
    ],
    ["Passed: 5 buckets in dev, each locked (2 more exempt)", passed(7, exempt(1), exempt(2, "2027-02-28"))],
    ["Passed: 1 bucket in dev, exempt", passed(1, exempt(1))],
    // Nobody knows, or nobody asked.
    ["Passed: no policy blocks dev", passed(7, own(1, { blocks: false }))],
    ["Passed: no policy blocks dev", passed(7, own(1, { blocks: false, kind: "unverified" }))],
    ["Passed: no policy blocks dev", clean()],
    ["Passed: no policy blocks dev", passed(7, unreadable)],
    ["Passed as far as it was evaluated: no policy blocks dev", { ...passed(7), notes: ["partial"] }],
    ["No verdict on dev: that is not a pass", { ...open(3, own(1)), verdict: "failed" }],
  ];

  it("counts the buckets that this package's own policy evaluated, and calls none locked that a finding is about", () => {
    expect(cases.map(([, report]) => headline(report))).to.deep.equal(cases.map(([wanted]) => wanted));
  });
});
