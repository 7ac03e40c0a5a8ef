/*
 * What every command has in common. A command is a room of its own: a folder with a `command.ts`, and a line in main.ts.
 */

/** The arguments can't be understood; the message says why. Recognized by its name: each bundle has a class of its own. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** 0 passed, 1 blocked, 2 no verdict. */
export const EXIT_CODES = { passed: 0, blocked: 1, failed: 2 } as const;

export interface Command {
  readonly name: string;
  /** One line for the program's help. */
  readonly summary: string;
  /** The text that `--help` prints. */
  readonly help: () => Promise<string>;
  /**
   * Runs with the arguments after the command's name. Returns the exit code.
   * @throws UsageError
   */
  readonly run: (argv: readonly string[]) => Promise<number>;
}

/** An error that nobody expected, for a log: without its cause and its other properties, which may hold a secret. */
export function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
