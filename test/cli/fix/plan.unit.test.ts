import { expect } from "chai";
import { plan } from "../../../cli/fix/plan";
import type { Finding } from "../../../cli/report/report";
import { type Change, FixError, toEdit } from "../../../cli/source/edit";
import { faultsIn } from "../../../cli/source/syntax";
import { violation } from "../report/builders";
import { testdata } from "../../testdata";

const SOURCE = "one\ntwo\nthree\n";

const found = (name: string, ...changes: Change[]): Finding =>
  violation({ name, edits: [toEdit("index.ts", SOURCE, changes)] });

/** The files after the plan, the names of the findings that are fixed, and of those that are left, with the reasons. */
function planned(findings: readonly Finding[], read = () => SOURCE): unknown[] {
  const { files, fixed, left } = plan(findings, read, faultsIn);
  return [
    files.map(({ after }) => after),
    fixed.map(({ name }) => name),
    left.map(({ finding, why }) => `${finding.name}: ${why}`),
  ];
}

describe("the plan of a fix", () => {
  const one = { from: 0, to: 3, text: "ONE" };
  const two = { from: 4, to: 7, text: "TWO" };

  it("makes the edits of several findings in one file, those that a loop's resources share once", () => {
    const findings = [found("a", one), found("b", one), found("c", two)];
    expect(planned(findings)).to.deep.equal([["ONE\nTWO\nthree\n"], ["a", "b", "c"], []]);
  });

  it("leaves the second of two that exclude each other, whole", () => {
    const why = "b: two fixes change line 1 of index.ts in different ways";
    const findings = [found("a", one), found("b", { ...one, text: "1" }, two)];
    expect(planned(findings)).to.deep.equal([["ONE\ntwo\nthree\n"], ["a"], [why]]);
  });

  it("leaves what nothing is known to fix and what must not be changed, with the reason, and no exempt one", () => {
    const byHand = [violation({ name: "a", byHand: "a person decides" }), violation({ kind: "exempt" })];
    expect(planned(byHand)).to.deep.equal([[], [], ["a: a person decides"]]);
    const refuse = (): string => {
      throw new FixError("uncommitted changes");
    };
    expect(planned([found("a", one)], refuse)).to.deep.equal([[], [], ["a: uncommitted changes"]]);
    const why = "a: index.ts has changed since it was read";
    expect(planned([found("a", one)], () => "another text\n")).to.deep.equal([[], [], [why]]);
  });

  it("leaves a finding whose change breaks the file, in any language, and makes the others", () => {
    const { sources } = testdata("edits.yaml") as { sources: Record<string, string> };
    for (const [file, text] of Object.entries(sources)) {
      const at = text.length - 1;
      const adding = (name: string, put: string): Finding =>
        violation({ name, edits: [toEdit(file, text, [{ from: at, to: at, text: put }])] });
      const why = `a: ${file} would have new syntax errors`;
      const findings = [adding("a", " = (]: {"), adding("b", "s")];
      expect(
        planned(findings, () => text),
        file,
      ).to.deep.equal([[text.replace(/\n$/, "s\n")], ["b"], [why]]);
    }
  });
});
