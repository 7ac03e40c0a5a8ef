import { expect } from "chai";
import { applyEdits, FixError, toEdit, type Change, type Edit } from "../../../cli/source/edit";

const at = (from: number, to: number, text: string): Change => ({ from, to, text });
const made = (source: string, ...changes: Change[]): Edit => toEdit("index.ts", source, changes);
const SOURCE = "one\ntwo\nthree\nfour\n";

describe("an edit", () => {
  it("has the whole lines that its changes touch, with what is added behind the line before it", () => {
    const lines = ({ startLine, endLine, text }: Edit): unknown[] => [startLine, endLine, text];
    const edit = made("one\ntwo three\nfour\nfive\n", at(4, 7, "TWO"), at(18, 18, "\nnew"));
    expect(lines(edit)).to.deep.equal([2, 3, "TWO three\nfour\nnew"]);
    expect(lines(made("one", at(3, 3, "\ntwo")))).to.deep.equal([1, 1, "one\ntwo"]);
  });
});

describe("edits", () => {
  const comma = at(3, 3, ", more");
  const text = "\ufeffone\r\n\ttwo\nthree";
  const cases: [string, string, Change[][], string][] = [
    [
      "speak of the text as it was, in whatever order they come",
      SOURCE,
      [[at(0, 3, "ONE\nmore")], [at(14, 18, "FOUR")], [at(4, 13, "both")]],
      "ONE\nmore\nboth\nFOUR\n",
    ],
    [
      "of one line are made together where they change other parts of it",
      SOURCE,
      [[at(8, 10, "TH")], [at(13, 13, "\nadded")]],
      "one\ntwo\nTHree\nadded\nfour\n",
    ],
    [
      "that have a change in common make it once",
      SOURCE,
      [
        [comma, at(7, 7, "!")],
        [comma, at(13, 13, "!")],
      ],
      "one, more\ntwo!\nthree!\nfour\n",
    ],
    [
      "that append at one place follow each other",
      SOURCE,
      [[at(7, 7, ", more")], [at(7, 7, ", and more")]],
      "one\ntwo, more, and more\nthree\nfour\n",
    ],
    [
      "that put statements before one follow each other",
      SOURCE,
      [[at(4, 4, "a\n")], [at(4, 4, "b\n")]],
      "one\na\nb\ntwo\nthree\nfour\n",
    ],
    [
      "keep a byte order mark, tabs, each line's own break, and a missing one at the end",
      text,
      [[at(1, 4, "ONE"), at(4, 4, "\nx")], [at(10, 10, "\n\ty")], [at(text.length, text.length, "\nz")]],
      "\ufeffONE\r\nx\r\n\ttwo\n\ty\nthree\nz",
    ],
  ];
  for (const [title, source, changes, after] of cases) {
    it(title, () => {
      expect(
        applyEdits(
          source,
          changes.map((each) => made(source, ...each)),
        ),
      ).to.equal(after);
    });
  }

  it("that change one text in two ways are refused, and so are two that add at one place, or of text that isn't there", () => {
    const refused = (source: string, ...changes: Change[]): (() => string) => {
      const edits = changes.map((each) => made(SOURCE, each));
      return () => applyEdits(source, edits);
    };
    const why = "two fixes change line 2 of index.ts in different ways";
    expect(refused(SOURCE, at(0, 6, "a"), at(4, 9, "b"))).to.throw(FixError, why);
    expect(refused(SOURCE, at(7, 7, "a"), at(7, 7, "b"))).to.throw(FixError, why);
    expect(refused("one", at(14, 18, "FOUR"))).to.throw(FixError, "index.ts has changed since it was read");
  });
});
