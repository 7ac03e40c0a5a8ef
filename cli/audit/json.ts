import { without } from "../config";
import { effectOf } from "../report/order";
import { exitCodeOf, findingsOf, totalsOf, type Audit } from "./report";

/** The report for a program. `version` goes up when something in it changes its meaning or goes away. */
export function json(audit: Audit): string {
  const { date, stacks, unreadable, exemptions } = audit;
  const report = {
    version: 1,
    date,
    exitCode: exitCodeOf(audit),
    totals: { stacks: stacks.length, ...totalsOf(audit) },
    stacks: stacks.map((row) => without({ ...row }, "verdicts")),
    findings: findingsOf(audit).map((finding) => {
      const { stack, policy, severity, urn, type, name, cause, message, fix, position } = finding;
      const { covers, exemption, elsewhere } = finding;
      return {
        ...{ stack, policy, kind: effectOf(finding), severity, urn, type, name, cause, message, fix, position },
        ...{ covers, exemption, elsewhere },
      };
    }),
    unreadable,
    exemptions,
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
