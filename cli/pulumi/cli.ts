import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/* The one place that starts the Pulumi CLI. */

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

export class InterruptedError extends RunError {}

export interface Options {
  /** The folder to run in: this process's own if left out. */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Gets each line of stderr as soon as it is whole. */
  readonly say?: (line: string) => void;
  readonly limitMs?: number;
}

/** How long the CLI may take to stop its plugins before it is killed. GitHub's runner ends a canceled job after ten seconds. */
const GRACE_MS = 7000;

/**
 * By these a process of a job speaks to GitHub's runner, in a step's place: files to write commands to, and the tokens of
 * its services (artifacts, caches). `ACTIONS_ID_TOKEN_REQUEST_*` is not among them: the AWS provider and Pulumi itself get
 * their credentials by it where a program uses OIDC.
 */
const TO_THE_RUNNER =
  /^(GITHUB_(OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)|ACTIONS_(RUNTIME_TOKEN|RUNTIME_URL|RESULTS_URL|CACHE_URL))$/i;

/** A timer takes no longer than these 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

const HAS_GROUPS = process.platform !== "win32";
const INTERRUPTS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs `pulumi` with these arguments. The first interrupt asks the CLI to stop, as Ctrl-C would; a second one, or the end of
 * the grace period, kills its whole process group.
 * @throws RunError when it can't be started, takes longer than its limit, is ended by a signal, or this process is interrupted
 */
export function pulumi(args: readonly string[], options: Options = {}): Promise<Finished> {
  const { cwd = process.cwd(), say = () => undefined, limitMs = LONGEST_MS } = options;
  // The CLI hands its environment on to the program.
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !TO_THE_RUNNER.test(name)));
  // PWD, as a shell sets it: a pack that a language host runs learns from it where the program is.
  const env = { ...own, PWD: cwd, ...options.env };
  return new Promise((done, fail) => {
    let reason: RunError | undefined;
    let grace: NodeJS.Timeout | undefined;
    const kill = (): void => {
      if (cli.pid === undefined) return;
      try {
        if (HAS_GROUPS) process.kill(-cli.pid, "SIGKILL");
        else cli.kill("SIGKILL");
      } catch {
        // It ended in the meantime.
      }
    };
    const interrupt = (signal: NodeJS.Signals): void => {
      if (reason instanceof InterruptedError) {
        kill();
        return;
      }
      reason = new InterruptedError(`interrupted by ${signal}`);
      cli.kill("SIGINT");
      grace = setTimeout(kill, GRACE_MS);
    };
    // Listened for before there is a CLI: an interrupt that came in between would end this process and leave the CLI.
    for (const signal of INTERRUPTS) process.on(signal, interrupt);
    // A process group of its own: a Ctrl-C would reach the CLI twice otherwise, and at the second it gives up on stopping its plugins.
    const cli = spawn("pulumi", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: HAS_GROUPS });
    const limit = setTimeout(() => {
      reason ??= new RunError(`pulumi gave no answer in ${limitMs / 1000} s`);
      kill();
    }, limitMs);
    const ended = (): void => {
      clearTimeout(limit);
      clearTimeout(grace);
      for (const signal of INTERRUPTS) process.off(signal, interrupt);
    };
    const chunks: Buffer[] = [];
    const errors: string[] = [];
    cli.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    // A lone CR ends a line here, as for GitHub's runner.
    createInterface({ input: cli.stderr, crlfDelay: Infinity }).on("line", (line) => {
      errors.push(line);
      say(line);
    });
    cli.on("error", (error: NodeJS.ErrnoException) => {
      ended();
      const isMissing = error.code === "ENOENT";
      const why = isMissing ? `there is no pulumi on the PATH, or no folder ${cwd}` : error.message;
      fail(new RunError(`pulumi could not be started: ${why}`, isMissing));
    });
    cli.on("close", (exitCode, signal) => {
      ended();
      if (reason !== undefined) fail(reason);
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

/** The CLI's text on stderr, without the word that it begins with. */
export function reasonIn({ stderr }: Pick<Finished, "stderr">): string {
  return stderr.trim().replace(/^error: /, "");
}
