import { expect } from "chai";
import { UsageError } from "../../../cli/command";
import { parse } from "../../../cli/fix/args";

const read = (...argv: string[]): ReturnType<typeof parse> => parse(argv, "/work", () => "/own");

describe("the arguments of fix", () => {
  it("are those of the preview, and two more", () => {
    const options = read("--stack", "dev", "--cwd", "infra", "--dry-run", "--force", "--", "--refresh");
    expect(options).to.deep.include({
      stacks: ["dev"],
      projects: ["/work/infra"],
      packs: ["/own"],
      extra: ["--refresh"],
    });
    expect(options).to.deep.include({ dryRun: true, force: true });
    expect(read("--stack", "dev")).to.deep.include({ dryRun: false, force: false });
  });

  it("are told again for the preview that shows whether it helped, as a shell takes them", () => {
    const { again } = read("--stack", "dev", "--policy-pack", "my 'pack'", "--force", "--", "-t", "x");
    expect(again).to.equal("s3-public-access-block preview --stack dev --policy-pack 'my '\\''pack'\\''' -- -t x");
  });

  it("are refused where they ask for something else", () => {
    const wrong: [string[], string][] = [
      [["--sarif", "x"], "there is no option --sarif"],
      [["more"], "Unexpected argument 'more'"],
      [["--stack", ""], "--stack is empty"],
      [["--stack", "dev", "--", "--json"], '--json can\'t be given after "--"'],
    ];
    for (const [argv, why] of wrong) expect(() => read(...argv), argv.join(" ")).to.throw(UsageError, why);
  });
});
