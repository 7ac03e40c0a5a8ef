import { expect } from "chai";
import { applyEdits, ConflictError, toEdit, type Edit } from "../../../cli/source/edit";

const edit = (startLine: number, endLine: number, text: string): Edit => ({
  ...{ file: "index.ts", startLine, endLine, text },
});

describe("an edit", () => {
  it("has the whole lines that its changes touch, with what is added behind the line before it", () => {
    const source = "one\ntwo three\nfour\nfive\n";
    const changes = [
      { from: 4, to: 7, text: "TWO" },
      { from: 18, to: 18, text: "\nnew" },
    ];
    expect(toEdit("index.ts", source, changes)).to.deep.equal(edit(2, 3, "TWO three\nfour\nnew"));
  });

  it("of a file without a last line break ends with it", () => {
    expect(toEdit("index.ts", "one", [{ from: 3, to: 3, text: "\ntwo" }])).to.deep.equal(
      edit(1, 1, "one\ntwo"),
    );
  });
});

describe("edits", () => {
  it("speak of the lines as they were, in whatever order they come", () => {
    const edits = [edit(1, 1, "ONE\nmore"), edit(4, 4, "FOUR"), edit(2, 3, "both")];
    expect(applyEdits("one\ntwo\nthree\nfour\n", edits)).to.equal("ONE\nmore\nboth\nFOUR\n");
  });

  it("that are the same are made once", () => {
    expect(applyEdits("one\ntwo\n", [edit(1, 1, "ONE\nnew"), edit(1, 1, "ONE\nnew")])).to.equal(
      "ONE\nnew\ntwo\n",
    );
  });

  it("that change one line in two ways are refused", () => {
    const both = (): string => applyEdits("one\ntwo\nthree\n", [edit(1, 2, "a"), edit(2, 3, "b")]);
    expect(both).to.throw(ConflictError, "two edits of index.ts change line 2");
  });

  it("of lines that aren't there are refused", () => {
    expect(() => applyEdits("one", [edit(2, 2, "two")])).to.throw(ConflictError, "index.ts has no line 2");
  });
});
