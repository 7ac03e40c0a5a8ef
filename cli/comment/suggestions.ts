import { createHash } from "node:crypto";
import { code, fenced, prose } from "../report/markdown";
import type { Suggestible } from "../report/suggestions";
import { applyEdits, FixError, type Edit, toEdit } from "../source/edit";
import type { ChangedFile, LineComment } from "./forge";

/** A change that fixes one or several findings, as a pull request can hold it. */
export interface Suggestion {
  readonly edit: Edit;
  readonly findings: readonly Suggestible[];
}

const MOST = {
  gap: 5, // Unchanged lines between two changes that a suggestion may repeat, so that an import and what needs it are one.
  characters: 65_000, // GitHub takes 65 536.
  lines: 100, // GitLab takes no more in one suggestion.
  named: 5, // Of the findings that one change fixes.
};

/**
 * The findings' edits as suggestions: one for each piece of a file, since of two that overlap a person could take only one.
 * Findings whose fix isn't in one piece are left out.
 * @param read the file's text; undefined where there is none
 */
export function suggestionsOf(
  findings: readonly Suggestible[],
  read: (file: string) => string | undefined,
): Suggestion[] {
  let all: Suggestion[] = [];
  for (const finding of findings) {
    const sorted = [...finding.edits].sort((one, other) => one.startLine - other.startLine);
    const isClose = sorted.every((edit, at) => {
      const { file = edit.file, endLine = edit.startLine } = sorted[at - 1] ?? {};
      return file === edit.file && edit.startLine - endLine <= MOST.gap + 1;
    });
    const edit = isClose ? mergedEdit(sorted, read) : undefined;
    if (edit === undefined) continue;
    const near = all.filter(
      ({ edit: { file, startLine, endLine } }) =>
        file === edit.file && edit.startLine <= endLine && startLine <= edit.endLine,
    );
    const merged = mergedEdit([...near.map((other) => other.edit), edit], read);
    if (merged === undefined) continue; // The next preview finds it again.
    const [at = all.length] = near.map((other) => all.indexOf(other));
    all = all.filter((other) => !near.includes(other));
    all.splice(at, 0, { edit: merged, findings: [...near.flatMap((other) => other.findings), finding] });
  }
  return all;
}

/** One edit in the place of several of a file; undefined where they exclude each other, or the file is another one. */
function mergedEdit(edits: readonly Edit[], read: (file: string) => string | undefined): Edit | undefined {
  const [first] = edits;
  const source = first && read(first.file);
  if (first === undefined || source === undefined) return undefined;
  try {
    applyEdits(source, edits);
  } catch (error) {
    if (error instanceof FixError) return undefined;
    throw error;
  }
  const changes = edits.flatMap((edit) => edit.changes);
  const distinct = new Map(changes.map((change) => [JSON.stringify(change), change]));
  return toEdit(first.file, source, [...distinct.values()]);
}

/**
 * The comment of a suggestion; undefined where a forge couldn't apply it: its lines aren't in one part of the diff, the
 * file is another one than in the request, as where its base has changed it since, or the comment would be too long.
 */
export function commentOf(
  suggestion: Suggestion,
  source: string,
  files: readonly ChangedFile[],
  fence: (lines: number) => string,
): LineComment | undefined {
  const { file: path, startLine, endLine: line, text } = suggestion.edit;
  const file = files.find((each) => each.path === path);
  const bytes = Buffer.from(source);
  const blob = createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex"); // As git names it.
  if (file?.blob !== blob) return undefined;
  // Nobody documents what becomes of line breaks of Windows in a suggestion; and GitLab may take "/merge" for a command.
  if (source.includes("\r") || /^\/\w/m.test(text) || line - startLine >= MOST.lines) return undefined;
  const hunk = hunksOf(file.patch).find((lines) => lines.has(startLine) && lines.has(line));
  const body = bodyOf(suggestion, fence(line - startLine + 1));
  if (hunk === undefined || body.length > MOST.characters) return undefined;
  return { file, startLine, line, oldLine: hunk.get(line), body };
}

/** The lines of a file's new side that a patch shows together, each with its number on the old side if it was there. */
export function hunksOf(patch: string): Map<number, number | undefined>[] {
  const hunks: Map<number, number | undefined>[] = [];
  let [old, next, left] = [0, 0, 0];
  for (const line of patch.split("\n")) {
    const head = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (head !== null) {
      [old, next, left] = [Number(head[1]), Number(head[2]), Number(head[3] ?? 1)];
      hunks.push(new Map());
    } else if (line.startsWith("-")) {
      old += 1;
    } else if (left > 0 && !line.startsWith("\\")) {
      hunks.at(-1)?.set(next, line.startsWith("+") ? undefined : old++);
      next += 1;
      left -= 1;
    }
  }
  return hunks;
}

const MARKER = /^<!-- s3-public-access-block fixes ((?:[0-9a-f]{32} ?)+)-->/;

function bodyOf({ edit, findings }: Suggestion, language: string): string {
  const marks = [...new Set(findings.map(({ fingerprint }) => fingerprint))];
  const more = findings.length - MOST.named;
  return [
    `<!-- s3-public-access-block fixes ${marks.join(" ")} -->`,
    ...findings.slice(0, MOST.named).map(({ problem, policy }) => `${prose(problem)}\n${code(policy)}\n`),
    ...(more > 0 ? [`The same change fixes ${more} more findings.`] : []),
    fenced(edit.text, language),
  ].join("\n");
}

/** The fingerprints of the findings whose fix a comment offers. */
export function marksIn(body: string): string[] {
  return MARKER.exec(body)?.[1]?.trim().split(" ") ?? [];
}
