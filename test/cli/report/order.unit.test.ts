import { expect } from "chai";
import fc from "fast-check";
import { natural, sorted } from "../../../cli/report/order";
import { numbered, violation, violationNowhere } from "./builders";

describe("the order of findings", () => {
  it("has what blocks first, then what nobody knows, what only advises, and what is exempt", () => {
    const findings = [
      numbered(1, { kind: "exempt", blocks: false }),
      numbered(2, { blocks: false }),
      numbered(3, { kind: "unverified", blocks: false }),
      numbered(4, { kind: "unverified" }),
      numbered(5),
    ];
    expect(sorted(findings).map(({ name }) => name)).to.deep.equal(["b4", "b5", "b3", "b2", "b1"]);
  });

  it("goes by file, line and column, then by resource and policy, and ends with what has no place", () => {
    const at = (file: string, line: number, column?: number) =>
      violation({ position: { file, line, ...(column === undefined ? {} : { column }) } });
    const wanted = [
      at("part-2.ts", 10),
      at("part-10.ts", 9, 2),
      at("part-10.ts", 9, 10),
      at("part-10.ts", 10),
      numbered(2, { position: { file: "z.ts", line: 1 } }),
      numbered(10, { position: { file: "z.ts", line: 1 }, policy: "a" }),
      numbered(10, { position: { file: "z.ts", line: 1 }, policy: "b" }),
      violationNowhere(),
    ];
    expect(sorted([...wanted].reverse())).to.deep.equal(wanted);
  });
});

describe("the natural order of texts", () => {
  it("counts: 2 comes before 10, however long the numbers are", () => {
    const wanted = [
      "a",
      "a2b",
      "a10b",
      "a10b1",
      "a1234567890",
      "a123456789012345678901",
      "a123456789012345678902",
      "b",
    ];
    expect([...wanted].reverse().sort(natural)).to.deep.equal(wanted);
  });

  it("takes no two texts for one, and has one order whatever they are", () => {
    const text = fc.array(fc.constantFrom("a", "b", "0", "1", "9", "-", "\u0661"), { maxLength: 6 });
    const texts = text.map((characters) => characters.join(""));
    fc.assert(
      fc.property(texts, texts, texts, (a, b, c) => {
        expect(natural(a, b) === 0).to.equal(a === b);
        expect(Math.sign(natural(a, b)) + Math.sign(natural(b, a))).to.equal(0);
        if (natural(a, b) < 0 && natural(b, c) < 0) expect(natural(a, c)).to.be.below(0);
      }),
      { numRuns: 2000 },
    );
  });
});
