import { createHash } from "node:crypto";
import { type Advice, auditDocument, type Cell, type Section, totalsOf, unreadableIn } from "./audit";
import { groupBy } from "../../policypack/face";
import type { Comparison } from "./changes";
import { neutral } from "./neutral";
import STYLE from "./page.css";
import PAGE from "./page.html";
import type { Render } from "./report";
import { plural, thousands } from "./words";

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

const FILLED = PAGE.replace("{{style}}", () => STYLE);
/** The browser runs and loads nothing but what is in the page itself, whatever a program names. */
const ALLOWED = [...FILLED.matchAll(/<(style|script)>([^]*?)<\/\1>/g)].map(([, tag = "", text = ""]) => {
  return `${tag}-src 'sha256-${createHash("sha256").update(text).digest("base64")}'`;
});
const POLICY = ["default-src 'none'", ...ALLOWED].join("; ");

/** The report as a page of its own: nothing is loaded from anywhere, and it is readable on a screen and on paper. */
export const html: Render = (reports, context) => {
  const { headlines, date, isPass, sections, stacks, extent } = auditDocument(reports, context);
  const [title, ...others] = headlines;
  const { buckets, blocking, advisory, exempt } = totalsOf({ reports });
  const unreadable = unreadableIn({ reports }).length;
  const { product, time, audit } = context;
  const read = `${plural(stacks.rows.length, "stack")} read, ${unreadable} not`;
  const hash = audit?.configuration && `; SHA-256 of the configuration: ${audit.configuration.sha256}`;
  const written = `Written by s3-public-access-block ${product.version} at ${time}: ${read}${hash ?? ""}.`;
  const counts = { stacks: stacks.rows.length, buckets, blocking, advisory, exempt, "not evaluated": unreadable };
  const tiles = Object.entries(counts).filter(([name, count]) => name !== "not evaluated" || count > 0);
  const parts: Record<string, Part> = {
    ...{ policy: POLICY, verdict: isPass ? "good" : "bad", title, date, extent, written },
    headlines: others.map((each) => markup`<p>${each}.</p>`),
    curve: curve(context.audit?.comparison?.curve),
    tiles: tiles.map(([name, count]) => markup`<div><dt>${name}</dt><dd>${thousands(count)}</dd></div>`),
    sections: [...sections, stacks].map(section),
  };
  return FILLED.replace(/\{\{(\w+)\}\}/g, (_, name: string) => textOf(parts[name] ?? ""));
};

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

/** The open buckets of each day: a line that takes no script, and the numbers. */
function curve(points: Comparison["curve"] = []): Html {
  const days = [...groupBy(points, ({ date }) => date)].map(([date, each]) => {
    const open = each.reduce((sum, { open }) => sum + open, 0);
    return { at: Date.parse(date), open, label: `${open} on ${date}` };
  });
  const [start = 0, end = 0] = [days[0]?.at, days.at(-1)?.at];
  const most = Math.max(1, ...days.map(({ open }) => open));
  const line = days.map(({ at, open }) => `${(600 * (at - start)) / (end - start)},${100 - (100 * open) / most}`);
  if (end === start) return markup``;
  return markup`<figure><svg viewBox="-5 -5 610 110" role="img"><polyline points="${line.join(" ")}" /></svg>
<figcaption>Open buckets: ${days.map(({ label }) => label).join(", ")}</figcaption></figure>
`;
}

function adviceOn({ heading, before, code, after }: Advice): Html {
  const words = (lines: string): Part => (lines === "" ? undefined : markup`<p class="lines">${lines}</p>`);
  return markup`<figure><figcaption>${heading}</figcaption>${words(before)}${
    code === undefined ? undefined : markup`<pre>${code}</pre>`
  }${words(after)}</figure>`;
}

function shown(cell: Cell): Html {
  if (cell === undefined) return markup`<span class="none">–</span>`;
  if (typeof cell === "string") return markup`${cell}`;
  if ("code" in cell) {
    const code = markup`<code>${breakable(cell.code)}</code>`;
    return cell.href === undefined ? code : markup`<a href="${cell.href}">${code}</a>`;
  }
  if ("lines" in cell) return markup`<span class="lines">${cell.lines}</span>`;
  const { first, others } = cell;
  const more = others.map(({ urn }) => markup`<small class="urn">${breakable(urn)}</small>`);
  return markup`<b>${first.name}</b> <small>${first.type}</small><small class="urn">${breakable(first.urn)}</small>${
    more.length === 0 ? undefined : markup`<details><summary>${thousands(more.length)} more</summary>${more}</details>`
  }`;
}

/** Paths and URNs are long: a line breaks after a slash or two colons rather than anywhere. */
function breakable(text: string): Html {
  const [first, ...others] = text.split(/(?<=\/|::)/);
  return markup`${first}${others.map((part) => markup`<wbr />${part}`)}`;
}
