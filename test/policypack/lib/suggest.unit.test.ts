import { expect } from "chai";
import fc from "fast-check";
import { didYouMean, nearest } from "../../../policypack/lib/suggest";

const NAMES = ["preview", "audit", "s3-no-public-acl", "s3-no-public-folder"];

describe("the suggestion for a misspelt word", () => {
  for (const [word, meant] of [
    ["preveiw", "preview"],
    ["previews", "preview"],
    ["PREVIEW", "preview"],
    ["audti", "audit"],
    ["s3-no-public-acls", "s3-no-public-acl"],
    ["s3-no-publc-folder", "s3-no-public-folder"],
  ] as const) {
    it(`is ${meant} for ${word}`, () => {
      expect(nearest(word, NAMES)).to.equal(meant);
    });
  }

  it("is the nearest one where several are near", () => {
    expect(nearest("s3-no-public-acl2", ["s3-no-public-al", ...NAMES])).to.equal("s3-no-public-acl");
  });

  it("is none for a word that is like no other, however short", () => {
    expect(["up", "destroy", "", "x", "acl"].map((word) => nearest(word, NAMES))).to.deep.equal(
      Array.from({ length: 5 }, () => undefined),
    );
  });

  it("finds a word again after any one letter of it is left out, doubled or swapped with the next", () => {
    const letters = fc.array(fc.constantFrom<string>("a", "b", "c", "d", "e", "f", "-"), {
      minLength: 3,
      maxLength: 12,
    });
    const change = fc.tuple(letters, fc.nat(), fc.constantFrom("drop", "double", "swap"));
    fc.assert(
      fc.property(change, ([word, place, kind]) => {
        const at = place % (word.length - 1);
        const [one, next] = [word[at] ?? "", word[at + 1] ?? ""];
        const put = { drop: [next], double: [one, one, next], swap: [next, one] }[kind];
        const wrong = word.toSpliced(at, 2, ...put).join("");
        expect(nearest(wrong, [word.join("")])).to.equal(word.join(""));
      }),
    );
  });

  it("is put after the message, in the form that the message wants", () => {
    const quoted = (word: string) => `"${word}"`;
    expect([didYouMean("preveiw", NAMES, quoted), didYouMean("up", NAMES, quoted)]).to.deep.equal([
      '; did you mean "preview"?',
      "",
    ]);
  });
});
