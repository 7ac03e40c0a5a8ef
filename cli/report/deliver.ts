import { rmSync } from "node:fs";
import { STDOUT } from "../options";
import { product } from "../own-package";
import { ReportError, writeWhole } from "./files";
import { FORMATS, type FormatName } from "./formats";
import { linker } from "./links";
import { neutralReport } from "./neutral";
import { type Context, type Format, type Report, worst } from "./report";

/** The file of each report that was asked for. */
export type Files = Readonly<Partial<Record<FormatName, string>>>;

/** Writes the reports. Where one can't be written there is no verdict, and those that are there don't say another thing. */
export function deliver(results: readonly Report[], reports: Files): readonly Report[] {
  const context = { product: product(), time: new Date().toISOString(), link: linker(process.env) };
  const asked = FORMATS.flatMap((format) => [reports[format.name] ?? []].flat().map((file) => ({ format, file })));
  // Stdout comes last: what is there can't be taken back.
  const toFiles = asked.filter(({ file }) => file !== STDOUT);
  const toStdout = asked.filter(({ file }) => file === STDOUT);
  const writeAll = (what: readonly Report[], some: typeof asked): string[] =>
    some.flatMap(({ format, file }) => {
      try {
        const text = rendered(format, what, context);
        if (text !== undefined) writeWhole(file, text);
        return [];
      } catch (error) {
        if (error instanceof ReportError) return [error.message];
        throw error;
      }
    });
  const failures = writeAll(results, toFiles);
  if (failures.length === 0) {
    writeAll(results, toStdout);
    return results;
  }
  const failed = results.map((result) =>
    neutralReport({ ...result, verdict: "failed", problems: [...result.problems, ...failures] }),
  );
  for (const { file } of toFiles.filter(({ format }) => format.withoutVerdict !== "say so")) {
    try {
      rmSync(file, { force: true });
    } catch {
      // An older file in its place is not of this run.
    }
  }
  writeAll(failed, [...toFiles, ...toStdout]);
  return failed;
}

/** The results in a format; undefined if it can't express them. */
export function rendered(format: Format, results: readonly Report[], context: Context): string | undefined {
  const { withoutVerdict, render } = format;
  if (withoutVerdict === "write nothing" && worst(results) === "failed") return undefined;
  const isIn = ({ verdict }: Report): boolean => withoutVerdict !== "leave the stack out" || verdict !== "failed";
  const reports = results.filter(isIn);
  return reports.length === 0 ? undefined : render(reports, context);
}
