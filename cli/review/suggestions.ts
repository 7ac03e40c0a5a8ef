import { createHash } from "node:crypto";
import { code, prose } from "../report/markdown";
import type { Suggestible } from "../report/suggestions";
import { applyEdits, ConflictError, type Edit, toEdit } from "../source/edit";
import type { ChangedFile, ReviewComment } from "./github";
import { hunksOf } from "./hunks";

/** A change that fixes one or several findings, as a pull request can hold it. */
export interface Suggestion {
  readonly edit: Edit;
  readonly findings: readonly Suggestible[];
}

/** Unchanged lines between two changes that a suggestion may repeat, so that an import and what needs it are one. */
const LARGEST_GAP = 5;

/** GitHub takes 65 536 characters. */
const LARGEST_BODY = 65_000;

/** How many of the findings that one change fixes are told. */
const TOLD = 5;

/**
 * The findings' edits as suggestions: one for each piece of a file, since of two that overlap a person could take only one.
 * Findings whose fix isn't in one piece are left out.
 * @param read the file's text; undefined where there is none
 */
export function suggestionsOf(
  findings: readonly Suggestible[],
  read: (file: string) => string | undefined,
): Suggestion[] {
  const all: Suggestion[] = [];
  for (const finding of findings) {
    const edit = inOnePiece(finding.edits, read);
    if (edit === undefined) continue;
    const near = all.filter((other) => isNear(other.edit, edit));
    const merged = mergedEdit([...near.map((other) => other.edit), edit], read);
    if (merged === undefined) continue; // The next preview finds it again.
    const told = [...near.flatMap((other) => other.findings), finding];
    const at = near[0] === undefined ? all.length : all.indexOf(near[0]);
    all.splice(at, near.length === 0 ? 0 : 1, { edit: merged, findings: told });
    for (const other of near.slice(1)) all.splice(all.indexOf(other), 1);
  }
  return all;
}

function inOnePiece(edits: readonly Edit[], read: (file: string) => string | undefined): Edit | undefined {
  const sorted = [...edits].sort((one, other) => one.startLine - other.startLine);
  const isClose = sorted.every((edit, at) => {
    const before = sorted[at - 1];
    if (before === undefined) return true;
    return before.file === edit.file && edit.startLine - before.endLine <= LARGEST_GAP + 1;
  });
  return isClose ? mergedEdit(sorted, read) : undefined;
}

/** One edit in the place of several of a file; undefined where they exclude each other, or the file is another one. */
function mergedEdit(edits: readonly Edit[], read: (file: string) => string | undefined): Edit | undefined {
  const [first] = edits;
  const source = first && read(first.file);
  if (first === undefined || source === undefined) return undefined;
  try {
    applyEdits(source, edits);
  } catch (error) {
    if (error instanceof ConflictError) return undefined;
    throw error;
  }
  const changes = edits.flatMap((edit) => edit.changes);
  const distinct = new Map(changes.map((change) => [JSON.stringify(change), change]));
  return toEdit(first.file, source, [...distinct.values()]);
}

function isNear(one: Edit, other: Edit): boolean {
  return one.file === other.file && one.startLine <= other.endLine && other.startLine <= one.endLine;
}

/**
 * The comment of a suggestion; undefined where GitHub couldn't apply it: its lines aren't in one part of the diff, the
 * file is another one than in the pull request, as where its base has changed it since, or the comment would be too long.
 */
export function commentOf(
  suggestion: Suggestion,
  source: string,
  files: readonly ChangedFile[],
): ReviewComment | undefined {
  const { file, startLine, endLine } = suggestion.edit;
  const changed = files.find(({ filename }) => filename === file);
  if (changed?.patch === undefined || changed.sha !== blobOf(source)) return undefined;
  // What GitHub makes of line breaks of Windows in a suggestion isn't documented.
  if (source.includes("\r")) return undefined;
  if (!hunksOf(changed.patch).some(({ first, last }) => first <= startLine && endLine <= last))
    return undefined;
  const body = bodyOf(suggestion);
  if (body.length > LARGEST_BODY) return undefined;
  return { path: file, line: endLine, ...(startLine < endLine && { start_line: startLine }), body };
}

/** The name that git gives a file's content. */
function blobOf(text: string): string {
  const bytes = Buffer.from(text);
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

const MARKER = /^<!-- s3-public-access-block fixes ((?:[0-9a-f]{32} ?)+)-->/;

function bodyOf({ edit, findings }: Suggestion): string {
  const marks = [...new Set(findings.map(({ fingerprint }) => fingerprint))];
  const more = findings.length - TOLD;
  // A fence inside of the text must not end it.
  const longest = Math.max(0, ...(edit.text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return [
    `<!-- s3-public-access-block fixes ${marks.join(" ")} -->`,
    ...findings.slice(0, TOLD).map(({ problem, policy }) => `${prose(problem)}\n${code(policy)}\n`),
    ...(more > 0 ? [`The same change fixes ${more} more findings.`] : []),
    `${fence}suggestion`,
    edit.text,
    fence,
  ].join("\n");
}

/** Whether each of the findings has had its fix offered by one of the comments. */
export function isOffered({ findings }: Suggestion, bodies: readonly string[]): boolean {
  const offered = new Set(bodies.flatMap((body) => MARKER.exec(body)?.[1]?.trim().split(" ") ?? []));
  return findings.every(({ fingerprint }) => offered.has(fingerprint));
}
