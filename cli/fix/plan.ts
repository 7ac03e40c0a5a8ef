import { formatPatch, structuredPatch } from "diff";
import type { Finding } from "../report/report";
import { applyEdits, type Edit, FixError } from "../source/edit";

export type Plan = ReturnType<typeof plan>;

/** A file of the program, relative to the repository's root, and its text before and after. */
export type ChangedText = Readonly<Record<"file" | "before" | "after", string>>;

/** A finding that isn't fixed, and why: the end of a sentence about it. */
export type Left = Readonly<{ finding: Finding; why: string }>;

/**
 * The edits of the findings, made as far as every file still parses as before. Those of one finding are made together or not at
 * all; if those of two exclude each other, the first has them, and the next preview finds the other again.
 * @param read the text of a file; throws FixError for one that must not be changed
 * @param faultsIn the number of syntax errors in a file's text
 */
export function plan(
  findings: readonly Finding[],
  read: (file: string) => string,
  faultsIn: (text: string, file: string) => number,
) {
  const files = new Map<string, Edited>();
  const fixed: Finding[] = [];
  const left: Left[] = [];
  for (const finding of findings.filter(({ kind }) => kind !== "exempt")) {
    try {
      const changed = edited(finding, (file) => files.get(file) ?? unedited(file, read(file)));
      for (const [file, { before, after }] of changed) {
        if (after !== files.get(file)?.after && faultsIn(after, file) > faultsIn(before, file))
          throw new FixError(`${file} would have new syntax errors`);
      }
      changed.forEach((each, file) => files.set(file, each));
      fixed.push(finding);
    } catch (error) {
      if (!(error instanceof FixError)) throw error;
      left.push({ finding, why: error.message });
    }
  }
  const changed: ChangedText[] = [...files.values()].filter(({ before, after }) => before !== after);
  return { files: changed, fixed, left };
}

interface Edited extends ChangedText {
  readonly edits: readonly Edit[];
}

const unedited = (file: string, before: string): Edited => ({ file, before, after: before, edits: [] });

/** The finding's files with its edits made, too. */
function edited({ edits = [], byHand }: Finding, now: (file: string) => Edited): Map<string, Edited> {
  if (edits.length === 0) throw new FixError(byHand ?? "no change is known that fixes it");
  const changed = new Map<string, Edited>();
  for (const edit of edits) {
    const { file } = edit;
    const { before, edits: others } = changed.get(file) ?? now(file);
    const all = [...others, edit];
    changed.set(file, { file, before, after: applyEdits(before, all), edits: all });
  }
  return changed;
}

/** A patch that `git apply` takes at the repository's root, and `patch -p1` too. */
export function patchOf(files: readonly ChangedText[]): string {
  return files
    .map(({ file, before, after }) => {
      const isCreate = before === "";
      const old = isCreate ? "/dev/null" : `a/${file}`;
      const patch = structuredPatch(old, `b/${file}`, before, after, "", "", { context: 3 });
      return formatPatch({ ...patch, isGit: true, ...(isCreate && { isCreate, newMode: "100644" }) });
    })
    .join("");
}
