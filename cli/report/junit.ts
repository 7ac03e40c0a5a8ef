import { pathIn } from "../../policypack/face";
import { gathered, headOf } from "./groups";
import type { Finding, Format, Report } from "./report";

/*
 * JUnit's XML as CI systems read it: within the schema of Jenkins (junit-10.xsd of its xunit plugin), the attributes that
 * GitLab ("Unit test reports") and Azure Pipelines (PublishTestResults@2) show.
 */

export const junitFormat = {
  name: "junit",
  help: "write a JUnit report, one test case per policy and resource",
  tells: "no verdict",
  render: (reports) => junit(reports),
} as const satisfies Format;

interface Case {
  readonly name: string;
  readonly classname: string;
  readonly result?: "failure" | "error" | "skipped";
  readonly message?: string;
  readonly text?: string;
}

/**
 * A test suite a stack. What blocks has failed, and what is advisory passes with a text; an exemption is a test that is
 * skipped; a policy that found nothing is one that passes; and where there is no verdict, the preview is one with an error.
 */
export function junit(reports: readonly Report[]): string {
  const suites = reports.map((report) => ({ name: `${report.manifest} ${report.stack}`, cases: casesOf(report) }));
  const all = suites.flatMap(({ cases }) => cases);
  const { tests, failures, errors } = countsOf(all);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: "s3-public-access-block", tests, failures, errors })}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite${attributes({ name, ...countsOf(cases) })}>`,
      ...cases.map(element),
      "  </testsuite>",
    ]),
    "</testsuites>\n",
  ].join("\n");
}

function casesOf({ findings, policies = [], problems, stack }: Report): Case[] {
  const keys = new Set(findings.map(classOf));
  const quiet = policies.map((each) => ({ name: "every resource", classname: classOf(each) }));
  return [
    ...(problems.length === 0 ? [] : [failed(stack, problems)]),
    ...merged(findings.map(caseOf)),
    ...quiet.filter(({ classname }) => !keys.has(classname)),
  ];
}

function failed(stack: string, problems: readonly string[]): Case {
  const [message = ""] = problems;
  const classname = "s3-public-access-block";
  return { name: `preview of ${stack}`, classname, result: "error", message, text: problems.join("\n") };
}

function classOf({ pack, policy }: { pack: string; policy: string }): string {
  return `${pack}.${policy}`;
}

function caseOf(finding: Finding): Case {
  const { urn, name, kind, blocks, message, position } = finding;
  const place = position === undefined ? [] : [`${position.file}:${position.line}:${position.column ?? 1}`];
  const text = [...place, urn, message].filter((line) => line !== "").join("\n");
  const common = { name: urn === "" ? name : pathIn(urn), classname: classOf(finding), text };
  if (blocks) return { ...common, result: "failure", message: headOf(finding) };
  return kind === "exempt" ? { ...common, result: "skipped", message: headOf(finding) } : common;
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

function element({ name, classname, result, message, text }: Case): string {
  const open = `    <testcase${attributes({ classname, name })}`;
  if (text === undefined) return `${open}/>`;
  const inner =
    result === undefined
      ? `<system-out>${escape(text)}</system-out>`
      : `<${result}${attributes({ message: message ?? "" })}>${escape(text)}</${result}>`;
  return `${open}>${inner}</testcase>`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([key, value]) => ` ${key}="${escape(String(value)).replace(/"/g, "&quot;").replace(/\n/g, "&#10;")}"`)
    .join("");
}

/** U+FFFE and U+FFFF are the characters that XML has no way to write, beside those that no text of a report has. */
function escape(text: string): string {
  return text
    .replace(/[\ufffe\uffff]/g, (found) => `\\u${found.charCodeAt(0).toString(16)}`)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}
