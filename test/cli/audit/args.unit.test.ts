import { expect } from "chai";
import { parse } from "../../../cli/audit/args";
import { UsageError } from "../../../cli/command";

const read = (argv: string) => parse(argv.split(" ").filter(Boolean), "/work", "2026-11-25");

describe("the audit's arguments", () => {
  it("ask for every stack of the backend, and leave the rest to its defaults", () => {
    expect(read("--all")).to.deep.equal({
      files: undefined,
      stacks: [],
      organization: undefined,
      config: undefined,
      expiringWithin: 30,
      acceptOtherStacks: false,
      parallel: 4,
      reports: {},
      baseline: undefined,
    });
  });

  it("name everything that can be named", () => {
    const what = "--file states --file dev.json --config c.json --expiring 14 --accept-other-stacks --parallel 2";
    const reports = "--summary s.md --html out/r.html --sarif r.sarif --json /r.json --csv r.csv";
    const baseline = "--baseline b.json --baseline-format engine --expires 2027-03-31 --reason migration --force";
    expect(read(`${what} ${reports} ${baseline}`)).to.deep.equal({
      files: ["states", "dev.json"],
      stacks: [],
      organization: undefined,
      config: "/work/c.json",
      expiringWithin: 14,
      acceptOtherStacks: true,
      parallel: 2,
      reports: {
        summary: "/work/s.md",
        html: "/work/out/r.html",
        sarif: "/work/r.sarif",
        json: "/r.json",
        csv: "/work/r.csv",
      },
      baseline: {
        ...{ file: "/work/b.json", format: "engine", expires: "2027-03-31", reason: "migration", force: true },
      },
    });
  });

  it("give a baseline ninety days and a reason of its own", () => {
    expect(read("--stack shop/* --organization acme --baseline b.json").baseline).to.deep.equal({
      file: "/work/b.json",
      format: "pack",
      expires: "2027-02-23",
      reason: "Open when the policy became mandatory, found by the audit of 2026-11-25",
      force: false,
    });
  });

  const wrong: [string, string][] = [
    ["", "nothing to audit: pass --all, --stack GLOB or --file PATH"],
    ["--all --stack dev", "--all, --stack and --file can't be given together"],
    ["--all --file f", "--all, --stack and --file can't be given together"],
    ["--file f --organization acme", "--organization is for the backend's stacks, and can't be given with --file"],
    ["--stack=", "--stack, --file and --organization can't be empty"],
    ["--all --html=", "--html is empty"],
    ["--all --html r --csv ./r", "two reports can't be written to one file"],
    ["--all --html r --baseline r", "two reports can't be written to one file"],
    ["--all --config c --json c", "a report can't be written to the file of --config"],
    ["--all --expiring soon", "--expiring must be a number from 0 on, not soon"],
    ["--all --parallel 0", "--parallel must be a number from 1 on, not 0"],
    ["--all --expires 90", "--expires requires --baseline FILE"],
    ["--all --force", "--force requires --baseline FILE"],
    ["--all --baseline b --baseline-format v2", "--baseline-format is pack or engine, not v2"],
    [
      "--all --baseline b --expires 2027-02-30",
      "--expires is a number of days, or a day as YYYY-MM-DD, not 2027-02-30",
    ],
    ["--all --baseline b --expires 2026-11-24", "--expires 2026-11-24 is in the past"],
    ["--all --baseline b --reason=\u3164", "--reason is empty: say why what is open may stay so for now"],
    ["--all --baseline b --reason=", "--reason is empty: say why what is open may stay so for now"],
    ["--all --sarf r", "--sarf"],
    ["dev --all", "dev"],
  ];
  it("are refused where they can't be meant", () => {
    for (const [argv, message] of wrong) expect(() => read(argv), argv).to.throw(UsageError, message);
  });
});
