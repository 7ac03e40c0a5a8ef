/** Lines of a file's new side that a pull request shows together, counted from 1. */
export interface Hunk {
  readonly first: number;
  readonly last: number;
}

/** The parts of a file that a patch shows; only lines in one of them can have a comment. */
export function hunksOf(patch: string): Hunk[] {
  return [...patch.matchAll(/^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm)].flatMap(([, start, count]) => {
    const [first, lines] = [Number(start), Number(count ?? 1)];
    return lines === 0 ? [] : [{ first, last: first + lines - 1 }];
  });
}
