import { expect } from "chai";
import { plan, UntouchableError } from "../../../cli/fix/plan";
import type { Finding } from "../../../cli/report/report";
import { toEdit, type Change } from "../../../cli/source/edit";
import { faultsIn } from "../../../cli/source/syntax";
import { violation } from "../report/builders";

const SOURCE = "one\ntwo\nthree\n";

const found = (name: string, ...changes: Change[]): Finding =>
  violation({ name, edits: [toEdit("index.ts", SOURCE, changes)] });

const names = (findings: readonly Finding[]): string[] => findings.map(({ name }) => name);

describe("the plan of a fix", () => {
  it("makes the edits of several findings in one file, those that a loop's resources share once", () => {
    const loop = { from: 0, to: 3, text: "ONE" };
    const { files, fixed, left } = plan(
      [found("a", loop), found("b", loop), found("c", { from: 4, to: 7, text: "TWO" })],
      () => SOURCE,
      faultsIn,
    );
    expect(files).to.deep.equal([{ file: "index.ts", before: SOURCE, after: "ONE\nTWO\nthree\n" }]);
    expect([names(fixed), left]).to.deep.equal([["a", "b", "c"], []]);
  });

  it("leaves the second of two that exclude each other, whole", () => {
    const first = found("a", { from: 0, to: 3, text: "ONE" });
    const second = found("b", { from: 0, to: 3, text: "1" }, { from: 4, to: 7, text: "2" });
    const { files, fixed, left } = plan([first, second], () => SOURCE, faultsIn);
    expect([files[0]?.after, names(fixed)]).to.deep.equal(["ONE\ntwo\nthree\n", ["a"]]);
    expect(left.map(({ finding, why }) => [finding.name, why])).to.deep.equal([
      ["b", "two fixes change line 1 of index.ts in different ways"],
    ]);
  });

  it("leaves a finding that nothing is known to fix, with the reason, and doesn't speak of an exempt one", () => {
    const { fixed, left } = plan(
      [violation({ name: "a", byHand: "a person decides" }), violation({ kind: "exempt" })],
      () => SOURCE,
      faultsIn,
    );
    expect([fixed, left.map(({ why }) => why)]).to.deep.equal([[], ["a person decides"]]);
  });

  it("leaves what is in a file that must not be changed, and one that has changed meanwhile", () => {
    const refuse = (): string => {
      throw new UntouchableError("index.ts has uncommitted changes");
    };
    const finding = found("a", { from: 0, to: 3, text: "ONE" });
    const reasons = [refuse, () => "another text\n"].flatMap((read) =>
      plan([finding], read, faultsIn).left.map(({ why }) => why),
    );
    expect(reasons).to.deep.equal(["index.ts has uncommitted changes", "index.ts has changed since it was read"]);
  });

  it("leaves a finding whose change breaks the file, in any language, and makes the others", () => {
    for (const [file, text] of [
      ["index.ts", "one\ntwo\n"],
      ["__main__.py", "one\ntwo\n"],
      ["main.go", "package one\n"],
      ["Pulumi.yaml", "one: 1\ntwo: 2\n"],
    ] as const) {
      const at = text.length - 1;
      const adding = (name: string, put: string): Finding =>
        violation({ name, edits: [toEdit(file, text, [{ from: at, to: at, text: put }])] });
      const { files, fixed, left } = plan([adding("a", " = (]: {"), adding("b", "s")], () => text, faultsIn);
      expect([files[0]?.after, names(fixed)], file).to.deep.equal([text.replace(/\n$/, "s\n"), ["b"]]);
      expect(left.map(({ why }) => why)).to.deep.equal([`${file} would no longer be code that can be read`]);
    }
  });
});
