import { compiled } from "../../policypack/exemptions/match";
import { INCLUDE } from "../../policypack/shared/phrases";
import { shellQuoted } from "../options";
import type { Finding } from "../report/finding";
import { withFix, withLine } from "../report/message";
import { OWN } from "../report/rules";
import type { Report } from "../report/report";
import type { Limits } from "./unevaluated";

/**
 * The pack doesn't know the arguments of the preview, the gate does: beside `--exclude` the CLI refuses `--target`, so that
 * a finding on a block that is left out names what to add, or what to take away.
 */
export function withLeftOut(report: Report, { targets, excludes }: Limits): Report {
  const included = (finding: Finding): Finding => {
    if (finding.pack !== OWN || finding.fix === undefined) return finding;
    const urns = finding.fix.split("\n");
    const matching = excludes.filter((pattern) => urns.some(compiled(pattern, ":")));
    const [flag, heading, values] =
      targets.length > 0
        ? ["--target", "Add it to the preview:", urns]
        : ["--exclude", "Remove from the preview's arguments:", matching.length > 0 ? matching : excludes];
    const told = values.length === 0 ? undefined : withLine(finding, INCLUDE, heading);
    return told === undefined
      ? finding
      : withFix(
          told,
          values.map((value) => `${flag} ${shellQuoted(value)}`),
        );
  };
  return { ...report, findings: report.findings.map(included) };
}
