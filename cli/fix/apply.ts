import { EXIT_CODES } from "../command";
import { calledAs } from "../own-package";
import { print, printPatch } from "../report/neutral";
import type { Report } from "../report/report";
import type { Roots } from "../report/position";
import { plural } from "../report/words";
import { FixError } from "../source/edit";
import { faultsIn } from "../source/with-source.js";
import type { Options } from "./args";
import { newErrors } from "./compile";
import { formatted } from "./format";
import { otherStacks, readOwn, unsaved, writeAll } from "./files";
import { type Left, patchOf, type Plan, plan } from "./plan";

/**
 * Makes the edits of a report that has a verdict. The patch goes to stdout; what was done and what is left, to stderr.
 * @returns the exit code
 */
export function applyFixes(report: Report, options: Options, roots: Roots): number {
  const say = (line: string): void => {
    print(process.stderr, line);
  };
  const unsavedFiles = new Map<string, string | undefined>();
  const read = (file: string): string => {
    const text = readOwn(file, roots);
    if (!options.force && !unsavedFiles.has(file)) unsavedFiles.set(file, unsaved(file, roots));
    const why = unsavedFiles.get(file);
    if (why !== undefined && !options.dryRun) throw new FixError(`${why}: commit it, or pass --force`);
    return text;
  };
  const made = plan(report.findings, read, faultsIn);
  const planned = { ...made, files: made.files.map((file) => formatted(file, roots)) };
  const { files, left } = planned;
  try {
    const errors = options.check ? newErrors(files, roots) : [];
    errors.forEach(say);
    if (errors.length > 0) {
      say("The changes don't compile. Nothing was changed.");
      return EXIT_CODES.blocked;
    }
    if (!options.dryRun) writeAll(files, roots);
  } catch (error) {
    if (!(error instanceof FixError)) throw error;
    say(error.message);
    return EXIT_CODES.failed;
  }
  if (files.length > 0) printPatch(process.stdout, patchOf(files), process.env);
  outcome(planned, options).forEach(say);
  const others = otherStacks(files, report.stack, roots);
  if (others.length > 0) say(`Other stacks may run the changed files. Preview them, too: ${others.join(", ")}.`);
  const unwritten = options.dryRun ? [...unsavedFiles.values()].filter((why) => why !== undefined) : [];
  for (const why of unwritten) say(`Needs --force: ${why}.`);
  // As the check of a formatter does.
  const isDone = left.length === 0 && (!options.dryRun || files.length === 0);
  return isDone ? EXIT_CODES.passed : EXIT_CODES.blocked;
}

function outcome({ files, fixed, left }: Plan, { dryRun, again }: Options): string[] {
  if (fixed.length + left.length === 0) return ["There is nothing to fix."];
  const verb = dryRun ? "would be fixed" : "fixed";
  const where = files.length === 0 ? "" : ` in ${files.map(({ file }) => file).join(", ")}`;
  return [
    `${fixed.length} of ${plural(fixed.length + left.length, "finding")} ${verb}${where}.`,
    ...(left.length === 0 ? [] : ["Not fixed:"]),
    ...left.flatMap(entry),
    ...(files.length === 0 || dryRun ? [] : [`Look at the change, and run the preview again: ${calledAs()} ${again}`]),
  ];
}

/** With the code to write by hand, unless the next run of this command writes it. */
function entry({ finding: { position, blocks, policy, urn, fix, edits }, why }: Left): string[] {
  const place = position === undefined ? "" : `${[position.file, position.line].join(":")} `;
  const code = fix === undefined || edits !== undefined ? [] : fix.split("\n");
  return [
    `- ${place}[${blocks ? "mandatory" : "advisory"}] ${policy}`,
    ...[urn, `Not fixed: ${why}.`, ...code.map((line) => `    ${line}`)].map((line) => `  | ${line}`),
  ];
}
