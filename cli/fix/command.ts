import { EXIT_CODES, UsageError } from "../command";
import { ownPack } from "../own-package";
import { previews } from "../gate/previews";
import { targetsOf } from "../gate/targets";
import { log } from "../report/log";
import { neutralReport, print } from "../report/neutral";
import { noVerdict } from "../report/report";
import { parse } from "./args";

export { USAGE } from "./args";

/** `s3-public-access-block fix`. Takes the arguments after the command's name. */
export async function run(argv: readonly string[]): Promise<number> {
  const options = parse(argv, process.cwd(), ownPack);
  const [target] = await targetsOf(options);
  if (target === undefined) throw new UsageError("there is no stack to preview");
  const [previewed] = await previews(options, [target]);
  const report = neutralReport(previewed ?? noVerdict([], target.stack, target.roots.manifest));
  if (report.verdict === "failed") {
    for (const { text } of log(report)) print(process.stderr, text);
    print(process.stderr, "Nothing was changed.");
    return EXIT_CODES.failed;
  }
  for (const note of report.notes) print(process.stderr, `not evaluated: ${note}`);
  const { applyFixes } = await import("./apply.js");
  return applyFixes(report, options, target.roots);
}
