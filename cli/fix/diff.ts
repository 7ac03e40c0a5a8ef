import { formatPatch, structuredPatch } from "diff";
import type { Rewritten } from "./plan";

/** A patch that `git apply` takes at the repository's root, and `patch -p1` too. */
export function patchOf(files: readonly Rewritten[]): string {
  return files
    .map(({ file, before, after }) => {
      const patch = structuredPatch(`a/${file}`, `b/${file}`, before, after, "", "", { context: 3 });
      return formatPatch({ ...patch, isGit: true });
    })
    .join("");
}
