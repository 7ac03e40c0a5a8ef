/** New text for the characters from one offset to another. */
export type Change = Readonly<{ from: number; to: number; text: string }>;

/** A change that fixes a finding where the program makes the resource, in the program's own names. */
export interface SourceFix {
  /** The code that a person is shown. */
  readonly lines: readonly string[];
  /** Whether it has a placeholder, for the bucket or its provider. */
  readonly hasPlaceholder?: boolean;
  /** Each group changes one piece of the file. None if the lines must be put in by hand. */
  readonly groups: readonly (readonly Change[])[];
  /** Why there is nothing to change: the end of a sentence. */
  readonly why?: string;
}

/** The properties that a program gives to a resource. */
export interface Given {
  /** Their expressions, by the names that the program has for them. */
  readonly values: ReadonlyMap<string, string>;
  /** Changes that give it these too; undefined if there is no plain way. */
  readonly withValues: (values: ReadonlyMap<string, string>) => Change[] | undefined;
}

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
  /** The same by characters: edits that touch the same lines can still be made together. */
  readonly changes: readonly Change[];
}

/** The changes, which don't overlap, as one edit: from the first line that they touch to the last. */
export function toEdit(file: string, source: string, changes: readonly Change[]): Edit {
  const start = Math.min(...changes.map(({ from }) => lineStart(source, from)));
  const end = Math.max(...changes.map(({ to }) => lineEnd(source, to)));
  const moved = changes.map(({ from, to, text }) => ({ from: from - start, to: to - start, text }));
  return {
    file,
    startLine: lineOf(source, start),
    endLine: lineOf(source, end),
    text: applied(source.slice(start, end), moved).replaceAll("\r\n", "\n"),
    changes,
  };
}

/** A change can't be made; the message says why. */
export class FixError extends Error {}

/**
 * The text of a file with its edits, whose places are those of the original text. The rest stays byte by byte; lines
 * that they add end as the line before them does. Of several changes that are the same one is made.
 * @throws FixError when two edits change the same in different ways, or one is of text that isn't there
 */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  const file = edits[0]?.file ?? "";
  if (!edits.every((edit) => isOf(source, edit))) throw new FixError(`${file} has changed since it was read`);
  const distinct = new Map(edits.flatMap(({ changes }) => changes).map((each) => [JSON.stringify(each), each]));
  const changes = [...distinct.values()].sort(inOrder);
  changes.forEach((change, at) => {
    const { from } = change;
    const before = changes[at - 1];
    if (before !== undefined && (from < before.to || (from === before.from && !areAppended(before, change)))) {
      throw new FixError(`two fixes change line ${lineOf(source, from)} of ${file} in different ways`);
    }
  });
  const fitted = changes.map((change) => ({ ...change, text: withBreaksOf(source, change) }));
  return applied(source, fitted);
}

const inOrder = (one: Change, other: Change): number => one.from - other.from || one.to - other.to;

/** Whether both only add, and what can follow whatever is there: one more property, one more statement. Or the other takes away. */
function areAppended(one: Change, other: Change): boolean {
  const isAdded = ({ from, to }: Change): boolean => from === to;
  const alike = [/^,/, /^\n/, /\n[ \t]*$/].some((form) => form.test(one.text) && form.test(other.text));
  return isAdded(one) && (alike ? isAdded(other) : other.text === "" && !isAdded(other));
}

/** Whether the text still has the lines that the edit was made of. */
function isOf(source: string, { file, changes, startLine, endLine, text }: Edit): boolean {
  const again = toEdit(file, source, changes);
  return again.startLine === startLine && again.endLine === endLine && again.text === text;
}

/** A text with changes made that don't overlap. What is added at one place stays in its order. */
export function applied(source: string, changes: readonly Change[]): string {
  return [...changes]
    .sort(inOrder)
    .reduceRight((text, { from, to, text: put }) => text.slice(0, from) + put + text.slice(to), source);
}

/** The new text with the line breaks that the file has there: its own, or those of the last line before it that has one. */
function withBreaksOf(source: string, { from, text }: Change): string {
  const own = source.indexOf("\n", from);
  const at = own === -1 ? source.lastIndexOf("\n") : own;
  return text.replace(/\r?\n/g, source[at - 1] === "\r" ? "\r\n" : "\n");
}

function lineOf(source: string, offset: number): number {
  return source.slice(0, offset).split("\n").length;
}

export function lineStart(source: string, offset: number): number {
  return offset === 0 ? 0 : source.lastIndexOf("\n", offset - 1) + 1;
}

/** The place of the line's break, or the end of the text. */
export function lineEnd(source: string, offset: number): number {
  const found = source.indexOf("\n", offset);
  const end = found === -1 ? source.length : found;
  return end > offset && source[end - 1] === "\r" ? end - 1 : end;
}

export function indentAt(source: string, offset: number): string {
  return /^[ \t]*/.exec(source.slice(lineStart(source, offset)))?.[0] ?? "";
}

/** One level of indentation in this file. */
export function indentUnit(source: string, otherwise: string): string {
  const indents = [...source.matchAll(/^([ \t]+)(?=[^\s*])/gm)].map(([, indent = ""]) => indent);
  if (indents.some((indent) => indent.startsWith("\t"))) return "\t";
  const smallest = Math.min(...indents.map(({ length }) => length));
  return Number.isFinite(smallest) && smallest >= 2 ? " ".repeat(smallest) : otherwise;
}

export function insert(at: number, text: string): Change {
  return { from: at, to: at, text };
}

/** Without the comment behind a value on its line, which was about the old one; what a tool reads stays. */
export function withoutComment(source: string, end: number): Change[] {
  const line = source.slice(end, lineEnd(source, end));
  const [, comma = "", comment = ""] = /^((?:\s*,)?)(\s*(?:\/\/|#).*)$/.exec(line) ?? [];
  if (comment === "" || /eslint|prettier|biome|@ts-|noqa|nosec|nolint|type:/.test(comment)) return [];
  return [{ from: end + comma.length, to: end + line.length, text: "" }];
}
