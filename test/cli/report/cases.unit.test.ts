import { expect } from "chai";
import { annotations } from "../../../cli/report/annotations";
import type { FormatName } from "../../../cli/report/formats";
import type { Report } from "../../../cli/report/report";
import { headline } from "../../../cli/report/words";
import { asWanted, blocked, findingsIn, type WrittenFinding, written } from "./builders";
import { junitSuites } from "./junit-reader";
import { ocsfErrors, rdjsonErrors, sarifRuns } from "./read";
import { testdata } from "../../testdata";

interface Case {
  readonly as: keyof typeof PARTS;
  readonly findings: readonly WrittenFinding[];
  readonly wanted: unknown;
  readonly has?: readonly string[];
}
interface Headline {
  readonly buckets?: number;
  readonly findings?: readonly WrittenFinding[];
  readonly report?: Partial<Report>;
}

const CASES = testdata("report/cases.yaml") as Record<string, Case>;
const HEADLINES = testdata("report/headlines.yaml") as Record<string, Headline & { each?: Headline[] }>;

const linesThat = (pattern: RegExp) => (text: string) => text.split("\n").filter((line) => pattern.test(line));
const valid = (errorsIn: (report: unknown) => string[]) => (text: string) => {
  const report: unknown = JSON.parse(text);
  expect(errorsIn(report)).to.deep.equal([]);
  return report;
};
/** What is looked at: of a format, what is read from its text. */
const PARTS = {
  annotations: ["annotations", (text: string) => text.split("\n")],
  "code-quality": ["code-quality", JSON.parse],
  rdjson: ["rdjson", valid(rdjsonErrors)],
  ocsf: ["ocsf", valid(ocsfErrors)],
  junit: ["junit", (text: string) => junitSuites(text)[0]?.cases],
  sarif: ["sarif", (text: string) => sarifRuns(text)[0]],
  titles: ["summary", linesThat(/^#|<\/b><\/summary>$/)],
  entries: ["summary", linesThat(/^<details>.*<\/details>$/)],
} satisfies Record<string, [format: FormatName | "annotations", part: (text: string) => unknown]>;

describe("a small report", () => {
  for (const [title, { as, findings, wanted, has = [] }] of Object.entries(CASES))
    it(title, () => {
      const [format, part] = PARTS[as];
      const report = blocked(findingsIn(findings));
      const text = format === "annotations" ? annotations(report).join("\n") : written(format, report);
      expect(asWanted(part(text), wanted)).to.deep.equal(wanted);
      for (const each of has) expect(text).to.include(each);
    });

  it("has a headline that counts the buckets that this package's policy evaluated, and calls none locked that a finding is about", () => {
    for (const [wanted, { each, ...row }] of Object.entries(HEADLINES))
      for (const { buckets, findings = [], report } of each ?? [row]) {
        const all = findingsIn(findings);
        const verdict = all.some(({ blocks }) => blocks) ? "blocked" : "passed";
        const counted = buckets === undefined ? {} : { buckets };
        expect(headline(blocked(all, { verdict, ...counted, ...report }))).to.equal(wanted);
      }
  });
});
