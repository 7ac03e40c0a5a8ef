import { relative, sep } from "node:path";
import { traceOf } from "../command";
import { type Configs, foundConfig, readConfigs } from "../config";
import { eachOf } from "../each-of";
import { ownFolder } from "../own-package";
import { InterruptedError, RunError } from "../pulumi/cli";
import { withRequests } from "../pulumi/exceptions";
import { type Run, runPreview } from "../pulumi/preview";
import { cliVersion, lacks, tooOld } from "../pulumi/version";
import { print } from "../report/neutral";
import type { Roots } from "../report/position";
import { noVerdict, type Report } from "../report/report";
import { OWN } from "../report/rules";
import { nameOf } from "../report/groups";
import { waiting } from "../waiting";
import type { Options } from "./args";
import { readSteps, type Step, UnreadableError } from "./output";
import { type Progress, progressOf } from "./progress";
import type { Target } from "./targets";
import { limitsOf, unevaluated, withLeftOut, withUnevaluated } from "./unevaluated";
import { failureOf, isRequired, report } from "./verdict";

/**
 * Previews the stacks, some of them side by side. One that fails hides no other; after an interrupt none is begun. The texts
 * of the reports are the program's: print none but by neutralReport.
 */
export async function previews(options: Options, targets: readonly Target[]): Promise<Report[]> {
  // Before the program runs, as the CLI reads them.
  const asked = targets.map((target) => {
    const own = withFound(options, target.roots);
    return { target, own, configs: readConfigs(own.packs, own.configs) };
  });
  const running = new Set<Progress>();
  let interrupted: string | undefined;
  const { say, stop } = waiting(process.stderr, () => [...running].map(({ text }) => text()).join("; "), options.quiet);
  return eachOf(asked, options.jobs, async ({ target, own, configs }) => {
    const { stack, roots } = target;
    if (interrupted !== undefined) return noVerdict([interrupted], stack, roots.manifest);
    const prefix = targets.length === 1 ? "" : `[${nameOf({ stack, manifest: roots.manifest })}] `;
    const progress = progressOf(stack, (line) => {
      say(`${prefix}${line}`);
    });
    running.add(progress);
    try {
      return await evaluated(own, target, progress, configs);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      if (error instanceof InterruptedError) interrupted = error.message;
      return noVerdict([error.message], stack, roots.manifest);
    } finally {
      running.delete(progress);
    }
  }).finally(stop);
}

/** With the configuration that the project has for this package's own pack, unless one is named. */
export function withFound(options: Options, { project, repository }: Roots): Options {
  const file = options.isOwnPack && options.configs.length === 0 ? foundConfig(project, repository) : undefined;
  if (file === undefined) return options;
  return { ...options, configs: [file], found: relative(repository, file).split(sep).join("/") };
}

/**
 * Previews one stack, and previews it again where the first run shows that it should have been another one:
 * - The organization requires this package's policy pack, so its copy decides, with its version and its configuration.
 * - The CLI takes no executable as a policy pack. Its version isn't asked for before: that takes longer than the executable saves.
 */
async function evaluated(options: Options, target: Target, progress: Progress, given: Configs): Promise<Report> {
  const run = await runPreview(options, target, progress);
  const { isOwnPack, packs } = options;
  if (isOwnPack && !(run.events instanceof UnreadableError) && isRequired(run.events)) {
    progress.say(
      "The organization requires this policy pack, so its copy decides: previewing again without the one that comes with " +
        "this command. --policy-pack none saves the first preview.",
    );
    const alone = { ...options, isOwnPack: false, packs: [], configs: [], found: undefined };
    return evaluated(alone, target, progress, readConfigs([], []));
  }
  const concluded = await conclude(run, options, target, given);
  const found = options.found === undefined ? concluded : { ...concluded, configuration: options.found };
  if (found.verdict !== "failed") return found;
  const version = await cliVersion();
  const [own = ""] = packs;
  const folder = ownFolder();
  if (isOwnPack && own !== folder && lacks(version, "executables")) {
    const inFolder = { ...options, packs: [folder] };
    return evaluated(inFolder, target, progress, { ...given, of: (path) => given.of(path === folder ? own : path) });
  }
  // The age of the CLI comes first if it is the reason.
  const hasRun = found.packs.some(({ name }) => name === OWN);
  // It starts no pack with a wrong level, and says only `invalid enforcement level "advisry"`.
  const wrong = (isOwnPack ? given.of(own)?.problems : undefined) ?? [];
  const mistakes = hasRun ? [] : [...given.problems, ...wrong.map((each) => `${options.configs[0] ?? ""}: ${each}`)];
  // If the CLI refuses something, that explains everything that is missing.
  const why = mistakes.length > 0 ? mistakes : found.problems;
  return { ...found, problems: [...tooOld(version, given.versioned), ...why] };
}

async function conclude(run: Run, options: Options, target: Target, configs: Configs): Promise<Report> {
  const { stack, roots } = target;
  const { exitCode, stdout, events } = run;
  try {
    if (events instanceof UnreadableError) throw events;
    const steps = readSteps(stdout);
    const reported = report({ steps, events, exitCode }, options.packs.length, stack, roots, configs);
    const placed = reported.findings.length === 0 ? reported : await inSource(reported, steps, roots);
    const limits = limitsOf(options.extra, process.env);
    const whole = withUnevaluated(withLeftOut(placed, limits), unevaluated(events, limits), options.acceptUnevaluated);
    return await withRequests(whole, target);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return noVerdict([...failureOf(exitCode), error.message], stack, roots.manifest);
  }
}

/** Loads the reader of the program's source only when something is found. It is a help: no verdict depends on it. */
async function inSource(report: Report, steps: readonly Step[], roots: Roots): Promise<Report> {
  try {
    const { withSource } = await import("../source/with-source.js");
    return withSource(report, steps, roots);
  } catch (error) {
    print(process.stderr, `The program's source was not read: ${traceOf(error)}`);
    return report;
  }
}
