import { formatPatch, structuredPatch } from "diff";
import type { Finding } from "../report/report";
import { applyEdits, ConflictError, type Edit } from "../source/edit";

/** What to write, and what is left to a person. */
export interface Plan {
  readonly files: readonly ChangedText[];
  readonly fixed: readonly Finding[];
  readonly left: readonly Left[];
}

/** A file of the program, before and after. */
export interface ChangedText {
  /** Relative to the repository's root. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** A finding that isn't fixed, and why: the end of a sentence about it. */
export interface Left {
  readonly finding: Finding;
  readonly why: string;
}

/** A file can't be changed; the message says why. */
export class UntouchableError extends Error {}

/**
 * The edits of the findings, made, as far as every file is still code that can be read. Those of one finding are made together or not at all; where those of two exclude each
 * other, the first has them, and the other is found again by the next preview.
 * @param read the text of a file; throws UntouchableError for one that must not be changed
 * @param faultsIn how many places of a file's text are no code
 */
export function plan(
  findings: readonly Finding[],
  read: (file: string) => string,
  faultsIn: (text: string, file: string) => number,
): Plan {
  const files = new Map<string, State>();
  const fixed: Finding[] = [];
  const left: Left[] = [];
  for (const finding of findings.filter(({ kind }) => kind !== "exempt")) {
    try {
      const next = new Map<string, State>();
      for (const [file, state] of changed(finding, (name) => files.get(name) ?? fresh(read(name)))) {
        next.set(file, state);
      }
      for (const [file, { before, after }] of next) {
        const isWorse = after !== files.get(file)?.after && faultsIn(after, file) > faultsIn(before, file);
        if (isWorse) throw new UntouchableError(`${file} would no longer be code that can be read`);
      }
      for (const [file, state] of next) files.set(file, state);
      fixed.push(finding);
    } catch (error) {
      if (!(error instanceof UntouchableError || error instanceof ConflictError)) throw error;
      left.push({ finding, why: error.message });
    }
  }
  const all = [...files].map(([file, { before, after }]) => ({ file, before, after }));
  return { files: all.filter(({ before, after }) => before !== after), fixed, left };
}

interface State {
  readonly before: string;
  readonly after: string;
  readonly edits: readonly Edit[];
}

const fresh = (before: string): State => ({ before, after: before, edits: [] });

function changed({ edits = [], byHand }: Finding, state: (file: string) => State): Map<string, State> {
  if (edits.length === 0) throw new UntouchableError(byHand ?? "no change is known that fixes it");
  const changes = new Map<string, State>();
  for (const edit of edits) {
    const { before, edits: others, after } = changes.get(edit.file) ?? state(edit.file);
    // Resources that a loop makes have the same edits.
    const isMade = others.some((other) => JSON.stringify(other) === JSON.stringify(edit));
    const all = isMade ? others : [...others, edit];
    changes.set(edit.file, { before, edits: all, after: isMade ? after : applyEdits(before, all) });
  }
  return changes;
}

/** A patch that `git apply` takes at the repository's root, and `patch -p1` too. */
export function patchOf(files: readonly ChangedText[]): string {
  return files
    .map(({ file, before, after }) => {
      const patch = structuredPatch(`a/${file}`, `b/${file}`, before, after, "", "", { context: 3 });
      return formatPatch({ ...patch, isGit: true });
    })
    .join("");
}
