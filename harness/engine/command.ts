/** Runs a command to its end. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Kills the command when it takes longer. */
  limitMs?: number;
  /** Aborting it interrupts the command (SIGINT), as Ctrl-C does. */
  signal?: AbortSignal;
  /** Makes the command the leader of a process group of its own, with an stdin that ends when this process does. */
  group?: boolean;
}

export interface Finished {
  /** The exit code; -1 when a signal ended it or it could not be started. */
  code: number;
  stdout: string;
  stderr: string;
}

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Output as text. Colours are taken out: `@pulumi/pulumi` colours an unhandled error whatever it is told. */
const text = (chunks: Buffer[]) => stripVTControlCharacters(Buffer.concat(chunks).toString());

/** Runs a command without a terminal. Never rejects: a command that can't be started has code -1 and says why in stderr. */
export function run(command: string, args: string[], options: CommandOptions = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const { cwd, env = process.env, limitMs, signal, group = false } = options;
    const child = spawn(command, args, {
      cwd,
      env,
      detached: group,
      stdio: [group ? "pipe" : "ignore", "pipe", "pipe"],
    });
    running.add(child);
    // Not the option of spawn: its timer stays when the command can't be started, and keeps this process waiting for it.
    const limit = limitMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), limitMs);
    const interrupt = () => child.kill("SIGINT");
    signal?.addEventListener("abort", interrupt, { once: true });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on("data", (data: Buffer) => out.push(data));
    child.stderr?.on("data", (data: Buffer) => err.push(data));
    const finish = (code: number, more: string) => {
      clearTimeout(limit);
      running.delete(child);
      signal?.removeEventListener("abort", interrupt);
      resolve({ code, stdout: text(out), stderr: text(err) + more });
    };
    child.once("error", (error) => {
      finish(-1, error.message);
    });
    child.once("close", (code, ended) => {
      finish(code ?? -1, ended === null ? "" : `\n${command} was ended by ${ended}\n`);
    });
  });
}
