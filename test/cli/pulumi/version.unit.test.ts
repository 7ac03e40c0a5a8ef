import { expect } from "chai";
import { tooOld } from "../../../cli/pulumi/version";

const SUMMARIES = "doesn't report which policy packs evaluated the stack: 3.197.0 or newer does";
const VERSION_TWO = "can't read a.json, a configuration of version 2: 3.274.0 or newer can";

describe("A CLI that is too old for a verdict", () => {
  it("is named with its version, and with the one that has what it lacks, and isn't guessed of one without a version", () => {
    for (const [version, ...lacks] of [
      ...[
        ["v2.250.2", SUMMARIES, VERSION_TWO],
        ["v3.97.0", SUMMARIES, VERSION_TWO],
        ["v3.196.0\n", SUMMARIES, VERSION_TWO],
      ],
      ...[["v3.197.0", VERSION_TWO], ["v3.259.0\n", VERSION_TWO], ["v3.274.0"], ["v3.274.1"], ["v4.0.0"]],
      ...[[""], ["error"], ["pulumi v3.100.0"]],
    ] as [string, ...string[]][]) {
      const said = lacks.map((each) => `the Pulumi CLI is ${version.trim()}, which ${each}`);
      expect(tooOld(version, ["a.json"]), version).to.deep.equal(said);
    }
    expect(tooOld("v3.259.0", [])).to.deep.equal([]);
    expect(tooOld("v3.259.0", ["a.json", "b.json"])).to.have.length(2);
  });
});
