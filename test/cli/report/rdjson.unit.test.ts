import { expect } from "chai";
import type { Finding } from "../../../cli/report/report";
import { toEdit } from "../../../cli/source/edit";
import { blocked, numbered, violation, written } from "./builders";
import { rdjsonErrors } from "./read";

interface Diagnostic {
  message: string;
  severity: string;
  location: { path: string; range: object };
  suggestions?: { range: object; text: string }[];
}

function diagnostics(findings: readonly Finding[]): Diagnostic[] {
  const report = JSON.parse(written("rdjson", blocked(findings))) as { diagnostics: Diagnostic[] };
  expect(rdjsonErrors(report)).to.deep.equal([]);
  return report.diagnostics;
}

const SOURCE = "one\ntwo\nthree\n";
const edit = (at: number) => toEdit("infra/index.ts", SOURCE, [{ from: at, to: at, text: "\nblock" }]);
const lines = (first: number, last = first) => ({ start: { line: first }, end: { line: last } });

describe("the report for reviewdog", () => {
  it("offers a fix that is one edit on the lines that it replaces: reviewdog takes it nowhere else", () => {
    const [one, two] = diagnostics([
      violation({ edits: [edit(3)], fix: "block" }),
      numbered(2, { edits: [edit(3), edit(7)], fix: "```\nblock" }),
    ]);
    expect(one).to.deep.include({ message: "The bucket is open." });
    expect([one?.location.range, one?.suggestions]).to.deep.equal([
      lines(1),
      [{ range: lines(1), text: "one\nblock" }],
    ]);
    expect([two?.location.range, two?.suggestions]).to.deep.equal([lines(2), undefined]);
    expect(two?.message).to.equal("The bucket is open.\n\n````\n```\nblock\n````");
  });

  it("has the buckets of a loop once, and nothing of a program's names as Markdown", () => {
    const loop = [1, 2].map((at) => numbered(at, { name: `[b${at}](x)`, position: { file: "i.ts", line: 3 } }));
    const problem = "Bucket '@a/*b*' <img> is open, see https://evil.";
    const [found, ...others] = diagnostics(loop.map((each) => ({ ...each, problem })));
    expect(others).to.deep.equal([]);
    expect(found?.message).to.equal(
      "Bucket '@\u200ba/\\*b\\*' \\<img\\> is open, see https:\u200b//evil.\n\nThe same for \\[b2\\](x).",
    );
  });
});
