import { pathIn } from "../../policypack/face";
import { effectOf, gathered, headOf, quietIn } from "./groups";
import type { Finding, Render, Report, Subject } from "./report";
import { placed } from "./words";

/*
 * JUnit's XML as CI systems read it: within the schema of Jenkins (junit-10.xsd of its xunit plugin), the attributes that
 * GitLab ("Unit test reports") and Azure Pipelines (PublishTestResults@2) show.
 */

/** A test suite a stack. */
export const junit: Render = (reports) => {
  const suites = reports.map((report) => ({ name: `${report.manifest} ${report.stack}`, cases: casesOf(report) }));
  const { tests, failures, errors } = countsOf(suites.flatMap(({ cases }) => cases));
  const counts = { name: "s3-public-access-block", tests, failures, errors };
  const elements = suites.map(({ name, cases }) => {
    return element("testsuite", { name, ...countsOf(cases) }, `\n${cases.map(caseElement).join("")}  `);
  });
  const all = element("testsuites", counts, `\n  ${elements.join("  ")}`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${all}`;
};

type Case = Readonly<Record<"name" | "classname", string> & Partial<Record<"message" | "text", string>>> & {
  readonly result?: "failure" | "error" | "skipped" | undefined;
};

/**
 * A blocking finding has failed; an advisory one passes with a text; an exemption is a skipped test; a policy that found
 * nothing is one that passes; and where there is no verdict, the preview is one with an error.
 */
function casesOf(report: Report): Case[] {
  const { findings, problems, stack } = report;
  const [message] = problems;
  const preview = { name: `preview of ${stack}`, classname: "s3-public-access-block", text: problems.join("\n") };
  return [
    ...(message === undefined ? [] : [{ ...preview, result: "error" as const, message }]),
    ...merged(findings.map(caseOf)),
    ...quietIn(report).map((each) => ({ name: "every resource", classname: classOf(each) })),
  ];
}

const classOf = ({ pack, policy }: Pick<Subject, "pack" | "policy">): string => `${pack}.${policy}`;

const RESULTS = { blocking: "failure", advisory: undefined, exempt: "skipped" } as const;

function caseOf(finding: Finding): Case {
  const { urn, name, message, position } = finding;
  const place = position === undefined ? "" : placed({ column: 1, ...position });
  return {
    name: urn === "" ? name : pathIn(urn),
    classname: classOf(finding),
    result: RESULTS[effectOf(finding)],
    message: headOf(finding),
    text: [place, urn, message].filter((line) => line !== "").join("\n"),
  };
}

/** A name counts once in a class: what a policy says of one resource twice is one test, with the heavier result. */
function merged(cases: readonly Case[]): Case[] {
  return gathered(cases, ({ classname, name }) => [classname, name]).map((same) => ({
    ...(same.find(({ result }) => result === "failure") ?? same.find(({ result }) => result) ?? same[0]),
    text: same.map(({ text }) => text).join("\n"),
  }));
}

function countsOf(cases: readonly Case[]) {
  const count = (wanted: Case["result"]): number => cases.filter(({ result }) => result === wanted).length;
  return { tests: cases.length, failures: count("failure"), errors: count("error"), skipped: count("skipped") };
}

function caseElement({ name, classname, result, message = "", text }: Case): string {
  if (text === undefined) return `    ${element("testcase", { classname, name })}`;
  const inner = element(result ?? "system-out", result === undefined ? {} : { message }, escape(text)).trimEnd();
  return `    ${element("testcase", { classname, name }, inner)}`;
}

function element(name: string, given: Readonly<Record<string, string | number>>, inner?: string): string {
  const value = (of: string | number): string => escape(String(of)).replace(/"/g, "&quot;").replace(/\n/g, "&#10;");
  const start = [name, ...Object.entries(given).map(([key, each]) => `${key}="${value(each)}"`)].join(" ");
  return inner === undefined ? `<${start}/>\n` : `<${start}>${inner}</${name}>\n`;
}

/** XML has no way to write U+FFFE and U+FFFF, nor others that no text of a report has. */
function escape(text: string): string {
  return text
    .replace(/[\ufffe\uffff]/g, (found) => `\\u${found.charCodeAt(0).toString(16)}`)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}
