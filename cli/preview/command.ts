import { rmSync } from "node:fs";
import { inspect } from "node:util";
import { type Command, EXIT_CODES } from "../command";
import { eachOf } from "../each-of";
import { packageFolder, product } from "../own-package";
import { annotations } from "../report/annotations";
import { clear, ReportError, writeWhole } from "../report/files";
import { type Context, type Format, FORMATS } from "../report/formats";
import { linker } from "../report/links";
import { command, neutralReport, print } from "../report/neutral";
import type { Roots } from "../report/position";
import { noVerdict, type Report, worst } from "../report/report";
import { logOf, nameOf, together } from "../report/several";
import { hasColors } from "../terminal";
import { waiting } from "../waiting";
import { parse, type Options, USAGE } from "./args";
import { cliVersion, tooOld } from "./cli-version";
import { configurations, type Configured, versioned } from "./lost-findings";
import { withLeftOut } from "./left-out";
import { readSteps, type Step, UnreadableError } from "./output";
import { withMisspelt } from "./misspelt";
import { ownPack } from "./own-pack";
import { type Listener, statusOf, type Status } from "./progress";
import { targetsOf, type Target } from "./targets";
import { InterruptedError, RunError, runPreview, type Run } from "./run";
import { limitsOf, unevaluated, withUnevaluated } from "./unevaluated";
import { failureOf, isRequired, report } from "./verdict";

export const previewCommand: Command = {
  name: "preview",
  summary: "preview a stack under policy packs and report every finding",
  usage: USAGE,
  run,
};

async function run(argv: readonly string[]): Promise<number> {
  const own = packageFolder();
  const options = parse(argv, process.cwd(), () => ownPack(own));
  if (options === undefined) {
    print(process.stdout, USAGE);
    return 0;
  }
  for (const file of Object.values(options.reports)) clear(file);

  // The verdict is told last, so that nobody reads "Passed" of a run whose reports are not there.
  const results = deliver((await previews(options, targetsOf(options))).map(neutralReport), options, own);
  const withColors = hasColors(process.stdout, process.env);
  for (const { text, style } of logOf(results)) print(process.stdout, text, withColors ? style : undefined);
  if (process.env.GITHUB_ACTIONS === "true")
    for (const line of annotations(together(results))) command(process.stdout, line);
  return EXIT_CODES[worst(results)];
}

/**
 * Previews the stacks, some of them side by side. One that fails hides no other; after an interrupt none is begun. The texts
 * of the reports are the program's: print none but by neutralReport.
 */
export async function previews(options: Options, targets: readonly Target[]): Promise<Report[]> {
  const configured = configurations(options); // Before the program runs, as the CLI reads them.
  const running = new Map<Target, Status>();
  let interrupted: string | undefined;
  const texts = (): string => [...running.values()].map(({ text }) => text()).join("; ");
  const { say, stop } = waiting(process.stderr, texts);
  const reports = await eachOf(targets, options.jobs, async (target) => {
    const { stack, roots } = target;
    if (interrupted !== undefined) return noVerdict([interrupted], stack, roots.manifest);
    const status = statusOf(stack);
    running.set(target, status);
    const name = targets.length === 1 ? "" : `[${nameOf(stack, roots.manifest)}] `;
    const listener = {
      say: (line: string) => {
        say(`${name}${line}`);
      },
      step: status.step,
    };
    try {
      const { run, given } = await oneVoice(options, target, listener);
      return withAge(await conclude(run, given, target, configured), given);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      if (error instanceof InterruptedError) interrupted = error.message;
      return noVerdict([error.message], stack, roots.manifest);
    } finally {
      running.delete(target);
    }
  }).finally(stop);
  return reports;
}

/**
 * Runs the preview. Where the organization requires this package's policy pack, its copy decides, with its version and its
 * configuration. Only a run tells that; so there is a second one then, without the copy that came by default.
 */
async function oneVoice(
  options: Options,
  target: Target,
  listener: Listener,
): Promise<{ run: Run; given: Options }> {
  const run = await runPreview(options, target, listener);
  if (!options.isOwnPack || run.events instanceof UnreadableError || !isRequired(run.events)) {
    return { run, given: options };
  }
  listener.say(
    "The organization requires this policy pack, so its copy decides: previewing again without the one that comes with " +
      "this command. --policy-pack none saves the first preview.",
  );
  const given = { ...options, packs: [], configs: [] };
  return { run: await runPreview(given, target, listener), given };
}

async function conclude(
  { exitCode, stdout, events }: Run,
  options: Options,
  { stack, roots }: Target,
  configured: Configured,
): Promise<Report> {
  const { packs, extra, acceptUnevaluated } = options;
  try {
    if (events instanceof UnreadableError) throw events;
    const output = { events, steps: readSteps(stdout) };
    const evaluated = report(output, exitCode, packs.length, stack, roots, configured);
    const placed =
      evaluated.findings.length === 0 ? evaluated : await inSource(evaluated, output.steps, roots);
    const limits = limitsOf(extra, process.env);
    return withUnevaluated(
      withMisspelt(withLeftOut(placed, limits), options, configured),
      unevaluated(output.events, limits),
      acceptUnevaluated,
    );
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return noVerdict([...failureOf(exitCode), error.message], stack, roots.manifest);
  }
}

/** Where there is no verdict, the age of the CLI comes first if it is the reason. */
function withAge(evaluated: Report, { configs }: Options): Report {
  if (evaluated.verdict !== "failed") return evaluated;
  return { ...evaluated, problems: [...tooOld(cliVersion(), versioned(configs)), ...evaluated.problems] };
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
function deliver(results: readonly Report[], { reports }: Options, own: string): readonly Report[] {
  const context = { product: product(own), link: linker(process.env) };
  const writeAll = (what: readonly Report[]): string[] =>
    FORMATS.flatMap((format) => {
      try {
        write(format, reports[format.name], what, context);
        return [];
      } catch (error) {
        if (error instanceof ReportError) return [error.message];
        throw error;
      }
    });
  const failures = writeAll(results);
  if (failures.length === 0) return results;
  const failed = results.map((result) =>
    neutralReport({ ...result, verdict: "failed", problems: [...result.problems, ...failures] }),
  );
  for (const { name, tells } of FORMATS) {
    const file = reports[name];
    if (file !== undefined && tells !== "no verdict") discard(file);
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

function write(format: Format, file: string | undefined, results: readonly Report[], context: Context): void {
  const told = format.tells === "stacks" ? results.filter(({ verdict }) => verdict !== "failed") : results;
  const isLeftOut = format.tells === "verdicts" && worst(results) === "failed";
  if (file === undefined || told.length === 0 || isLeftOut) return;
  writeWhole(file, format.render(told, context));
}
