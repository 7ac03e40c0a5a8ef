import { expect } from "chai";
import fc from "fast-check";
import { grouped, natural, resourceList, sorted } from "../../../cli/report/groups";
import type { Finding } from "../../../cli/report/report";
import { numbered, violation, violationNowhere } from "./builders";

const about = (name: string, problem: string, changes: Partial<Finding> = {}) =>
  violation({ name, urn: `urn:${name}`, problem, ...changes });
/** The names in each group: those that are alike together. */
const names = (...findings: Finding[]) =>
  grouped(findings).map((group) => group.map((alike) => alike.map(({ name }) => name).join("+")));

describe("the groups of findings", () => {
  it("have together what a policy says in the same words of the resources of one line", () => {
    const findings = ["a", "b", "c"].map((name) =>
      about(name, `Bucket '${name}' isn't locked by '${name}Lock': see urn:${name}`),
    );
    expect(names(...findings)).to.deep.equal([["a+b+c"]]);
  });

  it("have apart what is on another line, of another policy, level or severity, or in other words", () => {
    const one = about("a", "It is open.");
    const others = [
      about("b", "It is open.", { position: { file: "infra/index.ts", line: 9 } }),
      about("c", "It is open.", { policy: "other" }),
      about("d", "It is open.", { pack: "other" }),
      about("e", "It is open.", { blocks: false }),
      about("f", "It isn't locked."),
      about("g", "It is open.", { severity: "low" }),
    ];
    expect(names(one, ...others)).to.deep.equal([["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"]]);
  });

  it("have together what reads the same and has no place", () => {
    const findings = ["a", "b"].map((name) => violationNowhere({ name, problem: `'${name}' is open.` }));
    expect(names(...findings)).to.deep.equal([["a+b"]]);
  });

  const placed = (name: string, line: number, problem: string, fix = "x: true,") =>
    about(name, problem, { fix, position: { file: "i.ts", line } });

  it("have with a bucket the block that is to blame, whichever of them comes first", () => {
    const block = (line: number) => placed("lock", line, "Block 'lock' lacks a flag.\nSet");
    const data = placed("data", 5, "Bucket 'data' is open: 'lock' lacks a flag.\nSet");
    expect([names(block(1), data), names(data, block(9))]).to.deep.equal([[["data", "lock"]], [["data", "lock"]]]);
  });

  it("have apart what has another fix, or the same and nothing to do with each other", () => {
    const block = placed("lock", 1, "Block 'lock' lacks a flag.\nSet");
    expect([
      names(block, placed("data", 5, "Bucket 'data' is open: 'lock' lacks a flag.\nSet", "y: true,")),
      names(block, placed("data", 5, "Bucket 'data' is open: 'other' lacks a flag.\nSet")),
    ]).to.deep.equal([
      [["lock"], ["data"]],
      [["lock"], ["data"]],
    ]);
  });

  it("have each finding once, even where two name each other", () => {
    const one = placed("a", 1, "'a' goes with 'b'.");
    const other = placed("b", 2, "'b' goes with 'a'.");
    expect(names(one, other)).to.deep.equal([["a", "b"]]);
  });

  it("of ten thousand findings are made in no time", () => {
    const many = Array.from({ length: 10_000 }, (_, at) => placed(`b${at}`, at + 1, `'b${at}' is open.`));
    const start = performance.now();
    expect(grouped(many).length).to.equal(10_000);
    expect(performance.now() - start).to.be.below(2000);
  });
});

describe("the list of a group's resources", () => {
  const list = (findings: Finding[]) => resourceList(findings, (name) => `<${name}>`);

  it("has their names, or their URNs where names come twice", () => {
    expect([
      list([about("a", ""), about("b", "")]),
      list([violation({ urn: "urn:x$data" }), violation({ urn: "urn:y$data" })]),
    ]).to.deep.equal(["<a>, <b>", "<urn:x$data>, <urn:y$data>"]);
  });

  it("counts what nobody would read", () => {
    const many = Array.from({ length: 60 }, (_, at) => about(`b${at}`, ""));
    expect(list(many)).to.match(/^<b0>, .*, <b49> and 10 more$/);
  });
});

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
