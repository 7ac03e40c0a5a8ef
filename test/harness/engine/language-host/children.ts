/** The programs and plugins that the language host has started, so that none of them outlives it. */
import { spawn } from "node:child_process";
import type { ChildProcess, SpawnOptions } from "node:child_process";

const running = new Set<ChildProcess>();
/** How long a child may take over ending by itself before it is killed. */
const GRACE_MS = 2000;

/** How a child ended: its exit code, or the signal that ended it. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** How Pulumi's own host reports a child that failed. One that a signal ended has no exit code, which is -1 in Go. */
export const badEnd = ({ code }: Ending): string => `Program exited with non-zero exit code: ${String(code ?? -1)}`;

/** Starts a command; `done` settles when it has ended and its output has been read. Rejects when it can't be started. */
export function start(command: string, args: string[], options: SpawnOptions) {
  const child = spawn(command, args, options);
  running.add(child);
  const done = new Promise<Ending>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ code, signal });
    });
  }).finally(() => running.delete(child));
  return { child, done };
}

/** Asks a child to end, and kills it when it doesn't. */
export function stop(child: ChildProcess): void {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), GRACE_MS).unref();
}

/** Kills every child at once: the host itself is ending and can't wait for them. */
export function stopChildren(): void {
  for (const child of running) child.kill("SIGKILL");
}
