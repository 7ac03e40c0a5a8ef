import { expect } from "chai";
import { applyEdits, FixError, toEdit, type Change, type Edit } from "../../../cli/source/edit";
import { testdata } from "../../testdata";

const at = (from: number, to: number, text: string): Change => ({ from, to, text });
const made = (source: string, ...changes: Change[]): Edit => toEdit("index.ts", source, changes);

it("an edit has the whole lines that its changes touch, with what is added behind the line before it", () => {
  const lines = ({ startLine, endLine, text }: Edit): unknown[] => [startLine, endLine, text];
  const edit = made("one\ntwo three\nfour\nfive\n", at(4, 7, "TWO"), at(18, 18, "\nnew"));
  expect(lines(edit)).to.deep.equal([2, 3, "TWO three\nfour\nnew"]);
  expect(lines(made("one", at(3, 3, "\ntwo")))).to.deep.equal([1, 1, "one\ntwo"]);
});

type Edits = readonly (readonly [from: number, to: number, text: string][])[];
const TABLE = testdata("edits.yaml") as {
  text: string;
  made: Record<string, { text?: string; edits: Edits; after: string }>;
  refused: { now?: string; edits: Edits; why: string }[];
};
const editsOf = (source: string, edits: Edits): Edit[] =>
  edits.map((changes) => made(source, ...changes.map((change) => at(...change))));

describe("edits", () => {
  it("are made together, and leave the rest of the text as it is", () => {
    for (const [title, { text = TABLE.text, edits, after }] of Object.entries(TABLE.made))
      expect(applyEdits(text, editsOf(text, edits)), title).to.equal(after);
  });

  it("that change one text in two ways are refused, and so are two that add at one place, or of text that isn't there", () => {
    for (const { now = TABLE.text, edits, why } of TABLE.refused)
      expect(() => applyEdits(now, editsOf(TABLE.text, edits))).to.throw(FixError, why);
  });
});
