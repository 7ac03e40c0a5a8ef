import { expect } from "chai";
import { blocked, clean, violation, written } from "./builders";
import { jsonErrors, jsonReport } from "./read";

describe("the JSON report", () => {
  it("has the worst verdict of its stacks: none in one is none, and then nothing passed", () => {
    const failed = blocked([], { verdict: "failed", problems: ["interrupted"] });
    const runs = [[clean()], [clean(), blocked([violation()])], [blocked([]), failed, clean()]];
    expect(runs.map((reports) => jsonReport(written("json", reports)).exitCode)).to.deep.equal([0, 1, 2]);
  });

  it("is held against the schema: one that lacks something, or has another version, isn't valid", () => {
    const report = JSON.parse(written("json", blocked([violation()]))) as { stacks: [{ findings: [object] }] };
    expect(jsonErrors({ ...report, version: 2 })).not.to.deep.equal([]);
    report.stacks[0].findings[0] = { ...report.stacks[0].findings[0], urn: 1 };
    expect(jsonErrors(report)).not.to.deep.equal([]);
  });
});
