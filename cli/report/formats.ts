import { codeQualityFormat } from "./code-quality";
import { jsonFormat } from "./json";
import { junitFormat } from "./junit";
import type { Link } from "./links";
import type { Report } from "./report";
import { rdjsonFormat } from "./rdjson";
import type { Product } from "./repository";
import { sarifFormat } from "./sarif";
import { suggestionsFormat } from "./suggestions";
import { summaryFormat } from "./summary";

/** What a format may need beside the report. */
export interface Context {
  /** This package. */
  readonly product: Product;
  /** How a line is linked, where the forge is known. */
  readonly link: Link | undefined;
}

/** A file that a report is written to. */
export interface Format {
  /** The flag that names the file, without its dashes. */
  readonly name: string;
  /** The flag's line in the help. */
  readonly help: string;
  /**
   * What it tells of stacks without a verdict. Tools take a report with no finding for a pass and close what they had open.
   * So one that has no way to say so is written without those stacks, if it tells the stacks apart, or else not at all.
   */
  readonly tells: "no verdict" | "stacks" | "verdicts";
  readonly render: (reports: readonly Report[], context: Context) => string;
}

/** Every format, in the order of the help. */
export const FORMATS = [
  sarifFormat,
  summaryFormat,
  codeQualityFormat,
  jsonFormat,
  junitFormat,
  rdjsonFormat,
  suggestionsFormat,
] as const satisfies readonly Format[];

export type FormatName = (typeof FORMATS)[number]["name"];
