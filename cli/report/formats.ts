import { codeQualityFormat } from "./code-quality";
import { csvFormat } from "./csv";
import { htmlFormat } from "./html";
import { jsonFormat } from "./json";
import { junitFormat } from "./junit";
import { rdjsonFormat } from "./rdjson";
import type { Format } from "./report";
import { sarifFormat } from "./sarif";
import { suggestionsFormat } from "./suggestions";
import { summaryFormat } from "./summary";

/** The formats of a preview, in the order of the help. */
export const FORMATS = [
  sarifFormat,
  summaryFormat,
  codeQualityFormat,
  jsonFormat,
  junitFormat,
  rdjsonFormat,
  suggestionsFormat,
] as const satisfies readonly Format[];

/** Those of an audit. */
export const AUDIT_FORMATS = [
  summaryFormat,
  htmlFormat,
  sarifFormat,
  jsonFormat,
  csvFormat,
] as const satisfies readonly Format[];

export type FormatName = (typeof FORMATS)[number]["name"];
export type AuditFormatName = (typeof AUDIT_FORMATS)[number]["name"];
