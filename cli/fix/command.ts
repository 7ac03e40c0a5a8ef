import { type Command, EXIT_CODES, UsageError } from "../command";
import { ownPack } from "../own-package";
import { previews } from "../preview/previews";
import { targetsOf } from "../preview/targets";
import { log } from "../report/log";
import { neutralReport, print } from "../report/neutral";
import { noVerdict } from "../report/report";
import { parse, USAGE } from "./args";

export const fixCommand: Command = {
  name: "fix",
  summary: "change the program so that its preview passes",
  usage: USAGE,
  run,
};

async function run(argv: readonly string[]): Promise<number> {
  const options = parse(argv, process.cwd(), ownPack);
  if (options === undefined) {
    print(process.stdout, USAGE);
    return EXIT_CODES.passed;
  }
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
