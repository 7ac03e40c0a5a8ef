/* What the commands have in common. */
import { readFileSync } from "node:fs";

/** As it is called on a command line. */
export const PROGRAM = "s3-public-access-block";

/** The arguments can't be understood; the message says why. Recognized by its name: each bundle has a class of its own. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** 0 passed, 1 blocked, 2 no verdict. */
export const EXIT_CODES = { passed: 0, blocked: 1, failed: 2 } as const;

/** The text of a file; undefined where it can't be read. */
export function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** An error that nobody expected, for a log: without its cause and its other properties, which may hold a secret. */
export function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
