import { code, escape, fitted, prose, table, text } from "../report/markdown";
import { neutral } from "../report/neutral";
import { type Advice, type Cell, documentOf, type Section } from "./document";
import type { Audit } from "./report";

/** The report as Markdown, for a job's page, an issue or a wiki. */
export function markdown(audit: Audit): string {
  const { headline, isPass, sections, stacks, extent } = documentOf(audit);
  const lines = [
    `## ${isPass ? "✅" : "❌"} ${prose(headline)}`,
    ...["", `Audited on ${audit.date}.`, ""],
    ...[...sections, stacks].flatMap(section),
    extent,
  ];
  return neutral(fitted(lines));
}

function section({ title, heads, rows, policy, advice }: Section): string[] {
  const cells = rows.map(({ cells, note }) => {
    const all = cells.map(shown);
    return all.length === heads.length ? all : [...all, text(note ?? "")];
  });
  return [
    ...table(prose(title), heads, cells),
    ...(policy === undefined ? [] : [`Policy: ${code(policy)}.`, ""]),
    ...(advice === undefined ? [] : adviceLines(advice)),
  ];
}

function adviceLines({ heading, before, code, after }: Advice): string[] {
  return [
    ...[text([heading, ...before].join("\n")), ""],
    ...(code === undefined ? [] : [`<pre>${escape(code)}</pre>`, ""]),
    ...(after.length === 0 ? [] : [text(after.join("\n")), ""]),
  ];
}

function shown(cell: Cell): string {
  if (cell === undefined) return "–";
  if (typeof cell === "string") return prose(cell);
  if ("code" in cell) return code(cell.code);
  return `<span title="${escape(cell.urn)}">${code(cell.name)}<br>${code(cell.type)}</span>`;
}
