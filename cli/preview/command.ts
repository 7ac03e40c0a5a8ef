import { rmSync } from "node:fs";
import { inspect } from "node:util";
import { type Command, EXIT_CODES, UsageError } from "../command";
import { packageFolder, product } from "../own-package";
import { annotations } from "../report/annotations";
import { clear, ReportError, writeWhole } from "../report/files";
import { type Context, type Format, FORMATS } from "../report/formats";
import { linker } from "../report/links";
import { log } from "../report/log";
import { command, neutralReport, print } from "../report/neutral";
import { findRoots, type Roots } from "../report/position";
import { noVerdict, type Report } from "../report/report";
import { hasColors } from "../terminal";
import { waiting } from "../waiting";
import { parse, type Options as Given, USAGE } from "./args";
import { configurations, type Configured } from "./lost-findings";
import { readSteps, type Step, UnreadableError } from "./output";
import { ownPack } from "./own-pack";
import { statusOf } from "./progress";
import { selectedStack } from "./selected-stack";
import { RunError, runPreview, type Run } from "./run";
import { limitsOf, unevaluated, withUnevaluated } from "./unevaluated";
import { failureOf, report } from "./verdict";

type Options = Given & { readonly stack: string };

export const previewCommand: Command = {
  name: "preview",
  summary: "preview a stack under policy packs and report every finding",
  usage: USAGE,
  run,
};

async function run(argv: readonly string[]): Promise<number> {
  const own = packageFolder();
  const given = parse(argv, process.cwd(), () => ownPack(own));
  if (given === undefined) {
    print(process.stdout, USAGE);
    return 0;
  }
  const roots = findRoots(given.cwd);
  if (roots === undefined) throw new UsageError(`there is no Pulumi.yaml in ${given.cwd} or above it`);
  for (const file of Object.values(given.reports)) clear(file);
  const options = { ...given, stack: given.stack ?? selectedStack(given.cwd) };

  // The verdict is told last, so that nobody reads "Passed" of a run whose reports are not there.
  const result = deliver(neutralReport(await preview(options, roots)), options, own);
  const withColors = hasColors(process.stdout, process.env);
  for (const { text, style } of log(result)) print(process.stdout, text, withColors ? style : undefined);
  if (process.env.GITHUB_ACTIONS === "true")
    for (const line of annotations(result)) command(process.stdout, line);
  return EXIT_CODES[result.verdict];
}

/** Previews the stack once, and tells what comes of it. Its texts are the program's: print none but by neutralReport. */
export async function preview(options: Options, roots: Roots): Promise<Report> {
  const configured = configurations(options); // Before the program runs, as the CLI reads them.
  try {
    const { step, text } = statusOf(options.stack);
    const { say, stop } = waiting(process.stderr, text);
    const run = await runPreview(options, { say, step }).finally(stop);
    return await conclude(run, options, roots, configured);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return noVerdict([error.message], options.stack, roots.manifest);
  }
}

async function conclude(
  { exitCode, stdout, events }: Run,
  options: Options,
  roots: Roots,
  configured: Configured,
): Promise<Report> {
  const { packs, stack, extra, acceptUnevaluated } = options;
  try {
    if (events instanceof UnreadableError) throw events;
    const output = { events, steps: readSteps(stdout) };
    const evaluated = report(output, exitCode, packs.length, stack, roots, configured);
    const placed =
      evaluated.findings.length === 0 ? evaluated : await inSource(evaluated, output.steps, roots);
    return withUnevaluated(
      placed,
      unevaluated(output.events, limitsOf(extra, process.env)),
      acceptUnevaluated,
    );
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return noVerdict([...failureOf(exitCode), error.message], stack, roots.manifest);
  }
}

/** What reads the program's source is loaded only when something is found. It is a help: no verdict depends on it. */
async function inSource(evaluated: Report, steps: readonly Step[], roots: Roots): Promise<Report> {
  try {
    const { withSource } = await import("../source/with-source.js");
    return withSource(evaluated, steps, roots);
  } catch (error) {
    print(process.stderr, `The program's source was not read: ${inspect(error)}`);
    return evaluated;
  }
}

/** Writes the reports. Where one can't be written there is no verdict, and those that are there don't say another thing. */
function deliver(result: Report, { reports }: Options, own: string): Report {
  const context = { product: product(own), link: linker(process.env) };
  const writeAll = (what: Report): string[] =>
    FORMATS.flatMap((format) => {
      try {
        write(format, reports[format.name], what, context);
        return [];
      } catch (error) {
        if (error instanceof ReportError) return [error.message];
        throw error;
      }
    });
  const failures = writeAll(result);
  if (failures.length === 0) return result;
  const failed = neutralReport({
    ...result,
    verdict: "failed",
    problems: [...result.problems, ...failures],
  });
  for (const { name, tellsNoVerdict } of FORMATS) {
    const file = reports[name];
    if (file !== undefined && !tellsNoVerdict) discard(file);
  }
  writeAll(failed);
  return failed;
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // What is there instead of the report is not of this run.
  }
}

function write(format: Format, file: string | undefined, result: Report, context: Context): void {
  if (file === undefined || (result.verdict === "failed" && !format.tellsNoVerdict)) return;
  writeWhole(file, format.render(result, context));
}
