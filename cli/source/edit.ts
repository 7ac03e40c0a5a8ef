/** Changes to files of a program, as the report offers them and as they are applied. */

/**
 * New text for whole lines of a file, which is what a suggested change on a pull request can hold. It always replaces
 * something: text that is added comes with the line that it follows.
 */
export interface Edit {
  /** Relative to the repository's root, with forward slashes. */
  readonly file: string;
  /** The first and the last line that are replaced, both counted from 1. */
  readonly startLine: number;
  readonly endLine: number;
  /** The lines that take their place, with "\n" between them and none at the end. */
  readonly text: string;
}

/** New text for the characters from one offset to another. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The changes as one edit, from the first line that they touch to the last.
 * @param changes such that don't overlap
 */
export function toEdit(file: string, source: string, changes: readonly Change[]): Edit {
  const start = Math.min(...changes.map(({ from }) => lineStart(source, from)));
  const end = Math.max(...changes.map(({ to }) => lineEnd(source, to)));
  let text = source.slice(start, end);
  for (const { from, to, text: put } of [...changes].sort((one, other) => other.from - one.from)) {
    text = text.slice(0, from - start) + put + text.slice(to - start);
  }
  return {
    file,
    startLine: lineOf(source, start),
    endLine: lineOf(source, end),
    text: text.replaceAll("\r\n", "\n").replace(/\r$/, ""),
  };
}

/** An edit that would change lines that another edit changes in another way. */
export class ConflictError extends Error {}

/**
 * The text with edits of it made, each of which speaks of the lines as they were. The file keeps its kind of line breaks. Of
 * several edits that are the same one is made.
 * @throws ConflictError when two edits overlap, or one is about lines that aren't there
 */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  const lineBreak = source.includes("\r\n") ? "\r\n" : "\n";
  const lines = source.split(/\r?\n/);
  const different = edits.filter((edit, index) => edits.findIndex((other) => isSame(edit, other)) === index);
  let before = Infinity;
  for (const { file, startLine, endLine, text } of different.sort(
    (one, other) => other.startLine - one.startLine,
  )) {
    if (startLine < 1 || endLine > lines.length) throw new ConflictError(`${file} has no line ${endLine}`);
    if (endLine >= before) throw new ConflictError(`two edits of ${file} change line ${endLine}`);
    lines.splice(startLine - 1, endLine - startLine + 1, ...text.split("\n"));
    before = startLine;
  }
  return lines.join(lineBreak);
}

function isSame(one: Edit, other: Edit): boolean {
  return (
    one.file === other.file &&
    one.startLine === other.startLine &&
    one.endLine === other.endLine &&
    one.text === other.text
  );
}

export function lineOf(source: string, offset: number): number {
  let line = 1;
  for (let at = source.indexOf("\n"); at !== -1 && at < offset; at = source.indexOf("\n", at + 1)) line += 1;
  return line;
}

export function lineStart(source: string, offset: number): number {
  return offset === 0 ? 0 : source.lastIndexOf("\n", offset - 1) + 1;
}

export function lineEnd(source: string, offset: number): number {
  const end = source.indexOf("\n", offset);
  return end === -1 ? source.length : end;
}

/** The spaces and tabs at the start of the line. */
export function indentAt(source: string, offset: number): string {
  return /^[ \t]*/.exec(source.slice(lineStart(source, offset)))?.[0] ?? "";
}

/** What one level of indentation is in this file. */
export function indentUnit(source: string, otherwise: string): string {
  const indents = [...source.matchAll(/^([ \t]+)(?=[^\s*])/gm)].map(([, indent = ""]) => indent);
  if (indents.some((indent) => indent.startsWith("\t"))) return "\t";
  const smallest = Math.min(...indents.map(({ length }) => length));
  return Number.isFinite(smallest) && smallest >= 2 ? " ".repeat(smallest) : otherwise;
}

/** Puts the text between two characters. */
export function insert(at: number, text: string): Change {
  return { from: at, to: at, text };
}
