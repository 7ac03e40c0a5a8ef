import { OWN } from "../report/rules";
import type { Report } from "../report/report";
import type { Configs } from "../config";
import type { Options } from "./args";

/**
 * Adds the places where a configuration isn't JSON, and the mistakes in that of this package's own policy pack if it didn't run.
 * The CLI starts no pack with a wrong level, and says only `invalid enforcement level "advisry"`.
 */
export function withMisspelt(
  report: Report,
  { isOwnPack, packs: [path], configs: [file] }: Pick<Options, "isOwnPack" | "packs" | "configs">,
  configs: Pick<Configs, "of" | "problems">,
): Report {
  const hasRun = report.packs.some(({ name }) => name === OWN);
  if (report.verdict !== "failed" || hasRun) return report;
  const own = isOwnPack && path !== undefined ? configs.of(path) : undefined;
  const told = (own?.problems ?? []).map((problem) => `${file ?? ""}: ${problem}`);
  return { ...report, problems: [...report.problems, ...configs.problems, ...told] };
}
