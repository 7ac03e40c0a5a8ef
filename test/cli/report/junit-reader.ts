import { expect } from "chai";
import { SaxesParser } from "saxes";
import RULES from "../../testdata/report/junit.json";

/** What Jenkins' schema allows: the attributes, and those of them that must be there. */
const ELEMENTS: Readonly<Record<string, { in: string; may: string[]; must: string[] }>> = RULES;
const COUNTS = ["tests", "failures", "errors", "skipped"] as const;

export interface Suite {
  name: string;
  counts: Record<(typeof COUNTS)[number], number>;
  /** Result, class, name and message of each test case. */
  cases: string[];
}

/** Reads a report as a CI system does, and fails where one of them could refuse it. */
export function junitSuites(xml: string): Suite[] {
  const suites: Suite[] = [];
  const path: string[] = [];
  const names = new Set<string>();
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const rule = ELEMENTS[name];
    expect(rule?.in, `${name} in ${path.join("/")}`).to.equal(path.at(-1) ?? "");
    expect(rule?.may).to.include.members(Object.keys(attributes));
    expect(Object.keys(attributes)).to.include.members(rule?.must ?? []);
    path.push(name);
    const suite = suites.at(-1);
    if (name === "testsuite") {
      const counts = Object.fromEntries(COUNTS.map((key) => [key, Number(attributes[key])])) as Suite["counts"];
      suites.push({ name: attributes.name ?? "", counts, cases: [] });
    } else if (name === "testcase") {
      const test = `${attributes.classname ?? ""} ${attributes.name ?? ""}`;
      expect(names.has(`${suites.length} ${test}`), `${test} is there twice`).to.equal(false);
      names.add(`${suites.length} ${test}`);
      suite?.cases.push(`passed ${test}`);
    } else if (suite !== undefined && name !== "system-out") {
      const last = suite.cases.pop() ?? "";
      suite.cases.push(`${last.replace(/^passed/, name)}: ${attributes.message ?? ""}`);
    }
  });
  parser.on("closetag", () => path.pop());
  parser.write(xml).close();
  for (const { counts, cases } of suites) {
    const count = (result: string): number => cases.filter((each) => each.startsWith(`${result} `)).length;
    const [failures, errors, skipped] = ["failure", "error", "skipped"].map(count);
    expect(counts).to.deep.equal({ tests: cases.length, failures, errors, skipped });
  }
  return suites;
}
