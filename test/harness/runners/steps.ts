/** Runs the steps of a composite action as GitHub's runner does, except what is in other repositories. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { run } from "../engine/command";
import { isRun, renderedAll, type Context } from "./expressions";

type Texts = Readonly<Record<string, string>>;

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | boolean>>;
  readonly shell?: string;
  readonly run?: string;
  readonly env?: Texts;
  readonly "continue-on-error"?: boolean;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const read = (file: string): unknown => parse(readFileSync(file, "utf8"));
export const readAction = (folder: string): Action => read(join(folder, "action.yml")) as Action;

/** A composite action's steps, or those of a workflow's only job. */
export function stepsOf(file: string): readonly Step[] {
  const document = read(file) as { runs?: Action["runs"]; jobs?: Record<string, Action["runs"]> };
  return (document.runs ?? Object.values(document.jobs ?? {})[0])?.steps ?? [];
}

interface Where {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The runner's folder for temporary files. */
  readonly temp: string;
}

export interface StepResult {
  readonly failed: boolean;
  readonly log: string;
  /** What the job's page shows. */
  readonly summary: string;
  readonly outputs: Texts;
  /** What the step adds to the environment of later steps. */
  readonly env: Texts;
}

export interface Outcome extends StepResult {
  /** The steps that were run, also in actions of this repository; those of other repositories by their names. */
  readonly ran: readonly string[];
  /** What the actions of other repositories, which don't run here, were given. */
  readonly given: Readonly<Record<string, Texts>>;
}

/** A composite action in a folder of its own. */
export async function runAction(
  folder: string,
  inputs: Texts,
  context: Context,
  where: Where,
  isCancelled = false,
): Promise<Outcome> {
  const action = readAction(folder);
  const inputsOf = Object.entries(action.inputs);
  const defaults = Object.fromEntries(inputsOf.map(([name, input]) => [name, input.default ?? ""]));
  const own = { github: context.github, inputs: { ...(await renderedAll(defaults, context)), ...inputs } };
  const known: Record<string, { outputs: object }> = {};
  const ran: string[] = [];
  const given: Record<string, Texts> = {};
  let env: NodeJS.ProcessEnv = { ...where.env, GITHUB_ACTION_PATH: folder };
  let [failed, log, summary] = [false, "", ""];
  for (const step of action.runs.steps) {
    const current = { ...own, steps: known };
    const status = isCancelled ? "cancelled" : failed ? "failure" : "success";
    if (!(await isRun(step.if, current, (name) => [status, "always"].includes(name)))) continue;
    ran.push(step.name ?? step.uses ?? step.run ?? "");
    const more = await renderedAll(step.with, current);
    if (step.uses !== undefined && !step.uses.startsWith("./")) {
      given[step.uses.replace(/@.*/, "")] = more;
      continue;
    }
    const inner = { ...where, env: { ...env, ...(await renderedAll(step.env, current)) } };
    const done: StepResult & Partial<Outcome> =
      step.uses === undefined
        ? await runStep(step, current, { ...where, env })
        : await runAction(join(where.cwd, step.uses), more, current, inner);
    ran.push(...(done.ran ?? []));
    Object.assign(given, done.given);
    env = { ...env, ...done.env };
    if (step.id !== undefined) known[step.id] = { outputs: done.outputs };
    log += done.log;
    summary += done.summary;
    failed ||= done.failed && step["continue-on-error"] !== true;
  }
  const values = Object.fromEntries(Object.entries(action.outputs).map(([name, { value }]) => [name, value]));
  const outputs = await renderedAll(values, { ...own, steps: known });
  return { failed, log, summary, outputs, env: {}, ran, given };
}

/** Runs the script of one step. */
export async function runStep(step: Step, context: Context, { cwd, env, temp }: Where): Promise<StepResult> {
  const folder = mkdtempSync(join(temp, "step-"));
  const written = (name: string, text = "") => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const [script, output] = [written("run.sh", step.run), written("output")];
  const [added, summary] = [written("env"), written("summary.md")];
  const flags = step.shell === "bash" ? ["--noprofile", "--norc", "-e", "-o", "pipefail"] : ["-e"];
  const { code, stdout, stderr } = await run("bash", [...flags, script], {
    cwd,
    env: {
      ...env,
      ...{ GITHUB_ACTIONS: "true", RUNNER_TEMP: temp, GITHUB_STEP_SUMMARY: summary },
      ...{ GITHUB_OUTPUT: output, GITHUB_ENV: added },
      ...(await renderedAll(step.env, context)),
    },
  });
  const [outputs = {}, more = {}] = [output, added].map((file) => {
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    return Object.fromEntries(lines.map((line) => /^(.*?)=(.*)$/.exec(line)?.slice(1) ?? [line, ""])) as Texts;
  });
  const log = stdout + stderr;
  return { failed: code !== 0, log, outputs, env: more, summary: readFileSync(summary, "utf8") };
}
