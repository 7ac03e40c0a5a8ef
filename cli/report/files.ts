import { accessSync, constants, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { STDOUT } from "../options";
import { printPatch } from "./neutral";

/** A report can't be written; the message names the file and says why. Told by its name, as a UsageError is. */
export class ReportError extends Error {
  override readonly name = "ReportError";
}

/**
 * Tells before any work is done that a report could not be written at its end.
 * @throws ReportError
 */
export function checkFolder(file: string): void {
  const folder = dirname(file);
  orReportError(file, () => {
    if (!existsSync(folder)) throw new Error(`there is no folder ${folder}; make it first`);
    accessSync(folder, constants.W_OK);
  });
}

/**
 * Takes an earlier run's report away, so that what stands there later is of this run or nothing.
 * @throws ReportError
 */
export function clear(file: string): void {
  if (file === STDOUT) return;
  checkFolder(file);
  orReportError(file, () => {
    rmSync(file, { force: true });
  });
}

/**
 * Writes a file, or stdout, whole or not at all: under another name first, which a rename then makes the file.
 * @throws ReportError
 */
export function writeWhole(file: string, text: string): void {
  if (file === STDOUT) {
    printPatch(process.stdout, text, process.env);
    return;
  }
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  orReportError(file, () => {
    try {
      writeFileSync(draft, text);
      renameSync(draft, file);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  });
}

function orReportError(file: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new ReportError(`the report ${file} can't be written: ${(error as Error).message}`);
  }
}
