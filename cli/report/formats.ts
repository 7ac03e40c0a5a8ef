import { codeQuality } from "./code-quality";
import { csv } from "./csv";
import WORDS from "./formats.json";
import { html } from "./html";
import { json } from "./json";
import { junit } from "./junit";
import { ocsf } from "./ocsf";
import { rdjson } from "./rdjson";
import type { Format } from "./report";
import { sarif } from "./sarif";
import { suggestions } from "./suggestions";
import { summary } from "./summary";

const RENDER = { sarif, summary, "code-quality": codeQuality, json, junit, rdjson, suggestions, html, csv, ocsf };

const of = <Name extends keyof typeof RENDER>(...names: Name[]) =>
  names.map((name) => ({ name, ...(WORDS as Record<Name, Words>)[name], render: RENDER[name] }));
type Words = Pick<Format, "help" | "withoutVerdict">;

/** The formats of a preview, in the order of the help. */
export const FORMATS = of("sarif", "summary", "code-quality", "json", "junit", "rdjson", "suggestions", "ocsf");

/** Those of an audit. */
export const AUDIT_FORMATS = of("summary", "html", "sarif", "json", "csv", "ocsf");

export type FormatName = (typeof FORMATS)[number]["name"];
