import { expect } from "chai";
import type { Report } from "../../../cli/report/report";
import { blocked, clean, violation, written } from "./builders";
import { jsonErrors } from "./read";

const read = (...reports: Report[]): unknown => JSON.parse(written("json", reports));

describe("the JSON report", () => {
  it("has the worst verdict of its stacks: none in one is none, and then nothing passed", () => {
    const failed = blocked([], { verdict: "failed", problems: ["interrupted"] });
    const verdicts = [[clean()], [clean(), blocked([violation()])], [blocked([]), failed, clean()]].map((reports) =>
      read(...reports),
    );
    expect(verdicts.map((each) => (each as { exitCode: number }).exitCode)).to.deep.equal([0, 1, 2]);
    expect(verdicts.flatMap(jsonErrors)).to.deep.equal([]);
  });

  it("is held against the schema: one that lacks something, or has another version, isn't valid", () => {
    const report = read(blocked([violation()])) as { stacks: [{ findings: [object] }] };
    expect(jsonErrors({ ...report, version: 2 })).not.to.deep.equal([]);
    report.stacks[0].findings[0] = { ...report.stacks[0].findings[0], urn: 1 };
    expect(jsonErrors(report)).not.to.deep.equal([]);
  });
});
