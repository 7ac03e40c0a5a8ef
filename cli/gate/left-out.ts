import { compiled, type Fix } from "../../policypack/face";
import { shellQuoted } from "../options";
import type { Finding } from "../report/report";
import { shown } from "../report/message";
import type { Report } from "../report/report";
import type { Limits } from "./unevaluated";

/**
 * The pack doesn't know the arguments of the preview, the gate does: beside `--exclude` the CLI refuses `--target`, so that
 * a finding on a block that is left out names what to add, or what to take away.
 */
export function withLeftOut(report: Report, { targets, excludes }: Limits): Report {
  const known = (fix: Fix): Fix => {
    const matching = excludes.filter((pattern) => fix.code.some(compiled(pattern, /:/y)));
    const [kind, flag, values] =
      targets.length > 0
        ? (["add-target", "--target", fix.code] as const)
        : (["remove-exclude", "--exclude", matching.length > 0 ? matching : excludes] as const);
    if (values.length === 0) return fix;
    return { ...fix, kind, code: values.map((value) => `${flag} ${shellQuoted(value)}`) };
  };
  const included = (finding: Finding): Finding => {
    const { published } = finding;
    if (published?.cause !== "left-out") return finding;
    const lines = published.lines.map((line) => (typeof line === "string" ? line : known(line)));
    return { ...finding, ...shown({ ...published, lines }) };
  };
  return { ...report, findings: report.findings.map(included) };
}
