import { expect } from "chai";
import { applyEdits, FixError, toEdit, type Change, type Edit } from "../../../cli/source/edit";

const at = (from: number, to: number, text: string): Change => ({ from, to, text });
const made = (source: string, ...changes: Change[]): Edit => toEdit("index.ts", source, changes);
const SOURCE = "one\ntwo\nthree\nfour\n";

it("an edit has the whole lines that its changes touch, with what is added behind the line before it", () => {
  const lines = ({ startLine, endLine, text }: Edit): unknown[] => [startLine, endLine, text];
  const edit = made("one\ntwo three\nfour\nfive\n", at(4, 7, "TWO"), at(18, 18, "\nnew"));
  expect(lines(edit)).to.deep.equal([2, 3, "TWO three\nfour\nnew"]);
  expect(lines(made("one", at(3, 3, "\ntwo")))).to.deep.equal([1, 1, "one\ntwo"]);
});

describe("edits", () => {
  const comma = at(3, 3, ", more");
  const part = at(8, 10, "TH");
  const odd = "\ufeffone\r\n\ttwo\nthree";
  const end = at(odd.length, odd.length, "\nz");
  const cases: [title: string, after: string, edits: Change[][], source?: string][] = [
    ["in any order", "ONE\nmore\nboth\nFOUR\n", [[at(0, 3, "ONE\nmore")], [at(14, 18, "FOUR")], [at(4, 13, "both")]]],
    ["of other parts of a line", "one\ntwo\nTHree\nadded\nfour\n", [[part], [at(13, 13, "\nadded")]]],
    [
      "with a change in common",
      "one, more\ntwo!\nthree!\nfour\n",
      [
        [comma, at(7, 7, "!")],
        [comma, at(13, 13, "!")],
      ],
    ],
    ["that append at one place", "one\ntwo, a, b\nthree\nfour\n", [[at(7, 7, ", a")], [at(7, 7, ", b")]]],
    ["before one statement", "one\na\nb\ntwo\nthree\nfour\n", [[at(4, 4, "a\n")], [at(4, 4, "b\n")]]],
    [
      "of a text with a byte order mark, tabs, two kinds of line breaks, and none at the end",
      "\ufeffONE\r\nx\r\n\ttwo\n\ty\nthree\nz",
      [[at(1, 4, "ONE"), at(4, 4, "\nx")], [at(10, 10, "\n\ty")], [end]],
      odd,
    ],
  ];
  it("are made together, and leave the rest of the text as it is", () => {
    for (const [title, after, edits, source = SOURCE] of cases) {
      const all = edits.map((changes) => made(source, ...changes));
      expect(applyEdits(source, all), title).to.equal(after);
    }
  });

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
