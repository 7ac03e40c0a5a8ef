import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { SaxesParser } from "saxes";

/** What Jenkins' schema allows: the attributes, and those of them that must be there. */
const FILE = join(__dirname, "../../testdata/report/junit.json");
const ELEMENTS = JSON.parse(readFileSync(FILE, "utf8")) as Record<
  string,
  { in: string; may: string[]; must: string[] }
>;

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
