import { fingerprints } from "./fingerprint";
import type { Format } from "./formats";
import type { Finding, Report, Severity } from "./report";
import { ruleOf } from "./rules";

/** The numbers that GitHub code scanning takes for critical, high, medium and low ("SARIF support for code scanning"). */
const SECURITY_SEVERITY: Record<Severity, string> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
};

/** What of this package's own package.json a report names. */
export interface Product {
  readonly version: string;
  readonly homepage?: string;
}

export const sarifFormat = {
  name: "sarif",
  help: "write a SARIF 2.1.0 report",
  tellsNoVerdict: false,
  render: (report, { product }) => sarif(report, product),
} as const satisfies Format;

/**
 * SARIF 2.1.0, within what GitHub code scanning reads of it. Every result has a file, as code scanning wants: one whose
 * line is not known is about the project's Pulumi.yaml.
 */
export function sarif(report: Report, { version, homepage }: Product): string {
  const byRule = groupByRule(report.findings);
  const ids = [...byRule.keys()];
  const marks = fingerprints(report.findings);
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "s3-public-access-block",
            semanticVersion: version,
            ...(homepage === undefined ? {} : { informationUri: homepage }),
            rules: [...byRule].map(([id, findings]) => rule(id, findings)),
          },
        },
        // Code scanning keeps the results of each category apart, and takes what is before the last slash for one.
        automationDetails: { id: `s3-public-access-block/${report.manifest}/${report.stack}/` },
        invocations: [{ executionSuccessful: report.verdict !== "failed", ...notifications(report) }],
        originalUriBaseIds: { SRCROOT: { description: { text: "The root of the repository." } } },
        columnKind: "utf16CodeUnits",
        results: report.findings.map((finding, at) => ({
          ruleId: ruleId(finding),
          ruleIndex: ids.indexOf(ruleId(finding)),
          level: levelOf(finding),
          message: { text: plain(finding.message) },
          locations: [location(finding, report.manifest)],
          // Not primaryLocationLineHash: GitHub's upload action computes that one, and warns of every other value.
          partialFingerprints: { "policyAndUrn/v1": marks[at] },
          ...suppressions(finding),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

/** What was not evaluated: a result would be about a resource, and this is about how the tool was run. */
function notifications({ notes }: Report) {
  if (notes.length === 0) return {};
  return { toolConfigurationNotifications: notes.map((text) => ({ level: "warning", message: { text } })) };
}

function groupByRule(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(ruleId(finding));
    if (group === undefined) groups.set(ruleId(finding), [finding]);
    else group.push(finding);
  }
  return groups;
}

function ruleId({ pack, policy }: Finding): string {
  return `${pack}/${policy}`;
}

function rule(id: string, findings: readonly Finding[]) {
  const [{ pack, policy }] = findings as [Finding];
  const { title, description, help, url } = ruleOf(pack, policy);
  const severity = findings.find((finding) => finding.severity !== undefined)?.severity;
  return {
    id,
    name: policy,
    shortDescription: { text: plain(title) },
    fullDescription: { text: plain(description) },
    help: { text: plain(help) },
    ...(url === undefined ? {} : { helpUri: url }),
    defaultConfiguration: { level: findings.some(({ blocks }) => blocks) ? "error" : "warning" },
    properties: {
      tags: ["security", "pulumi"],
      ...(severity === undefined ? {} : { "security-severity": SECURITY_SEVERITY[severity] }),
    },
  };
}

function levelOf({ blocks, kind }: Finding): "error" | "warning" | "note" {
  if (blocks) return "error";
  return kind === "exempt" ? "note" : "warning";
}

function suppressions({ kind, problem }: Finding) {
  return kind === "exempt"
    ? { suppressions: [{ kind: "external", status: "accepted", justification: problem }] }
    : {};
}

function location({ position, urn, name }: Finding, manifest: string) {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(position?.file ?? manifest), uriBaseId: "SRCROOT" },
      region: {
        startLine: position?.line ?? 1,
        ...(position?.column === undefined ? {} : { startColumn: position.column }),
      },
    },
    logicalLocations: [{ name, fullyQualifiedName: urn, kind: "resource" }],
  };
}

/** Text in which nothing is a link, `[text](url)`: SARIF 2.1.0, 3.11.6, has brackets and backslashes escaped by a backslash. */
function plain(text: string): string {
  return text.replace(/[[\]\\]/g, "\\$&");
}

/** A path as a relative URI. */
export function uriOf(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
