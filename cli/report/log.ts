import { countsOf, effectOf } from "./order";
import type { Style } from "./neutral";
import type { Finding, Report } from "./report";

/** A line of the log, and how it looks on a terminal. */
export interface Line {
  readonly text: string;
  readonly style?: Style;
}

export const STYLES = { blocking: "red", advisory: "yellow", exempt: "dim" } as const;

/** The report for the job's log: every finding, then the verdict. */
export function log(report: Report): Line[] {
  return [
    ...report.findings.flatMap(entry),
    ...report.notes.map((note): Line => ({ text: `not evaluated: ${note}`, style: "yellow" })),
    ...report.problems.map((problem): Line => ({ text: `no verdict: ${problem}`, style: "red" })),
    verdict(report),
  ];
}

/** The lines of a message begin with a bar: a job's log takes one that begins with two colons for a command. */
function entry(finding: Finding): Line[] {
  const { position, blocks, kind, pack, policy, urn, message } = finding;
  const place = position === undefined ? "" : `${[position.file, position.line, position.column ?? 1].join(":")} `;
  const label = kind === "violation" ? "" : `, ${kind}`;
  return [
    {
      text: `- ${place}[${blocks ? "mandatory" : "advisory"}${label}] ${pack}/${policy}`,
      style: STYLES[effectOf(finding)],
    },
    { text: `  | ${urn}`, style: "dim" },
    ...message.split("\n").map((line) => ({ text: `  | ${line}` })),
  ];
}

function verdict({ verdict, stack, findings, notes }: Report): Line {
  const { blocking, advisory, exempt } = countsOf(findings);
  const rest = `${advisory} advisory${exempt === 0 ? "" : `, ${exempt} exempt`}`;
  switch (verdict) {
    case "passed":
      return {
        text: `Passed${notes.length === 0 ? "" : " as far as it was evaluated"}: no policy blocks ${stack}; ${rest}.`,
        style: notes.length === 0 ? "green" : "yellow",
      };
    case "blocked":
      return { text: `Blocked: ${blocking} mandatory, ${rest} in ${stack}.`, style: "red" };
    case "failed":
      return { text: `No verdict on ${stack}: that is not a pass.`, style: "red" };
  }
}
