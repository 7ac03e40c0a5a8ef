import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Options } from "./args";
import type { Target } from "./targets";
import { eachLine } from "./each-line";
import { withoutRunner } from "./environment";
import { follow } from "./event-log";
import type { Event } from "./events";
import type { UnreadableError } from "./output";
import { type Listener, tell } from "./progress";

/** How a run of the CLI ended, and what it wrote. */
export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  /** Or why they can't be read. */
  readonly events: readonly Event[] | UnreadableError;
}

/** There was no run of the CLI from which anything could be concluded; the message says why. */
export class RunError extends Error {}

/** This process was told to stop. */
export class InterruptedError extends RunError {}

/** How long the CLI may take to stop its plugins before it is ended. GitHub's runner ends a cancelled job after ten seconds. */
const GRACE_MS = 7000;

/**
 * Runs `pulumi preview` once. The listener gets each line that it prints to stderr, and what the program and the engine
 * report meanwhile, which the CLI keeps to itself when it prints JSON.
 * @throws RunError when the CLI can't be started, is ended by a signal, or this process is interrupted
 */
export async function runPreview(options: Options, { stack, cwd }: Target, listener: Listener): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-preview-"));
  const eventLog = join(folder, "events.json");
  const log = follow(eventLog, (event) => {
    tell(event, listener);
  });
  try {
    const { exitCode, stdout } = await execute(argumentsFor(options, stack, eventLog), cwd, listener.say);
    return { exitCode, stdout, events: log.end() };
  } finally {
    log.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

export function argumentsFor(options: Options, stack: string, eventLog: string): string[] {
  return [
    "preview",
    "--non-interactive",
    ...["--stack", stack],
    ...["--json", "--event-log", eventLog, "--color", "never"],
    "--show-sames", // Without it the steps lack what doesn't change, and with it the place that made it.
    "--show-replacement-steps", // Without it they lack when the old one of a replacement goes.
    ...options.packs.flatMap((pack) => ["--policy-pack", listItem(pack)]),
    ...options.configs.flatMap((config) => ["--policy-pack-config", listItem(config)]),
    ...options.extra,
  ];
}

/** The CLI reads these flags as lists in CSV form, so that a comma in a path would make it two. */
function listItem(path: string): string {
  return /[",\r\n]/.test(path) ? `"${path.replace(/"/g, '""')}"` : path;
}

function execute(
  args: string[],
  cwd: string,
  say: (line: string) => void,
): Promise<{ exitCode: number; stdout: string }> {
  // Asked for by the documentation of --event-log; and a document at the end, whatever the user set, not a stream.
  const env = {
    ...withoutRunner(process.env),
    PULUMI_DEBUG_COMMANDS: "true",
    PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "false",
  };
  return new Promise((done, fail) => {
    // Listened for before there is a CLI: an interrupt that came in between would end this process and leave the CLI.
    const interruption = passOnInterrupts(() => cli);
    // A process group of its own: of a Ctrl-C the CLI would get its own copy beside the one passed on here, and the
    // second makes it give up on stopping its plugins.
    const cli = spawn("pulumi", args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: ownGroups,
    });
    const chunks: Buffer[] = [];
    cli.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    eachLine(cli.stderr, say);
    cli.on("error", (error: NodeJS.ErrnoException) => {
      interruption.end();
      const missing =
        error.code === "ENOENT" ? `there is no pulumi on the PATH, or no folder ${cwd}` : error.message;
      fail(new RunError(`pulumi could not be started: ${missing}`));
    });
    cli.on("close", (exitCode, signal) => {
      interruption.end();
      if (interruption.by() !== undefined)
        fail(new InterruptedError(`interrupted by ${interruption.by() ?? ""}`));
      else if (exitCode === null) fail(new RunError(`pulumi was ended by ${signal ?? "a signal"}`));
      else {
        try {
          done({ exitCode, stdout: Buffer.concat(chunks).toString("utf8") });
        } catch (error) {
          fail(new RunError(`the preview's JSON output can't be read: ${(error as Error).message}`)); // Over 512 MB.
        }
      }
    });
  });
}

const ownGroups = process.platform !== "win32";
const INTERRUPTS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The first interrupt asks the CLI to stop, as Ctrl-C would; a second, or the end of the grace, ends its whole group. */
function passOnInterrupts(cli: () => ChildProcess): {
  by: () => NodeJS.Signals | undefined;
  end: () => void;
} {
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
