/*
 * Markdown as GitHub and GitLab show it. What a program names never becomes markup: every character that could is an entity,
 * which is safe in Markdown and in HTML, on one line.
 */

/** GitHub takes 65 536 characters in a comment. */
export const LIMIT = 60_000;

export function table(title: string, heads: readonly string[], rows: readonly string[][]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [`### ${title} (${rows.length})`, "", line(heads), line(heads.map(() => "---")), ...rows.map(line), ""];
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
export function joined(lines: readonly string[]): string {
  return `${lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trimEnd()}\n`;
}

/** Lines of a message; those that are indented are something to copy, or a list. */
export function text(message: string): string {
  return message
    .split("\n")
    .map((line) => (/^\s/.test(line) ? code(line.trim()) : prose(line)))
    .join("<br>");
}

export function code(text: string): string {
  return `<code>${escape(text)}</code>`;
}

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
