import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A report can't be written; the message names the file and says why. */
export class ReportError extends Error {}

/**
 * Takes an earlier run's report away and makes its folder, so that what stands there later is of this run or nothing.
 * @throws ReportError
 */
export function clear(file: string): void {
  orReportError(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
  });
}

/**
 * Writes a file whole or not at all: under another name first, which a rename then makes the file.
 * @throws ReportError
 */
export function writeWhole(file: string, text: string): void {
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
