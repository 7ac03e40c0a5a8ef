/** Runs commands, by execa: to their end, or beside the tests. None outlives this process. */
import type { ChildProcess } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { execa, execaSync } from "execa";
import type { Result } from "execa";

export interface SyncOptions {
  cwd?: string;
  /** The whole environment; this process's own when it is left out. */
  env?: NodeJS.ProcessEnv;
  /** Kills the command when it takes longer. */
  limitMs?: number;
  /** The text on the command's stdin, which is empty otherwise. */
  input?: string;
  /**
   * Leaves the output as it is. Colors are taken out otherwise: `@pulumi/pulumi` colors an unhandled error whatever it is
   * told.
   */
  keepColors?: boolean;
}

export interface CommandOptions extends SyncOptions {
  /** Aborting it interrupts the command (SIGINT), as Ctrl-C does. */
  signal?: AbortSignal;
  /** Makes the command the leader of a process group of its own, with an stdin that ends when this process does. */
  group?: boolean;
  /** Gets the command while it is running. */
  started?: (command: Running) => unknown;
}

/** A command that is running. */
export type Running = Pick<ChildProcess, "pid" | "kill" | "stdout" | "stderr">;

export interface Finished {
  /** The exit code; -1 when a signal ended it or it could not be started. */
  code: number;
  stdout: string;
  stderr: string;
}

const COMMON = {
  extendEnv: false,
  reject: false,
  stripFinalNewline: false,
  maxBuffer: Infinity,
  /** At the time limit, and when this process ends. The leader of a group isn't killed then: the end of its stdin tells it. */
  killSignal: "SIGKILL",
} as const;

function execaOptions({ cwd, env = process.env, limitMs }: SyncOptions) {
  return { ...COMMON, env, ...(cwd !== undefined && { cwd }), ...(limitMs !== undefined && { timeout: limitMs }) };
}

/** The result of a command, by execa; one that can't be started may have no output. */
type Ended = Pick<Result<typeof COMMON>, "exitCode" | "signal" | "originalMessage"> &
  Partial<Record<"stdout" | "stderr", string>>;

function finished(command: string, ended: Ended, { keepColors = false }: SyncOptions): Finished {
  const { exitCode, signal, originalMessage = "", stdout = "", stderr = "" } = ended;
  const text = (output: string) => (keepColors ? output : stripVTControlCharacters(output));
  const more = signal === undefined ? originalMessage : `\n${command} was ended by ${signal}\n`;
  return { code: exitCode ?? -1, stdout: text(stdout), stderr: text(stderr) + (exitCode === undefined ? more : "") };
}

/** Runs a command without a terminal. Never rejects: a command that can't be started has code -1 and says why in stderr. */
export async function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  const { input, signal, group = false, started } = options;
  const running = execa(command, args, {
    ...execaOptions(options),
    detached: group,
    ...(input === undefined ? { stdin: group ? "pipe" : "ignore" } : { input }),
  });
  const interrupt = () => running.kill("SIGINT");
  signal?.addEventListener("abort", interrupt, { once: true });
  started?.(running);
  const ended = await running;
  signal?.removeEventListener("abort", interrupt);
  return finished(command, ended, options);
}

/** The same where nothing can be waited for, such as in the body of a `describe`. */
export function runSync(command: string, args: readonly string[], options: SyncOptions = {}): Finished {
  const { input } = options;
  const stdin = input === undefined ? { stdin: "ignore" as const } : { input };
  return finished(command, execaSync(command, args, { ...execaOptions(options), ...stdin }), options);
}

/**
 * The output of a command.
 * @throws Error with its stderr, or else its stdout, when it fails.
 */
export function outputOf(command: string, args: readonly string[], options: SyncOptions = {}): string {
  const { code, stdout, stderr } = runSync(command, args, options);
  if (code !== 0) throw new Error(`${[command, ...args].join(" ")} failed: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}

/** Starts a command that runs beside the tests. What it prints isn't kept: read its streams. Its stdin ends when this process does. */
export function start(command: string, args: readonly string[], options: Omit<SyncOptions, "input"> = {}) {
  return execa(command, args, { ...execaOptions(options), buffer: false });
}
