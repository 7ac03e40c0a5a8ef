import { expect } from "chai";
import { UsageError } from "../../../cli/command";
import { parse } from "../../../cli/gate/args";

const read = (...argv: string[]) => parse(argv, "/work", () => "/own");

describe("the gate's arguments", () => {
  it("name the stack, and leave the rest to its defaults: this folder and this package's own policy pack", () => {
    expect(read("--stack", "org/shop/dev")).to.deep.equal({
      stacks: ["org/shop/dev"],
      projects: ["/work"],
      all: false,
      jobs: 2,
      packs: ["/own"],
      isOwnPack: true,
      configs: [],
      reports: {},
      acceptUnevaluated: false,
      extra: [],
    });
  });

  it("give paths relative to the caller's folder, whatever --cwd is", () => {
    const argv =
      "--stack dev --accept-unevaluated --cwd infra --policy-pack p1 --policy-pack /p2 --policy-pack-config c1.json";
    const reports = "--policy-pack-config ../c2.json --sarif out/r.sarif --summary s.md --code-quality /cq.json";
    expect(read(...argv.split(" "), ...reports.split(" "), "--", "--diff", "--parallel", "4")).to.deep.equal({
      stacks: ["dev"],
      projects: ["/work/infra"],
      all: false,
      jobs: 2,
      packs: ["/work/p1", "/p2"],
      isOwnPack: false,
      configs: ["/work/c1.json", "/c2.json"],
      reports: { sarif: "/work/out/r.sarif", summary: "/work/s.md", "code-quality": "/cq.json" },
      acceptUnevaluated: true,
      extra: ["--diff", "--parallel", "4"],
    });
  });

  it("leave it to the organization which policy packs evaluate the stack", () => {
    const { packs, isOwnPack } = read("--policy-pack", "none");
    expect([packs, isOwnPack]).to.deep.equal([[], false]);
    expect(read("--policy-pack", "./none").packs).to.deep.equal(["/work/none"]);
  });

  it("may name no stack, several stacks and projects, or all that there are", () => {
    expect(read().stacks).to.deep.equal([]);
    const several = read(..."--stack a --stack b --cwd one --cwd two --jobs 4".split(" "));
    expect([several.stacks, several.projects, several.jobs]).to.deep.equal([["a", "b"], ["/work/one", "/work/two"], 4]);
    expect(read("--all").all).to.equal(true);
  });

  const after = 'those of pulumi preview come after "--"';
  const wrong: Record<string, string> = {
    dev: "Unexpected argument 'dev'",
    "--stack=": "--stack is empty: name the stack to preview",
    "--all --stack dev": "--all and --stack can't be given together",
    "--jobs=0": "--jobs is a number from 1 to 10, not 0",
    "--jobs=11": "--jobs is a number from 1 to 10, not 11",
    "--jobs=two": "--jobs is a number from 1 to 10, not two",
    "--sarif=": "--sarif is empty",
    "--policy-pack=": "--policy-pack is empty",
    "--policy-pack a --policy-pack b --policy-pack-config c":
      "1 --policy-pack-config for 2 --policy-pack: give each policy pack its own, in the same order",
    "--policy-pack none --policy-pack a":
      "--policy-pack none can't be given with another: a folder of that name is ./none",
    "--policy-pack none --policy-pack-config c":
      "1 --policy-pack-config for 0 --policy-pack: give each policy pack its own, in the same order",
    "--sarif r --summary ./r": "two reports can't be written to one file",
    "--sarf": "there is no option --sarf; did you mean --sarif?",
    "--polcy-pack=a": "there is no option --polcy-pack; did you mean --policy-pack?",
    "--target": `there is no option --target; ${after}`,
    "-x": `there is no option -x; ${after}`,
  };
  const own = "--json=false -j --stack=prod -s -sprod -dsprod --event-log --policy-pack --cwd --remote";
  for (const flag of own.split(" ")) wrong[`-- ${flag}`] = `${flag} can't be given after "--": the gate sets it itself`;
  it("are refused with the reason", () => {
    for (const [argv, message] of Object.entries(wrong))
      expect(() => read(...argv.split(" ")), argv).to.throw(UsageError, message);
  });
});
