import { firstLine } from "../../policypack/face";
import { neutral } from "../report/neutral";
import { adviceOn } from "./advice";
import {
  grouped,
  groupsOf,
  headline,
  KINDS,
  plural,
  remarkOn,
  totalsOf,
  type Audit,
  type Group,
  type Kind,
  type Located,
} from "./report";
import { exemptionLists } from "./text";

/** Text in which everything that means something in HTML has been escaped. */
class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | readonly Html[];

/** Escapes what is put in, unless it is Html itself. */
function markup(fixed: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(fixed.reduce((text, next, at) => `${text}${textOf(parts[at - 1] ?? "")}${next}`));
}

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(({ text }) => text).join("");
  return neutral(String(part)).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const KIND_TITLES: Record<Kind, string> = {
  blocking: "Blocks",
  advisory: "Is shown, and blocks nothing",
  exempt: "Exempt",
};

/** The report as a page of its own: no script, nothing loaded from anywhere, readable on a screen and on paper. */
export function page(audit: Audit): string {
  const { resources, buckets, blocking, advisory, exempt, onlyRead } = totalsOf(audit);
  const state = audit.unreadable.length > 0 || blocking > 0 ? "bad" : "good";
  const tiles: readonly (readonly [string, number])[] = [
    ["stacks", audit.stacks.length],
    ["buckets", buckets],
    ["blocking", blocking],
    ["advisory", advisory],
    ["exempt", exempt],
    ...(audit.unreadable.length > 0 ? [["not evaluated", audit.unreadable.length] as const] : []),
  ];
  const note =
    onlyRead === 0
      ? ""
      : ` Not evaluated, as in a preview: ${plural(onlyRead, "resource")} that a program only reads.`;
  const document = markup`<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${headline(audit)}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header class="${state}">
<p>S3 public access audit, ${audit.date}</p>
<h1>${headline(audit)}</h1>
</header>
<main>
<dl class="tiles">${tiles.map(([name, count]) => markup`<div><dt>${name}</dt><dd>${grouped(count)}</dd></div>`)}</dl>
${unreadable(audit)}
${KINDS.map((kind) => section(audit, kind))}
${exemptions(audit)}
${stacks(audit)}
<footer><p>${plural(resources, "resource")} in all.${note} Written by s3-public-access-block audit.</p></footer>
</main>
</body>
</html>
`;
  return `<!DOCTYPE html>\n${document.text}`;
}

/** The kind is the class that gives the columns their widths. */
function tableOf(heads: readonly string[], rows: readonly (readonly Part[])[], kind = "plain"): Html {
  const cells = (row: readonly Part[]): Html =>
    markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`;
  return markup`<table class="${kind}">
<thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${rows.map(cells)}</tbody>
</table>`;
}

function section(audit: Audit, kind: Kind): Html {
  const groups = groupsOf(audit, kind);
  if (groups.length === 0) return markup``;
  const count = groups.reduce((total, { verdicts }) => total + verdicts.length, 0);
  return markup`<section class="${kind}">
<h2>${KIND_TITLES[kind]} (${count})</h2>
${groups.map((group) => groupOf(group, kind))}
</section>`;
}

function groupOf({ cause, policy, verdicts }: Group, kind: Kind): Html {
  const [first] = verdicts;
  const heads = ["Resource", "Stack", "Where", ...(kind === "exempt" ? ["Why"] : [])];
  const rows = verdicts.map((each) => [
    subject(each),
    markup`<code>${breakable(each.stack)}</code>`,
    place(each),
    ...(kind === "exempt" ? [firstLine(each.problem)] : []),
  ]);
  return markup`<article>
<h3>${cause} <span>(${verdicts.length})</span></h3>
<p>Policy <code>${policy}</code></p>
${first === undefined ? markup`` : advice(first)}
${tableOf(heads, rows, "findings")}
</article>`;
}

function advice(verdict: Located): Html {
  const found = adviceOn(verdict);
  if (found === undefined) return markup``;
  const { heading, before, code, after } = found;
  const words = (lines: readonly string[]): Html =>
    lines.length === 0 ? markup`` : markup`<p class="lines">${lines.join("\n")}</p>`;
  return markup`<figure><figcaption>${heading}</figcaption>${words(before)}${
    code === undefined ? markup`` : markup`<pre>${code}</pre>`
  }${words(after)}</figure>`;
}

function subject(verdict: Located): Html {
  const { name, type, urn } = verdict;
  const remark = remarkOn(verdict);
  const note = remark === undefined ? markup`` : markup`<small class="remark">${remark}</small>`;
  return markup`<b>${name}</b> <small>${type}</small><small class="urn">${breakable(urn)}</small>${note}`;
}

function place({ position }: Located): Html {
  return position === undefined
    ? markup`not known`
    : markup`<code>${breakable(`${position.file}:${position.line}`)}</code>`;
}

/** Paths and URNs are long: a line breaks after a slash or two colons rather than anywhere. */
function breakable(text: string): Html {
  const parts = text.split(/(?<=\/|::)/);
  return markup`${parts.map((part, at) => (at === 0 ? markup`${part}` : markup`<wbr />${part}`))}`;
}

function unreadable({ unreadable }: Audit): Html {
  if (unreadable.length === 0) return markup``;
  const rows = unreadable.map(({ name, reason }) => [
    markup`<code>${name}</code>`,
    markup`<span class="lines">${reason}</span>`,
  ]);
  return markup`<section>
<h2>Not evaluated, which is not a pass (${unreadable.length})</h2>
${tableOf(["Stack", "Why"], rows)}
</section>`;
}

function exemptions({ exemptions }: Audit): Html {
  const heads = ["Policy", "URN", "Last day", "Reason"];
  const lists = exemptionLists(exemptions).map(({ title, list }) => {
    const rows = list.map(({ policy, urn, expires = "none", reason }) => [
      markup`<code>${policy}</code>`,
      markup`<code>${urn}</code>`,
      expires,
      reason,
    ]);
    return markup`<section>
<h2>${title} (${list.length})</h2>
${tableOf(heads, rows)}
</section>`;
  });
  return markup`${lists}`;
}

function stacks({ stacks }: Audit): Html {
  if (stacks.length === 0) return markup``;
  const rows = stacks.map(({ name, resources, buckets, blocking, advisory, exempt }) => [
    markup`<code>${name}</code>`,
    ...[resources, buckets, blocking, advisory, exempt].map(grouped),
  ]);
  return markup`<section>
<h2>Stacks (${grouped(stacks.length)})</h2>
${tableOf(["Stack", "Resources", "Buckets", "Blocking", "Advisory", "Exempt"], rows, "numbers")}
</section>`;
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
header p, footer, article > p, small, figcaption { color: var(--soft); }
header p { margin: 0; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 2.5rem 0 0.75rem; font-size: 1.25rem; }
h3 { margin: 1.5rem 0 0; font-size: 1.05rem; }
h3 span { color: var(--soft); font-weight: normal; }
article > p { margin: 0 0 0.5rem; font-size: 0.85rem; }
.blocking h2 { color: var(--bad); }
.tiles { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 1.5rem 0 0; }
.tiles div { flex: 1 1 7rem; padding: 0.6rem 0.9rem; border: 1px solid var(--line); border-radius: 6px; background: var(--shade); }
.tiles dt { color: var(--soft); font-size: 0.85rem; }
.tiles dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: var(--shade); font-size: 0.85rem; white-space: nowrap; }
.numbers th:not(:first-child), .numbers td:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; }
.plain td:first-child, .numbers td:first-child { min-width: 9rem; }
.findings { table-layout: fixed; }
.findings th:nth-child(2) { width: 24%; }
.findings th:nth-child(3) { width: 18%; }
.findings th:nth-child(4) { width: 22%; }
code, pre, .urn { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: 0.85em; }
small { font-size: 0.85em; }
.urn, .remark { display: block; }
.lines { white-space: pre-line; }
figure { margin: 0.75rem 0; }
figcaption, figure p { font-size: 0.85rem; }
figure p { margin: 0.25rem 0; }
pre { margin: 0.25rem 0 0; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 6px; background: var(--shade); white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin: 2rem 0; font-size: 0.85rem; }
@media screen and (max-width: 44rem) {
  .findings thead { display: none; }
  .findings tr, .findings td { display: block; border: 0; padding: 0; }
  .findings tr { border-bottom: 1px solid var(--line); padding: 0.5rem 0; }
  .numbers { font-size: 0.85rem; }
  .numbers th, .numbers td { padding: 0.3rem; }
}
@media print {
  :root { --ink: #000000; --soft: #444444; --line: #bbbbbb; --ground: #ffffff; --shade: #ffffff; --bad: #a40e26; --good: #116329; }
  body { font-size: 10pt; }
  header, main { max-width: none; padding: 0 0 0 0.5rem; }
  header { margin-top: 0; }
  thead { display: table-header-group; }
  tr, figure, .tiles { break-inside: avoid; }
  h2, h3, article > p { break-after: avoid; }
}
`;
