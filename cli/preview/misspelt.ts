import { unknownPolicy } from "../../policypack/face";
import { OWN, OWN_POLICIES } from "../report/rules";
import type { Report } from "../report/report";
import type { Options } from "./args";
import type { Configured } from "./lost-findings";

const POLICIES = OWN_POLICIES.map(({ name }) => name);
/** What a configuration may hold besides policies: what counts for all of them, and Pulumi ESC's environments. */
const OTHERS = ["all", "environments"];

/**
 * Adds the names in the configuration of this package's own policy pack that are no policy's. The CLI refuses one that is given as
 * an object without a level, starts no pack, and says only `invalid enforcement level ""`. Of any other the pack itself
 * tells.
 */
export function withMisspelt(
  report: Report,
  { isOwnPack, packs: [path], configs: [file] }: Pick<Options, "isOwnPack" | "packs" | "configs">,
  configured: Configured,
): Report {
  const hasRun = report.packs.some(({ name }) => name === OWN);
  if (report.verdict !== "failed" || hasRun || !isOwnPack || path === undefined) return report;
  const unknown = Object.keys(configured(path) ?? {}).filter(
    (name) => ![...POLICIES, ...OTHERS].includes(name),
  );
  const told = unknown.map((name) => `${file ?? ""}: ${unknownPolicy(name, POLICIES)}`);
  return { ...report, problems: [...report.problems, ...told] };
}
