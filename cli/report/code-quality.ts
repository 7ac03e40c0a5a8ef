import { fingerprints } from "./fingerprint";
import type { Format } from "./formats";
import type { Finding, Report } from "./report";

export const codeQualityFormat = {
  name: "code-quality",
  help: "write a GitLab Code Quality report",
  tellsNoVerdict: false,
  render: codeQuality,
} as const satisfies Format;

/** GitLab's Code Quality report. Every finding must be on a line of a file; without one it is on the first of Pulumi.yaml. */
export function codeQuality(report: Report): string {
  const marks = fingerprints(report.findings);
  const issues = report.findings.map((finding, at) => ({
    description: `${finding.name}: ${finding.problem.split("\n", 1)[0] ?? ""}`,
    check_name: finding.policy,
    fingerprint: marks[at],
    severity: severity(finding),
    location: {
      path: finding.position?.file ?? report.manifest,
      lines: { begin: finding.position?.line ?? 1 },
    },
  }));
  return `${JSON.stringify(issues, undefined, 2)}\n`;
}

function severity({ blocks, kind, severity }: Finding): "blocker" | "major" | "minor" | "info" {
  if (blocks) return "blocker";
  if (kind === "exempt") return "info";
  return severity === "critical" || severity === "high" ? "major" : "minor";
}
