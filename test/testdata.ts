import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { filledIn } from "./policypack/cases";

/** A file of test/testdata, as text or as the YAML that it has. */
export const textOf = (file: string): string => readFileSync(join(__dirname, "testdata", file), "utf8");
export const testdata = (file: string): unknown => parse(textOf(file), { merge: true });

/** The cases of a file by title, each once for each row of its `each`, with the row's values and these in the place of their names. */
export function rowsOf(file: string, values: Record<string, unknown> = {}): [title: string, rows: unknown[]][] {
  return Object.entries(testdata(file) as Record<string, { each?: unknown[] }>).map(([title, each]) => {
    const { each: rows = [{}], ...written } = each;
    const isNamed = (row: unknown): row is object => typeof row === "object" && row !== null && !Array.isArray(row);
    return [title, rows.map((row) => filledIn(written, { ...values, ...(isNamed(row) ? row : { each: row }) }))];
  });
}
