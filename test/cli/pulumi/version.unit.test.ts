import { expect } from "chai";
import { tooOld } from "../../../cli/pulumi/version";
import { testdata } from "../../testdata";

it("A CLI that is too old for a verdict is named with its version, and with the one that has what it lacks", () => {
  for (const [version, lacks] of Object.entries(testdata("preview/versions.yaml") as Record<string, string[]>)) {
    const said = lacks.map((each) => `the Pulumi CLI is ${version.trim()}, which ${each}`);
    expect(tooOld(version, ["a.json"]), version).to.deep.equal(said);
  }
  expect(tooOld("v3.259.0", [])).to.deep.equal([]);
  expect(tooOld("v3.259.0", ["a.json", "b.json"])).to.have.length(2);
});
