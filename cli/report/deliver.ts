import { rmSync } from "node:fs";
import { packageFolder, product } from "../own-package";
import { ReportError, writeWhole } from "./files";
import { FORMATS, type FormatName } from "./formats";
import { linker } from "./links";
import { neutralReport } from "./neutral";
import { type Context, type Format, type Report, worst } from "./report";

/** The file of each report that was asked for. */
export type Files = Readonly<Partial<Record<FormatName, string>>>;

/** Writes the reports. Where one can't be written there is no verdict, and those that are there don't say another thing. */
export function deliver(results: readonly Report[], files: Files): readonly Report[] {
  const context = { product: product(packageFolder()), link: linker(process.env) };
  const writeAll = (reports: readonly Report[]): string[] =>
    FORMATS.flatMap((format) => {
      const file = files[format.name];
      const text = file === undefined ? undefined : rendered(format, reports, context);
      try {
        if (file !== undefined && text !== undefined) writeWhole(file, text);
        return [];
      } catch (error) {
        if (error instanceof ReportError) return [error.message];
        throw error;
      }
    });
  const failures = writeAll(results);
  if (failures.length === 0) return results;
  const failed = results.map((result) =>
    neutralReport({ ...result, verdict: "failed", problems: [...result.problems, ...failures] }),
  );
  for (const { name, withoutVerdict } of FORMATS) {
    const file = files[name];
    if (file !== undefined && withoutVerdict !== "say so") discard(file);
  }
  writeAll(failed);
  return failed;
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // What is there instead of the report is not of this run.
  }
}

/** What a format says of the results; undefined where it has no way to say it. */
export function rendered(format: Format, results: readonly Report[], context: Context): string | undefined {
  const { withoutVerdict, render } = format;
  if (withoutVerdict === "write nothing" && worst(results) === "failed") return undefined;
  const isIn = ({ verdict }: Report): boolean => withoutVerdict !== "leave the stack out" || verdict !== "failed";
  const reports = results.filter(isIn);
  return reports.length === 0 ? undefined : render(reports, context);
}
