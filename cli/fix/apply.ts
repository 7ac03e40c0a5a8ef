import { EXIT_CODES } from "../command";
import { print, printPatch } from "../report/neutral";
import type { Finding, Report } from "../report/report";
import type { Roots } from "../report/position";
import type { Options } from "./args";
import { faultsIn } from "../source/with-source.js";
import { newErrors } from "./compile";
import { readOwn, unsaved, writeAll, WriteError } from "./files";
import { type ChangedText, type Left, patchOf, plan, UntouchableError } from "./plan";

/**
 * Makes the edits of a report that has a verdict. The patch goes to stdout, and what was done and left to stderr.
 * @returns the exit code
 */
export function applyFixes(report: Report, options: Options, roots: Roots): number {
  const unsavedFiles = new Map<string, string | undefined>();
  const read = (file: string): string => {
    const text = readOwn(file, roots);
    if (!options.force && !unsavedFiles.has(file)) unsavedFiles.set(file, unsaved(file, roots));
    const why = unsavedFiles.get(file);
    if (why !== undefined && !options.dryRun) throw new UntouchableError(`${why}: commit it, or give --force`);
    return text;
  };
  const { files, fixed, left } = plan(report.findings, read, faultsIn);
  try {
    const errors = options.check ? newErrors(files, roots) : [];
    for (const error of errors) print(process.stderr, error);
    if (errors.length > 0) {
      print(process.stderr, "The changes don't compile. Nothing was changed.");
      return EXIT_CODES.blocked;
    }
    if (!options.dryRun) writeAll(files, roots);
  } catch (error) {
    if (!(error instanceof WriteError || error instanceof UntouchableError)) throw error;
    print(process.stderr, error.message);
    return EXIT_CODES.failed;
  }
  if (files.length > 0) printPatch(process.stdout, patchOf(files), process.env);
  for (const line of outcome(files, fixed, left, options)) print(process.stderr, line);
  const unwritten = options.dryRun ? [...unsavedFiles.values()].filter((why) => why !== undefined) : [];
  for (const why of unwritten) print(process.stderr, `Only --force would write it: ${why}.`);
  return left.length + unwritten.length === 0 ? EXIT_CODES.passed : EXIT_CODES.blocked;
}

function outcome(
  files: readonly ChangedText[],
  fixed: readonly Finding[],
  left: readonly Left[],
  { dryRun, again }: Options,
): string[] {
  if (fixed.length + left.length === 0) return ["There is nothing to fix."];
  const names = files.map(({ file }) => file).join(", ");
  const verb = dryRun ? "would be fixed" : "fixed";
  return [
    `${fixed.length} of ${fixed.length + left.length} findings ${verb}${names === "" ? "" : ` in ${names}`}.`,
    ...(left.length === 0 ? [] : ["Left to you:"]),
    ...left.flatMap(({ finding, why }) => entry(finding, why)),
    ...(files.length === 0 || dryRun ? [] : [`Look at the change, and run the preview again: ${again}`]),
  ];
}

/** With what to write by hand, where that isn't what the next run of this command writes. */
function entry({ position, blocks, policy, urn, fix, edits }: Finding, why: string): string[] {
  const place = position === undefined ? "" : `${[position.file, position.line].join(":")} `;
  const code = fix === undefined || edits !== undefined ? [] : fix.split("\n");
  return [
    `- ${place}[${blocks ? "mandatory" : "advisory"}] ${policy}`,
    ...[urn, `Not fixed: ${why}.`, ...code.map((line) => `    ${line}`)].map((line) => `  | ${line}`),
  ];
}
