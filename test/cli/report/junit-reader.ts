import { expect } from "chai";
import { SaxesParser } from "saxes";

/** What Jenkins' schema allows (junit-10.xsd of its xunit plugin): the attributes, and those of them that must be there. */
const ELEMENTS: Readonly<Record<string, { in: string; may: string[]; must: string[] }>> = {
  testsuites: { in: "", may: ["name", "time", "tests", "failures", "errors"], must: [] },
  testsuite: {
    in: "testsuites",
    may: ["name", "tests", "failures", "errors", "skipped", "time", "timestamp", "id", "package", "file"],
    must: ["name", "tests", "failures", "errors"],
  },
  testcase: { in: "testsuite", may: ["name", "time", "classname", "group"], must: ["name"] },
  failure: { in: "testcase", may: ["type", "message"], must: [] },
  error: { in: "testcase", may: ["type", "message"], must: [] },
  skipped: { in: "testcase", may: ["type", "message"], must: [] },
  "system-out": { in: "testcase", may: [], must: [] },
};

export interface Suite {
  name: string;
  counts: Record<"tests" | "failures" | "errors" | "skipped", number>;
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
      const count = (key: string): number => Number(attributes[key]);
      const counts = {
        ...{ tests: count("tests"), failures: count("failures") },
        ...{ errors: count("errors"), skipped: count("skipped") },
      };
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
    expect([counts.tests, counts.failures, counts.errors, counts.skipped]).to.deep.equal([
      ...[cases.length, count("failure"), count("error"), count("skipped")],
    ]);
  }
  return suites;
}
