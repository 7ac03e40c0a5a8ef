import { type Command, EXIT_CODES, UsageError } from "../command";
import { packageFolder } from "../own-package";
import { preview } from "../preview/command";
import { ownPack } from "../preview/own-pack";
import { selectedStack } from "../preview/selected-stack";
import { log } from "../report/log";
import { neutralReport, print } from "../report/neutral";
import { findRoots } from "../report/position";
import { parse, USAGE } from "./args";

export const fixCommand: Command = {
  name: "fix",
  summary: "change the program so that its preview passes",
  usage: USAGE,
  run,
};

async function run(argv: readonly string[]): Promise<number> {
  const given = parse(argv, process.cwd(), () => ownPack(packageFolder()));
  if (given === undefined) {
    print(process.stdout, USAGE);
    return EXIT_CODES.passed;
  }
  const roots = findRoots(given.cwd);
  if (roots === undefined) throw new UsageError(`there is no Pulumi.yaml in ${given.cwd} or above it`);
  const options = { ...given, stack: given.stack ?? selectedStack(given.cwd) };
  const report = neutralReport(await preview(options, roots));
  if (report.verdict === "failed") {
    for (const { text } of log(report)) print(process.stderr, text);
    print(process.stderr, "Nothing was changed.");
    return EXIT_CODES.failed;
  }
  for (const note of report.notes) print(process.stderr, `not evaluated: ${note}`);
  const { applyFixes } = await import("./apply.js");
  return applyFixes(report, options, roots);
}
