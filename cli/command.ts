/*
 * What every command has in common. A command is a room of its own: a folder with a `command.ts`, and a line in main.ts.
 */

/** The arguments can't be understood; the message says why. */
export class UsageError extends Error {}

/** Nothing blocks; something does; there is no verdict. */
export const EXIT_CODES = { passed: 0, blocked: 1, failed: 2 } as const;

export interface Command {
  readonly name: string;
  /** One line for the program's help. */
  readonly summary: string;
  /** The text of its help; of a command that is loaded only when it is called, it is printed by `--help`. */
  readonly usage?: string;
  /**
   * Runs with the program's arguments and tells the exit code.
   * @throws UsageError
   */
  readonly run: (argv: readonly string[]) => Promise<number>;
}
