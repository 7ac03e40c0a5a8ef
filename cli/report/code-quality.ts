import { combined, fingerprints } from "./fingerprint";
import { alikes, headOf } from "./groups";
import type { Finding, Render, Report } from "./report";

export const codeQuality: Render = (reports) => `${JSON.stringify(reports.flatMap(issues), undefined, 2)}\n`;

/**
 * GitLab's Code Quality report. Every finding must be on a line of a file; without one it is on the first of Pulumi.yaml. What
 * a policy says in the same words of several resources of one line is one finding, as GitLab lists them one below the other.
 */
function issues(report: Report) {
  const marks = new Map(fingerprints(report.findings).map((mark, at) => [report.findings[at], mark]));
  return alikes(report.findings).map((alike) => {
    const [first] = alike;
    const others = alike.length === 1 ? "" : ` and ${alike.length - 1} more`;
    return {
      description: `${first.name}${others}: ${headOf(first)}`,
      check_name: first.policy,
      fingerprint: combined(alike.map((finding) => marks.get(finding) ?? "")),
      severity: severity(first),
      location: { path: first.position?.file ?? report.manifest, lines: { begin: first.position?.line ?? 1 } },
    };
  });
}

function severity({ blocks, kind, severity }: Finding): "blocker" | "major" | "minor" | "info" {
  if (blocks) return "blocker";
  if (kind === "exempt") return "info";
  return severity === "critical" || severity === "high" ? "major" : "minor";
}
