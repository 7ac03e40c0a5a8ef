import { spawn, type ChildProcess } from "node:child_process";
import { withoutRunner } from "./environment";
import { eachLine } from "./lines";

/*
 * The one place that starts the Pulumi CLI.
 */

/** How a run of the CLI ended, and its output. */
export interface Finished {
  readonly exitCode: number;
  /** Of a large state it is longer than a string can be. */
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** The CLI didn't run to its end; the message says why. */
export class RunError extends Error {
  /** @param isMissing whether there is no CLI on the PATH */
  constructor(
    message: string,
    readonly isMissing = false,
  ) {
    super(message);
  }
}

/** This process was interrupted. */
export class InterruptedError extends RunError {}

export interface Options {
  /** The folder to run in: this process's own if left out. */
  readonly cwd?: string;
  /** Environment variables to set besides. */
  readonly env?: NodeJS.ProcessEnv;
  /** Gets each line of stderr as soon as it is whole. */
  readonly say?: (line: string) => void;
  /** Milliseconds after which the CLI is ended. */
  readonly limitMs?: number;
}

/** How long the CLI may take to stop its plugins before it is ended. GitHub's runner ends a cancelled job after ten seconds. */
const GRACE_MS = 7000;

/**
 * Runs `pulumi` with these arguments.
 * @throws RunError when it can't be started, takes longer than its limit, is ended by a signal, or this process is interrupted
 */
export function pulumi(args: readonly string[], options: Options = {}): Promise<Finished> {
  const { cwd = process.cwd(), say = () => undefined, limitMs } = options;
  // PWD, as a shell sets it: a pack that a language host runs learns from it where the program is.
  const env = { ...withoutRunner(process.env), PWD: cwd, ...options.env };
  return new Promise((done, fail) => {
    // Listened for before there is a CLI: an interrupt that came in between would end this process and leave the CLI.
    const interruption = passOnInterrupts(() => cli);
    // A process group of its own: a Ctrl-C would reach the CLI twice otherwise, and at the second it gives up on stopping its plugins.
    const cli = spawn("pulumi", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: ownGroups });
    let isOverdue = false;
    const limit =
      limitMs === undefined
        ? undefined
        : setTimeout(() => {
            isOverdue = true;
            signalGroup(cli, "SIGKILL");
          }, limitMs);
    const ended = (): void => {
      clearTimeout(limit);
      interruption.end();
    };
    const chunks: Buffer[] = [];
    const errors: string[] = [];
    cli.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    eachLine(cli.stderr, (line) => {
      errors.push(line);
      say(line);
    });
    cli.on("error", (error: NodeJS.ErrnoException) => {
      ended();
      const isMissing = error.code === "ENOENT";
      const reason = isMissing ? `there is no pulumi on the PATH, or no folder ${cwd}` : error.message;
      fail(new RunError(`pulumi could not be started: ${reason}`, isMissing));
    });
    cli.on("close", (exitCode, signal) => {
      ended();
      const by = interruption.by();
      if (by !== undefined) fail(new InterruptedError(`interrupted by ${by}`));
      else if (isOverdue) fail(new RunError(`pulumi gave no answer in ${String((limitMs ?? 0) / 1000)} s`));
      else if (exitCode === null) fail(new RunError(`pulumi was ended by ${signal ?? "a signal"}`));
      else done({ exitCode, stdout: Buffer.concat(chunks), stderr: errors.join("\n") });
    });
  });
}

/** Runs a command that answers in a moment, and asks nothing. */
export function ask(args: readonly string[], options: Options = {}): Promise<Finished> {
  const env = { PULUMI_SKIP_UPDATE_CHECK: "true", ...options.env };
  return pulumi([...args, "--non-interactive", "--color", "never"], { ...options, env });
}

/** The text that the CLI printed. @throws RunError when it is longer than a string can be */
export function textOf({ stdout }: Pick<Finished, "stdout">): string {
  try {
    return stdout.toString("utf8");
  } catch (error) {
    throw new RunError(`pulumi's output can't be read: ${(error as Error).message}`);
  }
}

/** What the CLI printed to stderr, less the word that it begins with. */
export function reasonIn({ stderr }: Pick<Finished, "stderr">): string {
  return stderr.trim().replace(/^error: /, "");
}

const ownGroups = process.platform !== "win32";
const INTERRUPTS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The first interrupt asks the CLI to stop, as Ctrl-C would; a second, or the end of the grace, ends its whole group. */
function passOnInterrupts(cli: () => ChildProcess): { by: () => NodeJS.Signals | undefined; end: () => void } {
  let by: NodeJS.Signals | undefined;
  let grace: NodeJS.Timeout | undefined;
  const kill = (): void => {
    signalGroup(cli(), "SIGKILL");
  };
  const interrupt = (signal: NodeJS.Signals): void => {
    if (by !== undefined) {
      kill();
      return;
    }
    by = signal;
    cli().kill("SIGINT");
    grace = setTimeout(kill, GRACE_MS);
  };
  for (const signal of INTERRUPTS) process.on(signal, interrupt);
  return {
    by: () => by,
    end: () => {
      clearTimeout(grace);
      for (const signal of INTERRUPTS) process.off(signal, interrupt);
    },
  };
}

function signalGroup(cli: ChildProcess, signal: NodeJS.Signals): void {
  if (cli.pid === undefined) return;
  try {
    if (ownGroups) process.kill(-cli.pid, signal);
    else cli.kill(signal);
  } catch {
    // It ended in the meantime.
  }
}
