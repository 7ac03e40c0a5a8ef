import { accessSync, constants, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { STDOUT } from "../options";
import { printPatch } from "./neutral";

/** A report can't be written; the message names the file and says why. Recognized by its name, as a UsageError is. */
export class ReportError extends Error {
  override readonly name = "ReportError";
}

/** Finds out before any work is done whether a report could not be written at its end. @throws ReportError */
export const checkFolder = orReportError((file) => {
  const folder = dirname(file);
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder}; make it first`);
  accessSync(folder, constants.W_OK);
});

/**
 * Takes an earlier run's report away, so that what stands there later is of this run or nothing.
 * @throws ReportError
 */
export const clear = orReportError((file) => {
  if (file === STDOUT) return;
  checkFolder(file);
  rmSync(file, { force: true });
});

/**
 * Writes a file, or stdout, whole or not at all: under another name first, which a rename then makes the file.
 * @throws ReportError
 */
export const writeWhole = orReportError((file, text: string) => {
  if (file === STDOUT) {
    printPatch(process.stdout, text, process.env);
    return;
  }
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
});

export function orReportError<More extends unknown[]>(act: (file: string, ...more: More) => void): typeof act {
  return (file, ...more) => {
    try {
      act(file, ...more);
    } catch (error) {
      if (error instanceof ReportError) throw error;
      throw new ReportError(`the report ${file} can't be written: ${(error as Error).message}`);
    }
  };
}
