import { EXIT_CODES } from "../command";
import type { Format } from "./formats";
import type { Finding, Report, Subject } from "./report";
import { worst } from "./report";
import type { Product } from "./repository";

export const jsonFormat = {
  name: "json",
  help: "write a JSON report, for a program (docs/preview-report.schema.json)",
  tells: "no verdict",
  render: (reports, { product }) => json(reports, product),
} as const satisfies Format;

/** The reports for a program. `version` goes up when something in it changes its meaning or goes away; more may come. */
export function json(reports: readonly Report[], { version }: Product): string {
  const verdict = worst(reports);
  const document = {
    version: 1,
    tool: { name: "s3-public-access-block", version },
    verdict,
    exitCode: EXIT_CODES[verdict],
    stacks: reports.map((report) => ({
      stack: report.stack,
      project: report.manifest,
      verdict: report.verdict,
      problems: report.problems,
      notes: report.notes,
      packs: report.packs.map(({ name, version, isRequired = false }) => ({ name, version, isRequired })),
      policies: (report.policies ?? []).map(({ pack, policy }) => ({ pack, policy })),
      findings: report.findings.map(finding),
      remediations: report.remediations.map(subject),
    })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Named one by one: what else a finding gets, such as the edits of its fix, isn't promised to anybody. */
function finding(finding: Finding) {
  const { blocks, kind, severity, message, problem, fix, more } = finding;
  return { ...subject(finding), blocks, kind, severity, message, problem, fix, more };
}

function subject({ pack, policy, urn, type, name, position, placedAt }: Subject) {
  return { pack, policy, urn, type, name, position, placedAt };
}
