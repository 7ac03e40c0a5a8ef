import { expect } from "chai";
import { UsageError } from "../../../cli/command";
import { parse } from "../../../cli/fix/args";

const read = (...argv: string[]): ReturnType<typeof parse> => parse(argv, "/work", () => "/own");

describe("the arguments of fix", () => {
  it("are those of the preview, and two more", () => {
    const options = read(
      "fix",
      "--stack",
      "dev",
      "--cwd",
      "infra",
      "--dry-run",
      "--force",
      "--",
      "--refresh",
    );
    expect(options).to.deep.include({
      stacks: ["dev"],
      projects: ["/work/infra"],
      packs: ["/own"],
      extra: ["--refresh"],
    });
    expect(options).to.deep.include({ dryRun: true, force: true });
    expect(read("fix", "--stack", "dev")).to.deep.include({ dryRun: false, force: false });
  });

  it("are told again for the preview that shows whether it helped, as a shell takes them", () => {
    const { again } =
      read("fix", "--stack", "dev", "--policy-pack", "my 'pack'", "--force", "--", "-t", "x") ?? {};
    expect(again).to.equal(
      "s3-public-access-block preview --stack dev --policy-pack 'my '\\''pack'\\''' -- -t x",
    );
  });

  it("are refused where they ask for something else", () => {
    const wrong: [string[], string][] = [
      [["fix", "--sarif", "x"], "there is no option --sarif"],
      [["fix", "more"], 'expected the command "fix" and options, got fix more'],
      [["fix", "--stack", ""], "--stack is empty"],
      [["fix", "--stack", "dev", "--", "--json"], '--json can\'t be given after "--"'],
    ];
    for (const [argv, why] of wrong) expect(() => read(...argv), argv.join(" ")).to.throw(UsageError, why);
  });

  it("may ask for help", () => {
    expect(read("fix", "--help")).to.equal(undefined);
  });
});
