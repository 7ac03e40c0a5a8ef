/*
 * Markdown as GitHub and GitLab show it. What a program names never becomes markup: every character that could is an entity,
 * which is safe in Markdown and in HTML, on one line.
 */

/** GitHub takes 65 536 characters in a comment. */
const LIMIT = 60_000;

export function table(title: string, heads: readonly string[], rows: readonly string[][]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [`### ${title}`, "", line(heads), line(heads.map(() => "---")), ...rows.map(line), ""];
}

/** Leaves out the lines past the limit, and says so: half a row would no longer be a table. */
export function fitted(lines: readonly string[], limit = LIMIT): string {
  let length = 0;
  const kept = lines.filter((line) => (length += line.length + 1) <= limit);
  const left = lines.length - kept.length;
  const note = left === 0 ? [] : ["", `${left} more lines are left out here; the job's log has every finding.`];
  return joined([...kept, ...note]);
}

/** Lines as a document: with no more than one empty line between them. */
function joined(lines: readonly string[]): string {
  const all = lines.join("\n").replace(/\n{3,}/g, "\n\n");
  return `${all.trimEnd()}\n`;
}

/** Lines of a message; those that are indented are something to copy, or a list. */
export function text(message: string): string {
  const lines = message.split("\n").map((line) => (/^\s/.test(line) ? code(line.trim()) : prose(line)));
  return lines.join("<br>");
}

export const code = (text: string): string => `<code>${escape(text)}</code>`;

/**
 * Outside of code and pre elements GitHub and GitLab make mentions, references and links of text, GitLab also of !1, %1, ~a, $1
 * and &1: a zero-width space prevents it.
 */
export function prose(text: string): string {
  return escape(text.replace(/[@#]|:(?=\/\/)|www(?=\.)|[!%~$&](?=[\w"])/gi, "$&\u200b"));
}

/** Names and messages come from the program under review: as entities they are never markup nor the end of a row. */
export function escape(text: string): string {
  return text.replace(/[&<>"'`*_{}[\]()#!|~\\@:$\n]|(?<=www)\./gi, (character) => `&#${character.charCodeAt(0)};`);
}

/** A fence inside of the text must not end it. */
export function fenced(text: string, language = ""): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Something that is said in one line of HTML, with what is folded away behind it. */
export type Entry = Readonly<Record<"line" | "folded", string>>;

/** Entries under a heading, or folded away as a whole. */
export type Section = Readonly<{ title: string; isFolded: boolean; entries: readonly Entry[] }>;

/** A section's heading, and the note of what is left out. */
const FRAME = 400;

/**
 * A document that fits into a comment. Where it would get too long, entries lose what is folded away behind them, from the
 * last one on; and if even their lines are too many, the last ones are left out, and counted.
 */
export function document(head: readonly string[], sections: readonly Section[]): string {
  const shown = sections.filter(({ entries }) => entries.length > 0);
  const top = fitted(head, LIMIT / 2);
  let room = LIMIT - top.length - shown.length * FRAME;
  /** Whether so much fits in still. After the first that doesn't, nothing does. */
  const take = (length: number): boolean => {
    const fits = length <= room;
    room = fits ? room - length : -1;
    return fits;
  };
  const kept = shown.map(({ entries }) => entries.filter(({ line }) => take(short(line).length + 1)));
  room = Math.max(room, 0);
  const body = shown.flatMap(({ title, isFolded, entries }, at) => {
    const lines = (kept[at] ?? []).map(({ line, folded }) =>
      take(long(line, folded).length - short(line).length) ? long(line, folded) : short(line),
    );
    const left = entries.length - lines.length;
    const note = left === 0 ? [] : [`<div>${left} more are left out here: the job's log has every finding.</div>`];
    return isFolded
      ? [`<details><summary><b>${title}</b></summary>`, ...lines, ...note, "</details>", ""]
      : [`### ${title}`, "", ...lines, ...note, ""];
  });
  return joined([top, ...body]);
}

// No empty line is in them, since that would end the HTML.
const short = (line: string): string => `<div>${line}</div>`;
const long = (line: string, folded: string): string =>
  `<details><summary>${line}</summary><blockquote>${folded}</blockquote></details>`;
