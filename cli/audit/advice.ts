import type { Located } from "./report";

/** What a report says to fix a finding, beside the code: it stands once for all that is wrong in the same way. */
export interface Advice {
  /** The finding whose names are in it. */
  readonly heading: string;
  /** The lines before the code, which say what it is for and what a placeholder in it stands for. */
  readonly before: readonly string[];
  readonly code: string | undefined;
  /** The lines after it, such as whom to ask. */
  readonly after: readonly string[];
}

/** Undefined for what is exempt, and where the cause has said it all. */
export function adviceOn({ name, kind, problem, fix, more }: Located): Advice | undefined {
  if (kind === "exempt") return undefined;
  const [, ...before] = problem.split("\n");
  const after = more === undefined ? [] : more.split("\n");
  if (fix === undefined && before.length + after.length === 0) return undefined;
  return { heading: fix === undefined ? `'${name}':` : `To fix '${name}':`, before, code: fix, after };
}
