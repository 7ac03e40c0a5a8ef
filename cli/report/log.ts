import type { Finding, Report } from "./report";

/** The report for the job's log: every finding, then the verdict. */
export function log(report: Report): string[] {
  return [
    ...report.findings.flatMap(entry),
    ...report.notes.map((note) => `not evaluated: ${note}`),
    ...report.problems.map((problem) => `no verdict: ${problem}`),
    verdict(report),
  ];
}

/** The lines of a message begin with a bar: a job's log takes one that begins with two colons for a command. */
function entry({ position, blocks, kind, pack, policy, urn, message }: Finding): string[] {
  const place =
    position === undefined ? "" : `${[position.file, position.line, position.column ?? 1].join(":")} `;
  const label = kind === "violation" ? "" : `, ${kind}`;
  return [
    `- ${place}[${blocks ? "mandatory" : "advisory"}${label}] ${pack}/${policy}`,
    ...`${urn}\n${message}`.split("\n").map((line) => `  | ${line}`),
  ];
}

function verdict({ verdict, stack, findings, notes }: Report): string {
  const blocking = findings.filter(({ blocks }) => blocks).length;
  switch (verdict) {
    case "passed":
      return `Passed${notes.length === 0 ? "" : " as far as it was evaluated"}: no policy blocks ${stack}; ${findings.length} advisory.`;
    case "blocked":
      return `Blocked: ${blocking} mandatory, ${findings.length - blocking} advisory in ${stack}.`;
    case "failed":
      return `No verdict on ${stack}: that is not a pass.`;
  }
}
