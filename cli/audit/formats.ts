import { EXIT_CODES } from "../command";
import type { Report } from "../report/report";
import type { Product } from "../report/repository";
import { sarif } from "../report/sarif";
import { csv } from "./csv";
import { page } from "./html";
import { json } from "./json";
import { markdown } from "./markdown";
import { type Audit, exitCodeOf, findingsOf } from "./report";

/** The files that an audit can be written to: the flag, its line in the help, and the format. */
export const FORMATS = [
  { name: "summary", help: "Markdown", render: markdown },
  { name: "html", help: "a page to read in a browser and to print", render: page },
  { name: "sarif", help: "SARIF 2.1.0", render: (audit: Audit, own: Product) => sarif(asReport(audit), own) },
  { name: "json", help: "everything, for a program (docs/audit.schema.json)", render: json },
  { name: "csv", help: "one row per finding", render: csv },
] as const satisfies readonly { name: string; help: string; render: (audit: Audit, own: Product) => string }[];

export type FormatName = (typeof FORMATS)[number]["name"];

/** As the report of a preview. A position is relative to its project's folder, which is all that a state tells. */
function asReport(audit: Audit): Report {
  const exitCode = exitCodeOf(audit);
  const verdicts = ["passed", "blocked", "failed"] as const;
  return {
    stack: "audit",
    notes: [],
    verdict: verdicts.find((each) => EXIT_CODES[each] === exitCode) ?? "failed",
    problems: audit.unreadable.map(({ name, reason }) => `${name}: ${reason}`),
    packs: [],
    findings: findingsOf(audit),
    remediations: [],
    manifest: "Pulumi.yaml",
  };
}
