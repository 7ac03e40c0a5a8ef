/** Runs the shell steps of an action or a workflow as GitHub's runner does. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parse } from "yaml";

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A composite action's steps, or those of a workflow's only job. */
export function stepsOf(file: string): Step[] {
  const document = parse(readFileSync(file, "utf8")) as {
    runs?: { steps: Step[] };
    jobs?: Record<string, { steps: Step[] }>;
  };
  const [job] = Object.values(document.jobs ?? {});
  return document.runs?.steps ?? job?.steps ?? [];
}

/** Replaces `${{ context.path }}`; anything more than a path would not be understood, and throws. */
export function rendered(value: string, context: Readonly<Record<string, string>>): string {
  return value.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, path: string) => {
    const found = context[path];
    if (found === undefined) throw new Error(`nothing is known of ${path}`);
    return found;
  });
}

export interface StepResult {
  readonly code: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What the step adds to the environment of later steps. */
  readonly env: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs one step. `temp` is the runner's folder for temporary files. */
export async function runStep(
  step: Step,
  context: Readonly<Record<string, string>>,
  { cwd, env, temp }: { cwd: string; env: NodeJS.ProcessEnv; temp: string },
): Promise<StepResult> {
  const folder = mkdtempSync(join(temp, "step-"));
  const files = { script: join(folder, "run.sh"), output: join(folder, "output"), env: join(folder, "env") };
  const summary = join(folder, "summary.md");
  writeFileSync(files.script, step.run ?? "");
  for (const file of [files.output, files.env, summary]) writeFileSync(file, "");
  const own = Object.entries(step.env ?? {}).map(([name, value]) => [name, rendered(value, context)]);
  const flags = step.shell === "bash" ? ["--noprofile", "--norc", "-e", "-o", "pipefail"] : ["-e"];
  const child = spawn("bash", [...flags, files.script], {
    cwd,
    env: {
      ...env,
      ...{ GITHUB_ACTIONS: "true", RUNNER_TEMP: temp, GITHUB_STEP_SUMMARY: summary },
      ...{ GITHUB_OUTPUT: files.output, GITHUB_ENV: files.env },
      ...(Object.fromEntries(own) as Record<string, string>),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const code = new Promise<number | null>((done) => child.on("close", done));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return {
    code: await code,
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
