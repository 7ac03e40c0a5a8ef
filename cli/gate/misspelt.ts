import { unknownPolicy } from "../../policypack/face";
import { OWN, OWN_POLICIES } from "../report/rules";
import type { Report } from "../report/report";
import type { Configs } from "../config";
import type { Options } from "./args";

const POLICIES = OWN_POLICIES.map(({ name }) => name);

/**
 * Adds the places where a configuration isn't JSON; and the names in that of this package's own policy pack that are no policy's.
 * The CLI refuses one that is given as an object without a level, starts no pack, and says only `invalid enforcement level ""`.
 * Of any other the pack itself tells.
 */
export function withMisspelt(
  report: Report,
  { isOwnPack, packs: [path], configs: [file] }: Pick<Options, "isOwnPack" | "packs" | "configs">,
  configs: Pick<Configs, "of" | "problems">,
): Report {
  const hasRun = report.packs.some(({ name }) => name === OWN);
  if (report.verdict !== "failed" || hasRun) return report;
  const entries = isOwnPack && path !== undefined ? configs.of(path) : undefined;
  const unknown = Object.keys(entries ?? {}).filter((name) => ![...POLICIES, "all"].includes(name));
  const told = unknown.map((name) => `${file ?? ""}: ${unknownPolicy(name, POLICIES)}`);
  return { ...report, problems: [...report.problems, ...configs.problems, ...told] };
}
