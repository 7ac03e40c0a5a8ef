import { traceOf } from "../command";
import { type Configs, readConfigs } from "../config";
import { eachOf } from "../each-of";
import { ownFolder } from "../own-package";
import { InterruptedError, RunError } from "../pulumi/cli";
import { type Run, runPreview } from "../pulumi/preview";
import { cliVersion, takesFoldersOnly, tooOld } from "../pulumi/version";
import { print } from "../report/neutral";
import type { Roots } from "../report/position";
import { noVerdict, type Report } from "../report/report";
import { nameOf } from "../report/groups";
import { waiting } from "../waiting";
import type { Options } from "./args";
import { withLeftOut } from "./left-out";
import { withMisspelt } from "./misspelt";
import { readSteps, type Step, UnreadableError } from "./output";
import { type Listener, statusOf, type Status } from "./progress";
import type { Target } from "./targets";
import { limitsOf, unevaluated, withUnevaluated } from "./unevaluated";
import { failureOf, isRequired, report } from "./verdict";

/**
 * Previews the stacks, some of them side by side. One that fails hides no other; after an interrupt none is begun. The texts
 * of the reports are the program's: print none but by neutralReport.
 */
export async function previews(options: Options, targets: readonly Target[]): Promise<Report[]> {
  const configs = readConfigs(options.packs, options.configs); // Before the program runs, as the CLI reads them.
  const running = new Map<Target, Status>();
  let interrupted: string | undefined;
  const texts = (): string => [...running.values()].map(({ text }) => text()).join("; ");
  const { say, stop } = waiting(process.stderr, texts);
  const reports = await eachOf(targets, options.jobs, async (target) => {
    const { stack, roots } = target;
    if (interrupted !== undefined) return noVerdict([interrupted], stack, roots.manifest);
    const status = statusOf(stack);
    running.set(target, status);
    const name = targets.length === 1 ? "" : `[${nameOf({ stack, manifest: roots.manifest })}] `;
    const listener = {
      say: (line: string) => {
        say(`${name}${line}`);
      },
      step: status.step,
    };
    try {
      return await evaluated(options, target, listener, configs);
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
 * Previews one stack, and previews it again where the first run shows that it should have been another one:
 * - The organization requires this package's policy pack, so its copy decides, with its version and its configuration.
 * - The CLI takes no executable as a policy pack. Its version isn't asked for before: that takes longer than the executable saves.
 */
async function evaluated(options: Options, target: Target, listener: Listener, given: Configs): Promise<Report> {
  const run = await runPreview(options, target, listener);
  const { isOwnPack, packs } = options;
  if (isOwnPack && !(run.events instanceof UnreadableError) && isRequired(run.events)) {
    listener.say(
      "The organization requires this policy pack, so its copy decides: previewing again without the one that comes with " +
        "this command. --policy-pack none saves the first preview.",
    );
    const alone = { ...options, isOwnPack: false, packs: [], configs: [] };
    return evaluated(alone, target, listener, readConfigs([], []));
  }
  const found = await conclude(run, options, target, given);
  if (found.verdict !== "failed") return found;
  const version = await cliVersion();
  const [own = ""] = packs;
  const folder = ownFolder();
  if (isOwnPack && own !== folder && takesFoldersOnly(version)) {
    const inFolder = { ...options, packs: [folder] };
    return evaluated(inFolder, target, listener, { ...given, of: (path) => given.of(path === folder ? own : path) });
  }
  // The age of the CLI comes first if it is the reason.
  return { ...found, problems: [...tooOld(version, given.versioned), ...found.problems] };
}

async function conclude(
  { exitCode, stdout, events }: Run,
  options: Options,
  { stack, roots }: Target,
  configs: Configs,
): Promise<Report> {
  const { packs, extra, acceptUnevaluated } = options;
  try {
    if (events instanceof UnreadableError) throw events;
    const output = { events, steps: readSteps(stdout) };
    const reported = report(output, exitCode, packs.length, stack, roots, configs);
    const placed = reported.findings.length === 0 ? reported : await inSource(reported, output.steps, roots);
    const limits = limitsOf(extra, process.env);
    return withUnevaluated(
      withMisspelt(withLeftOut(placed, limits), options, configs),
      unevaluated(output.events, limits),
      acceptUnevaluated,
    );
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return noVerdict([...failureOf(exitCode), error.message], stack, roots.manifest);
  }
}

/** What reads the program's source is loaded only when something is found. It is a help: no verdict depends on it. */
async function inSource(report: Report, steps: readonly Step[], roots: Roots): Promise<Report> {
  try {
    const { withSource } = await import("../source/with-source.js");
    return withSource(report, steps, roots);
  } catch (error) {
    print(process.stderr, `The program's source was not read: ${traceOf(error)}`);
    return report;
  }
}
