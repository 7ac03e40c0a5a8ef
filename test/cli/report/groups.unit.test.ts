import { expect } from "chai";
import { grouped, resourceList } from "../../../cli/report/groups";
import type { Finding } from "../../../cli/report/report";
import { violation, violationNowhere } from "./builders";

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
