import { expect } from "chai";
import fc from "fast-check";
import { grouped, natural, resourceList, sorted } from "../../../cli/report/groups";
import { shown } from "../../../cli/report/message";
import type { Finding } from "../../../cli/report/report";
import { read } from "../../../policypack/findings/text";
import { findingsIn, own, violation, type WrittenFinding } from "./builders";
import { testdata } from "../../testdata";

interface Group {
  readonly findings: readonly WrittenFinding[];
  /** The names in each group: those that are alike joined by "+". */
  readonly groups: readonly string[][];
}
const { groups, orders, texts } = testdata("report/groups.yaml") as {
  groups: Record<string, Group>;
  orders: Record<string, WrittenFinding[]>;
  texts: string[];
};
const about = (name: string, line = 1) => {
  const place = { urn: `urn:${name}`, position: { file: "i.ts", line } };
  return violation({ name, ...place, problem: `'${name}' is open.`, fix: "x: true," });
};

describe("the groups of findings", () => {
  for (const [title, each] of Object.entries(groups))
    it(`have ${title}`, () => {
      const made = grouped(findingsIn(each.findings));
      const names = made.map((group) => group.map((alike) => alike.map(({ name }) => name).join("+")));
      expect(names).to.deep.equal(each.groups);
    });

  it("join what a loop makes without a fix, though each finding says how to exempt its own resource", () => {
    const text = (name: string): string => `The ACL of '${name}' is public: the canned ACL public-read.
If it must be public, exempt it with a reason, in --policy-pack-config or the organization's policy group: {"s3-no-public-acl": {"exemptions": [{"urn": "urn:${name}", "reason": ""}]}}`;
    const findings = ["a", "b"].map((name) => own(1, { name, ...shown(read(text(name))) }));
    expect(findings.map(({ published }) => published?.howToExempt?.exempted[0]?.urn)).to.deep.equal(["urn:a", "urn:b"]);
    expect(grouped(findings).flat().length).to.equal(1);
  });

  it("of ten thousand findings are made in no time", () => {
    const many = Array.from({ length: 10_000 }, (_, at) => about(`b${at}`, at + 1));
    const start = performance.now();
    expect(grouped(many).length).to.equal(10_000);
    expect(performance.now() - start).to.be.below(2000);
  });
});

describe("the list of a group's resources", () => {
  const list = (findings: Finding[]) => resourceList(findings, (name) => `<${name}>`);

  it("has their names, or their URNs where names come twice", () => {
    expect([
      list([about("a"), about("b")]),
      list([violation({ urn: "urn:x$data" }), violation({ urn: "urn:y$data" })]),
    ]).to.deep.equal(["<a>, <b>", "<urn:x$data>, <urn:y$data>"]);
  });

  it("counts what nobody would read", () => {
    const many = Array.from({ length: 60 }, (_, at) => about(`b${at}`));
    expect(list(many)).to.match(/^<b0>, .*, <b49> and 10 more$/);
  });
});

describe("the order of findings", () => {
  for (const [title, wanted] of Object.entries(orders))
    it(title, () => {
      const findings = findingsIn(wanted);
      expect(sorted(findings.toReversed())).to.deep.equal(findings);
    });
});

describe("the natural order of texts", () => {
  it("counts: 2 comes before 10, however long the numbers are", () => {
    expect(texts.toReversed().sort(natural)).to.deep.equal(texts);
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
      { numRuns: 500 },
    );
  });
});
