import { expect } from "chai";
import { applyEdits, ConflictError, toEdit, type Change, type Edit } from "../../../cli/source/edit";

const made = (source: string, ...changes: Change[]): Edit => toEdit("index.ts", source, changes);
const lines = ({ startLine, endLine, text }: Edit): unknown[] => [startLine, endLine, text];

describe("an edit", () => {
  it("has the whole lines that its changes touch, with what is added behind the line before it", () => {
    const source = "one\ntwo three\nfour\nfive\n";
    const changes = [
      { from: 4, to: 7, text: "TWO" },
      { from: 18, to: 18, text: "\nnew" },
    ];
    expect(lines(made(source, ...changes))).to.deep.equal([2, 3, "TWO three\nfour\nnew"]);
  });

  it("of a file without a last line break ends with it", () => {
    expect(lines(made("one", { from: 3, to: 3, text: "\ntwo" }))).to.deep.equal([1, 1, "one\ntwo"]);
  });
});

describe("edits", () => {
  const source = "one\ntwo\nthree\nfour\n";

  it("speak of the text as it was, in whatever order they come", () => {
    const edits = [
      made(source, { from: 0, to: 3, text: "ONE\nmore" }),
      made(source, { from: 14, to: 18, text: "FOUR" }),
      made(source, { from: 4, to: 13, text: "both" }),
    ];
    expect(applyEdits(source, edits)).to.equal("ONE\nmore\nboth\nFOUR\n");
  });

  it("of one line are made together where they change other parts of it", () => {
    const edits = [
      made(source, { from: 8, to: 10, text: "TH" }),
      made(source, { from: 13, to: 13, text: "\nadded" }),
    ];
    expect(applyEdits(source, edits)).to.equal("one\ntwo\nTHree\nadded\nfour\n");
  });

  it("that have a change in common make it once", () => {
    const shared = { from: 3, to: 3, text: ", more" };
    const edits = [
      made(source, shared, { from: 7, to: 7, text: "!" }),
      made(source, shared, { from: 13, to: 13, text: "!" }),
    ];
    expect(applyEdits(source, edits)).to.equal("one, more\ntwo!\nthree!\nfour\n");
  });

  it("that append at one place follow each other", () => {
    const edits = [", more", ", and more"].map((text) => made(source, { from: 7, to: 7, text }));
    expect(applyEdits(source, edits)).to.equal("one\ntwo, more, and more\nthree\nfour\n");
  });

  it("that put statements before one follow each other", () => {
    const edits = ["a\n", "b\n"].map((text) => made(source, { from: 4, to: 4, text }));
    expect(applyEdits(source, edits)).to.equal("one\na\nb\ntwo\nthree\nfour\n");
  });

  it("that change one text in two ways are refused, and so are two that add at one place", () => {
    for (const [one, other] of [
      [
        { from: 0, to: 6, text: "a" },
        { from: 4, to: 9, text: "b" },
      ],
      [
        { from: 7, to: 7, text: "a" },
        { from: 7, to: 7, text: "b" },
      ],
    ] as const) {
      const both = (): string => applyEdits(source, [made(source, one), made(source, other)]);
      expect(both).to.throw(ConflictError, "two fixes change line 2 of index.ts in different ways");
    }
  });

  it("of text that isn't there are refused", () => {
    const edit = made(source, { from: 14, to: 18, text: "FOUR" });
    expect(() => applyEdits("one", [edit])).to.throw(ConflictError, "index.ts has changed since it was read");
  });

  it("keep a byte order mark, tabs, each line's own break, and a missing one at the end", () => {
    const text = "\ufeffone\r\n\ttwo\nthree";
    const edits = [
      made(text, { from: 1, to: 4, text: "ONE" }, { from: 4, to: 4, text: "\nx" }),
      made(text, { from: 10, to: 10, text: "\n\ty" }),
      made(text, { from: text.length, to: text.length, text: "\nz" }),
    ];
    expect(applyEdits(text, edits)).to.equal("\ufeffONE\r\nx\r\n\ttwo\n\ty\nthree\nz");
  });
});
