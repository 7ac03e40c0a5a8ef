import { expect } from "chai";
import { document } from "../../../cli/report/markdown";
import { textOf } from "../../testdata";

const entries = (count: number, folded: number) =>
  Array.from({ length: count }, (_, at) => ({ line: `line ${at}`, folded: "x".repeat(folded) }));

describe("a document for a comment", () => {
  it("has a heading and its entries for each section that has any", () => {
    const sections = [
      { title: "A", isFolded: false, entries: entries(1, 1) },
      { title: "B", isFolded: false, entries: [] },
      { title: "C", isFolded: true, entries: entries(1, 2) },
    ];
    expect(document(["head"], sections)).to.equal(textOf("report/document.md"));
  });

  it("keeps every line, where what is behind the lines gets too long, and of that the first", () => {
    const text = document(["head"], [{ title: "A", isFolded: false, entries: entries(100, 2000) }]);
    const kinds = text
      .split("\n")
      .map((line) => /^<(details|div)>/.exec(line)?.[1])
      .filter(Boolean);
    expect(text.length).to.be.within(55_000, 60_000);
    expect(kinds.length).to.equal(100);
    expect(kinds.indexOf("div")).to.equal(kinds.lastIndexOf("details") + 1);
    expect(kinds.indexOf("div")).to.be.within(20, 30);
  });

  it("leaves out lines, the last ones, only where they are too many, and counts them in each section", () => {
    const sections = [
      { title: "A", isFolded: false, entries: entries(5000, 10) },
      { title: "B", isFolded: true, entries: entries(3, 10) },
    ];
    const text = document(["head"], sections);
    const kept = text.match(/<div>line \d+<\/div>/g)?.length ?? 0;
    expect(text.length).to.be.within(55_000, 60_000);
    expect(text.trimEnd().split("\n").slice(-5)).to.deep.equal([
      `<div>${5000 - kept} more are left out here: the job's log has every finding.</div>`,
      "",
      "<details><summary><b>B</b></summary>",
      "<div>3 more are left out here: the job's log has every finding.</div>",
      "</details>",
    ]);
  });

  it("shortens a head that is too long by itself", () => {
    const head = Array.from({ length: 3000 }, (_, at) => `- problem ${at} of a very long list of problems`);
    const text = document(head, [{ title: "A", isFolded: false, entries: entries(1, 10) }]);
    expect(text.length).to.be.below(65_536);
    expect(text).to.contain("more lines are left out here");
  });
});
