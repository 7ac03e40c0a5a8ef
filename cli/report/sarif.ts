import { gzipSync } from "node:zlib";
import { groupBy } from "../../policypack/face";
import { auditDocument } from "./audit";
import { fingerprints as marksOf } from "./fingerprint";
import { effectOf, gathered, together } from "./groups";
import { uriOf } from "./links";
import type { Finding, Product, Render, Report } from "./report";
import { OWN, ruleOf } from "./rules";
import SARIF from "./sarif.json";
import { verdictOf } from "./words";

export const sarif: Render = (reports, { product, audit }) => {
  // Code scanning keeps runs of different categories apart, and takes few in one file: an audit is one.
  const all = audit === undefined ? reports : [{ ...together(reports), stack: "audit", manifest: "Pulumi.yaml" }];
  const runs = all.map((report) => {
    const summary = audit && `${auditDocument(reports, { audit }).headlines.join(". ")}.`;
    return run(report, summary ?? verdictOf(report), product);
  });
  return textOf({ ...SARIF.log, runs });
};

const textOf = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** The most results that GitHub code scanning takes in one run ("SARIF support for code scanning"). */
const MOST_RESULTS = 25_000;

/** The most bytes that it takes, compressed, are 10 MB. Its upload action adds to what is written here. */
const MOST_BYTES = 9_000_000;

/**
 * A stack's run, within what GitHub code scanning reads and takes: of too many results the last ones, which matter least, are
 * left out, and a notification says so.
 */
function run(report: Report, summary: string, product: Product): object {
  let kept = Math.min(report.findings.length, MOST_RESULTS);
  for (;;) {
    const whole = runWith(report, summary, product, kept);
    const text = textOf(whole);
    const size = text.length <= MOST_BYTES / 4 ? 0 : gzipSync(text).length; // In UTF-8 a character has up to four bytes.
    if (size <= MOST_BYTES) return whole;
    kept = Math.floor(kept * Math.min(0.9, MOST_BYTES / size));
  }
}

function runWith(report: Report, summary: string, { version, homepage, sources }: Product, kept: number): object {
  const findings = report.findings.slice(0, kept);
  const byRule = gathered(findings, ruleId);
  const indexes = new Map(byRule.map(([first], at) => [ruleId(first), at]));
  const marks = fingerprints(findings, report.manifest);
  const left = report.findings.length - kept;
  const leftOut = `${left} more results are left out: code scanning takes ${MOST_RESULTS}, and 10 MB. The job's log has every finding.`;
  const warning = (text: string) => ({ level: "warning", message: { text } });
  const notifications = {
    ...(report.notes.length > 0 && { toolConfigurationNotifications: report.notes.map(warning) }),
    ...(left > 0 && { toolExecutionNotifications: [warning(leftOut)] }),
  };
  const rules = byRule.map((found) => rule(found, sources));
  return {
    tool: { driver: { name: OWN, semanticVersion: version, informationUri: homepage, rules } },
    // Code scanning keeps the results of each category apart, and takes what is before the last slash for one.
    automationDetails: { id: `s3-public-access-block/${report.manifest}/${report.stack}/` },
    // A result would be about a resource, and this is about how the tool was run.
    invocations: [{ executionSuccessful: report.verdict !== "failed", ...notifications }],
    ...SARIF.run,
    properties: { summary },
    results: findings.map((finding, at) => ({
      ruleId: ruleId(finding),
      ruleIndex: indexes.get(ruleId(finding)),
      level: SARIF.levels[effectOf(finding)],
      message: { text: plain(finding.message) },
      locations: [location(finding, report.manifest)],
      partialFingerprints: marks[at],
      properties: (finding.live ?? finding.owner) && { inS3: finding.live?.word, owner: finding.owner },
      ...(finding.kind === "exempt" && {
        suppressions: [{ kind: "external", status: "accepted", justification: finding.problem }],
      }),
    })),
  };
}

/**
 * A result's fingerprints. Code scanning merges results of one rule with the same `primaryLocationLineHash`, which its
 * upload action computes from the line. So several results on one line, as of a loop, each get one of their own, which
 * the action keeps, with a warning. The others get none, to avoid the warning.
 */
function fingerprints(findings: readonly Finding[], manifest: string): Record<string, string>[] {
  const marks = marksOf(findings);
  const lineOf = (finding: Finding): string =>
    JSON.stringify([ruleId(finding), finding.position?.file ?? manifest, finding.position?.line ?? 1]);
  const lines = groupBy(findings, lineOf);
  return findings.map((finding, at) => {
    const mark = marks[at] ?? "";
    const isAlone = lines.get(lineOf(finding))?.length === 1;
    return { "policyAndUrn/v1": mark, ...(!isAlone && { primaryLocationLineHash: `${mark}:1` }) };
  });
}

const ruleId = ({ pack, policy }: Finding): string => `${pack}/${policy}`;

function rule(findings: readonly [Finding, ...Finding[]], sources: string | undefined) {
  const [first] = findings;
  const { displayName, description, remediationSteps, url, docs, frameworks } = ruleOf(first.pack, first.policy);
  const severity = findings.find((finding) => finding.severity !== undefined)?.severity;
  return {
    id: ruleId(first),
    name: first.policy,
    shortDescription: { text: plain(displayName) },
    fullDescription: { text: plain(description) },
    help: { text: plain(remediationSteps) },
    helpUri: sources === undefined || docs === undefined ? url : `${sources}/${docs}`,
    defaultConfiguration: { level: findings.some(({ blocks }) => blocks) ? "error" : "warning" },
    properties: { ...SARIF.rule, "security-severity": severity && SARIF.severity[severity], frameworks },
  };
}

/** Code scanning wants a file of every result: one whose line is not known is about the project's Pulumi.yaml. */
function location({ position, urn, name }: Finding, manifest: string) {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(position?.file ?? manifest), uriBaseId: "SRCROOT" },
      region: { startLine: position?.line ?? 1, startColumn: position?.column },
    },
    logicalLocations: [{ name, fullyQualifiedName: urn, kind: "resource" }],
  };
}

/** Text in which nothing is a link, `[text](url)`: SARIF 2.1.0, 3.11.6, has brackets and backslashes escaped by a backslash. */
const plain = (text: string): string => text.replace(/[[\]\\]/g, "\\$&");
