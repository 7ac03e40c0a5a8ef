import { log, type Line } from "./log";
import { sorted } from "./order";
import { noVerdict, type Report, worst } from "./report";

/** How a stack is called among those of several projects. */
export function nameOf(stack: string, manifest: string): string {
  const folder = manifest.replace(/\/?Pulumi\.ya?ml$/, "");
  return folder === "" ? stack : `${folder} ${stack}`;
}

/** The verdicts that there are, the worst for a reader first, each with its reports. */
export function byVerdict(reports: readonly Report[]): [Report["verdict"], Report[]][] {
  return (["blocked", "failed", "passed"] as const)
    .map((wanted): [Report["verdict"], Report[]] => [wanted, reports.filter(({ verdict }) => verdict === wanted)])
    .filter(([, some]) => some.length > 0);
}

/** The reports in the job's log: one after the other, and the verdict on all at the end. */
export function logOf(reports: readonly Report[]): Line[] {
  if (reports.length === 1) return reports.flatMap(log);
  const words = { blocked: "Blocked", failed: "No verdict", passed: "Passed" };
  const told = byVerdict(reports).map(([verdict, some]) => {
    return `${words[verdict]}: ${some.map(({ stack, manifest }) => nameOf(stack, manifest)).join(", ")}`;
  });
  const style = worst(reports) === "passed" ? "green" : "red";
  return [
    ...reports.flatMap((report): Line[] => [
      { text: `${nameOf(report.stack, report.manifest)}:`, style: "bold" },
      ...log(report),
    ]),
    { text: `${reports.length} stacks. ${told.join("; ")}.`, style },
  ];
}

/** The reports as one, for what marks lines: a problem and a note name their stack. */
export function together(reports: readonly Report[]): Report {
  const [first] = reports;
  if (first === undefined) return noVerdict([], "", "");
  if (reports.length === 1) return first;
  const named = (pick: (report: Report) => readonly string[]): string[] =>
    reports.flatMap((report) => pick(report).map((text) => `${nameOf(report.stack, report.manifest)}: ${text}`));
  return {
    ...first,
    verdict: worst(reports),
    problems: named(({ problems }) => problems),
    notes: named(({ notes }) => notes),
    findings: sorted(reports.flatMap(({ findings }) => findings)),
  };
}
