import { type Advice, auditDocument, type Cell, type Section, totalsOf, unreadableIn } from "./audit";
import { neutral } from "./neutral";
import STYLE from "./page.css";
import type { Context, Format, Report } from "./report";
import { thousands } from "./words";

export const htmlFormat = {
  name: "html",
  help: "write a page to read in a browser and to print",
  withoutVerdict: "say so",
  render: page,
} as const satisfies Format;

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
function page(reports: readonly Report[], context: Context): string {
  const { headlines, date, isPass, sections, stacks, extent } = auditDocument(reports, context);
  const [headline, ...others] = headlines;
  const { buckets, blocking, advisory, exempt } = totalsOf({ reports });
  const unreadable = unreadableIn({ reports }).length;
  const counts = { stacks: stacks.rows.length, buckets, blocking, advisory, exempt, "not evaluated": unreadable };
  const tiles = Object.entries(counts).filter(([name, count]) => name !== "not evaluated" || count > 0);
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
<p>S3 public access audit, ${date}</p>
<h1>${headline}</h1>
${others.map((each) => markup`<p>${each}.</p>\n`)}</header>
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

function section({ title, kind, policy, advice, heads, rows, count = rows.length }: Section): Html {
  if (rows.length === 0) return markup``;
  return markup`<section class="${kind}">
<h2>${title} <span>(${thousands(count)})</span></h2>
${policy && markup`<p>Policy <code>${policy}</code></p>`}${advice && adviceOn(advice)}
<table>
<thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => markup`<tr>${row.map((cell) => markup`<td>${shown(cell)}</td>`)}</tr>\n`)}</tbody>
</table>
</section>
`;
}

function adviceOn({ heading, before, code, after }: Advice): Html {
  const words = (lines: string): Part => (lines === "" ? undefined : markup`<p class="lines">${lines}</p>`);
  return markup`<figure><figcaption>${heading}</figcaption>${words(before)}${
    code === undefined ? undefined : markup`<pre>${code}</pre>`
  }${words(after)}</figure>`;
}

function shown(cell: Cell): Html {
  if (cell === undefined || typeof cell === "string") return markup`${cell ?? "–"}`;
  if ("code" in cell) return markup`<code>${breakable(cell.code)}</code>`;
  if ("lines" in cell) return markup`<span class="lines">${cell.lines}</span>`;
  return markup`<b>${cell.name}</b> <small>${cell.type}</small><small class="urn">${breakable(cell.urn)}</small>`;
}

/** Paths and URNs are long: a line breaks after a slash or two colons rather than anywhere. */
function breakable(text: string): Html {
  const [first, ...others] = text.split(/(?<=\/|::)/);
  return markup`${first}${others.map((part) => markup`<wbr />${part}`)}`;
}
