import { EXIT_CODES, UsageError } from "../command";
import type { Options as Previewed } from "../gate/args";
import { ownPack } from "../own-package";
import { previews } from "../gate/previews";
import { type Target, targetsOf } from "../gate/targets";
import { log } from "../report/log";
import { neutralReport, print } from "../report/neutral";
import { noVerdict } from "../report/report";
import { parse } from "./args";
import { dirtyFiles } from "./files";

export { USAGE } from "./args";

/** `s3-public-access-block fix`. Takes the arguments after the command's name. */
export async function run(argv: readonly string[]): Promise<number> {
  const options = parse(argv, process.cwd(), ownPack);
  const found = await previewed(options, ({ roots }) => {
    const dirty = options.dryRun || options.force ? [] : dirtyFiles(roots);
    if (dirty.length > 0)
      throw new UsageError(
        `${dirty.join(", ")}: uncommitted changes. Commit them, or pass --force. Nothing was changed.`,
      );
  });
  if (found === undefined) return EXIT_CODES.failed;
  const report = neutralReport(found.report);
  for (const note of report.notes) print(process.stderr, `not evaluated: ${note}`);
  const { applyFixes } = await import("./apply.js");
  return applyFixes(report, options, found.target.roots);
}

/**
 * The report of the one stack, as the program's texts are; undefined where there is no verdict, which is said.
 * @param check throws for a target that needs no preview
 */
export async function previewed(options: Previewed, check: (target: Target) => void = () => undefined) {
  const [target] = await targetsOf(options);
  if (target === undefined) throw new UsageError("there is no stack to preview");
  check(target);
  const [report = noVerdict([], target.stack, target.roots.manifest)] = await previews(options, [target]);
  if (report.verdict !== "failed") return { report, target };
  for (const { text } of log(neutralReport(report))) print(process.stderr, text);
  print(process.stderr, "Nothing was changed.");
  return undefined;
}
