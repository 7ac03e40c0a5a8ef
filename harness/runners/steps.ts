/** Runs the steps of a composite action as GitHub's runner does, except what is in other repositories. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { run } from "../engine/command";
import { isRun, renderedAll, type Context } from "./expressions";

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | boolean>>;
  readonly shell?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly "continue-on-error"?: boolean;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

interface Workflow {
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const read = (file: string): unknown => parse(readFileSync(file, "utf8"));
export const readAction = (folder: string): Action => read(join(folder, "action.yml")) as Action;

/** A composite action's steps, or those of a workflow's only job. */
export function stepsOf(file: string): readonly Step[] {
  const document = read(file) as Partial<Action & Workflow>;
  const [job] = Object.values(document.jobs ?? {});
  return document.runs?.steps ?? job?.steps ?? [];
}

interface Where {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The runner's folder for temporary files. */
  readonly temp: string;
}

export interface Outcome {
  readonly failed: boolean;
  readonly log: string;
  /** What the job's page shows. */
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The steps that were run, also in actions of this repository; those of other repositories by their names. */
  readonly ran: readonly string[];
  /** What the actions of other repositories, which don't run here, were given. */
  readonly given: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A composite action in a folder of its own. */
export async function runAction(
  folder: string,
  inputs: Readonly<Record<string, string>>,
  context: Context,
  where: Where,
  isCancelled = false,
): Promise<Outcome> {
  const action = readAction(folder);
  const defaults = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? ""]),
  );
  const own = { github: context.github, inputs: { ...(await renderedAll(defaults, context)), ...inputs } };
  const env = { ...where.env, GITHUB_ACTION_PATH: folder };
  const outcome = await runSteps(action.runs.steps, own, { ...where, env }, isCancelled);
  const values = Object.entries(action.outputs).map(([name, { value }]) => [name, value]);
  const steps = { steps: outcome.steps };
  return {
    ...outcome,
    outputs: await renderedAll(Object.fromEntries(values) as Record<string, string>, { ...own, ...steps }),
  };
}

async function runSteps(
  steps: readonly Step[],
  context: Context,
  where: Where,
  isCancelled = false,
): Promise<Outcome & { steps: object }> {
  const known: Record<string, { outputs: object }> = {};
  const ran: string[] = [];
  const given: Record<string, Readonly<Record<string, string>>> = {};
  let { env } = where;
  let [failed, log, summary] = [false, "", ""];
  for (const step of steps) {
    const current = { ...context, steps: known };
    const status: Record<string, boolean> = {
      ...{ success: !failed && !isCancelled, failure: failed && !isCancelled },
      ...{ cancelled: isCancelled, always: true },
    };
    if (!(await isRun(step.if, current, (name) => status[name] === true))) continue;
    const name = step.name ?? step.uses ?? step.run ?? "";
    ran.push(name);
    if (step.uses !== undefined && !step.uses.startsWith("./")) {
      given[step.uses.replace(/@.*/, "")] = await renderedAll(step.with, current);
      continue;
    }
    const done =
      step.uses === undefined
        ? await runStep(step, current, { ...where, env })
        : await runAction(join(where.cwd, step.uses), await renderedAll(step.with, current), current, {
            ...where,
            env: { ...env, ...(await renderedAll(step.env, current)) },
          });
    if ("ran" in done) {
      ran.push(...done.ran);
      Object.assign(given, done.given);
    }
    if ("env" in done) env = { ...env, ...done.env };
    if (step.id !== undefined) known[step.id] = { outputs: done.outputs };
    log += done.log;
    summary += done.summary;
    failed ||= done.failed && step["continue-on-error"] !== true;
  }
  return { failed, log, summary, outputs: {}, ran, given, steps: known };
}

export interface StepResult {
  readonly failed: boolean;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What the step adds to the environment of later steps. */
  readonly env: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs the script of one step. */
export async function runStep(step: Step, context: Context, { cwd, env, temp }: Where): Promise<StepResult> {
  const folder = mkdtempSync(join(temp, "step-"));
  const files = { script: join(folder, "run.sh"), output: join(folder, "output"), env: join(folder, "env") };
  const summary = join(folder, "summary.md");
  writeFileSync(files.script, step.run ?? "");
  for (const file of [files.output, files.env, summary]) writeFileSync(file, "");
  const flags = step.shell === "bash" ? ["--noprofile", "--norc", "-e", "-o", "pipefail"] : ["-e"];
  const { code, stdout, stderr } = await run("bash", [...flags, files.script], {
    cwd,
    env: {
      ...env,
      ...{ GITHUB_ACTIONS: "true", RUNNER_TEMP: temp, GITHUB_STEP_SUMMARY: summary },
      ...{ GITHUB_OUTPUT: files.output, GITHUB_ENV: files.env },
      ...(await renderedAll(step.env, context)),
    },
  });
  return {
    failed: code !== 0,
    log: stdout + stderr,
    outputs: assignments(files.output),
    env: assignments(files.env),
    summary: readFileSync(summary, "utf8"),
  };
}

function assignments(file: string): Record<string, string> {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
