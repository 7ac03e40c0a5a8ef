import { neutral } from "../report/neutral";
import { thousands } from "../report/words";
import { type Advice, type Cell, documentOf, type Section } from "./document";
import { type Audit, totalsOf } from "./report";

/** Text in which everything that means something in HTML has been escaped. */
class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | readonly Html[] | undefined;

/** Escapes what is put in, unless it is Html itself. */
function markup(fixed: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(fixed.reduce((text, next, at) => `${text}${textOf(parts[at - 1] ?? "")}${next}`));
}

function textOf(part: Exclude<Part, undefined>): string {
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(({ text }) => text).join("");
  return neutral(String(part)).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The report as a page of its own: no script, nothing loaded from anywhere, readable on a screen and on paper. */
export function page(audit: Audit): string {
  const { headline, isPass, sections, stacks, extent } = documentOf(audit);
  const { buckets, blocking, advisory, exempt } = totalsOf(audit);
  const tiles = Object.entries({
    ...{ stacks: audit.stacks.length, buckets, blocking, advisory, exempt },
    ...(audit.unreadable.length > 0 ? { "not evaluated": audit.unreadable.length } : {}),
  });
  const document = markup`<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${headline}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header class="${isPass ? "good" : "bad"}">
<p>S3 public access audit, ${audit.date}</p>
<h1>${headline}</h1>
</header>
<main>
<dl class="tiles">${tiles.map(([name, count]) => markup`<div><dt>${name}</dt><dd>${thousands(count)}</dd></div>`)}</dl>
${[...sections, stacks].map(section)}
<footer><p>${extent} Written by s3-public-access-block audit.</p></footer>
</main>
</body>
</html>
`;
  return `<!DOCTYPE html>\n${document.text}`;
}

function section({ title, kind, policy, advice, heads, rows }: Section): Html {
  if (rows.length === 0) return markup``;
  const lines = rows.map(({ cells, note }) => {
    const all = cells.map(shown);
    return all.length === heads.length ? all : [...all, markup`<span class="lines">${note}</span>`];
  });
  return markup`<section class="${kind}">
<h2>${title} <span>(${thousands(rows.length)})</span></h2>
${policy && markup`<p>Policy <code>${policy}</code></p>`}${advice && adviceOn(advice)}
<table>
<thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${lines.map((row) => markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table>
</section>
`;
}

function adviceOn({ heading, before, code, after }: Advice): Html {
  const words = (lines: readonly string[]): Part =>
    lines.length === 0 ? undefined : markup`<p class="lines">${lines.join("\n")}</p>`;
  return markup`<figure><figcaption>${heading}</figcaption>${words(before)}${
    code === undefined ? undefined : markup`<pre>${code}</pre>`
  }${words(after)}</figure>`;
}

function shown(cell: Cell): Html {
  if (cell === undefined || typeof cell === "string") return markup`${cell ?? "–"}`;
  if ("code" in cell) return markup`<code>${breakable(cell.code)}</code>`;
  return markup`<b>${cell.name}</b> <small>${cell.type}</small><small class="urn">${breakable(cell.urn)}</small>`;
}

/** Paths and URNs are long: a line breaks after a slash or two colons rather than anywhere. */
function breakable(text: string): Html {
  const [first, ...others] = text.split(/(?<=\/|::)/);
  return markup`${first}${others.map((part) => markup`<wbr />${part}`)}`;
}

const STYLE = `
:root { --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --ground: #ffffff; --shade: #f6f8fa; --bad: #cf222e; --good: #1a7f37; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --ground: #0d1117; --shade: #151b23; --bad: #f85149; --good: #3fb950; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
header, main { max-width: 72rem; margin: 0 auto; padding: 0 1.5rem; }
header { border-left: 6px solid var(--good); margin-top: 2rem; }
header.bad { border-left-color: var(--bad); }
header p, footer, section > p, small, figcaption { color: var(--soft); }
header p { margin: 0; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 2.5rem 0 0.25rem; font-size: 1.15rem; }
h2 span { color: var(--soft); font-weight: normal; }
section > p { margin: 0 0 0.5rem; font-size: 0.85rem; }
.blocking h2 { color: var(--bad); }
.tiles { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 1.5rem 0 0; }
.tiles div { flex: 1 1 7rem; padding: 0.6rem 0.9rem; border: 1px solid var(--line); border-radius: 6px; background: var(--shade); }
.tiles dt { color: var(--soft); font-size: 0.85rem; }
.tiles dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: var(--shade); font-size: 0.85rem; white-space: nowrap; }
.stacks th:not(:first-child), .stacks td:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; }
td:first-child { min-width: 9rem; }
code, pre, .urn { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: 0.85em; }
small { font-size: 0.85em; }
.urn { display: block; }
.lines { white-space: pre-line; }
figure { margin: 0.75rem 0; }
figcaption, figure p { font-size: 0.85rem; }
figure p { margin: 0.25rem 0; }
pre { margin: 0.25rem 0 0; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 6px; background: var(--shade); white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin: 2rem 0; font-size: 0.85rem; }
@media screen and (max-width: 44rem) {
  section:not(.stacks) thead { display: none; }
  section:not(.stacks) :is(tr, td) { display: block; border: 0; padding: 0; }
  section:not(.stacks) tr { border-bottom: 1px solid var(--line); padding: 0.5rem 0; }
  .stacks table { font-size: 0.85rem; }
  .stacks :is(th, td) { padding: 0.3rem; }
}
@media print {
  :root { --ink: #000000; --soft: #444444; --line: #bbbbbb; --ground: #ffffff; --shade: #ffffff; --bad: #a40e26; --good: #116329; }
  body { font-size: 10pt; }
  header, main { max-width: none; padding: 0 0 0 0.5rem; }
  header { margin-top: 0; }
  thead { display: table-header-group; }
  tr, figure, .tiles { break-inside: avoid; }
  h2, section > p { break-after: avoid; }
}
`;
