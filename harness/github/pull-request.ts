import { outputOf } from "../engine/command";

/** A file of a pull request, as GitHub's API has it. */
export interface ChangedFile {
  readonly filename: string;
  readonly status: "added" | "modified" | "removed";
  readonly sha: string;
  readonly patch: string;
}

const STATUS = { A: "added", M: "modified", D: "removed" } as const;

const inGit = (folder: string, ...args: string[]): string => outputOf("git", args, { cwd: folder });

/** The commits of the pull request. */
export function commitsOf(folder: string, base: string, head: string): string[] {
  return inGit(folder, "rev-list", `${base}..${head}`).split("\n").filter(Boolean);
}

/** What a pull request changes: from where its branch left the base to its head, with three lines around each change. */
export function filesOf(folder: string, base: string, head: string): ChangedFile[] {
  const range = `${base}...${head}`;
  const names = inGit(folder, "diff", "--no-renames", "--name-status", "-z", range)
    .split("\0")
    .filter(Boolean);
  return names.flatMap((letter, at) => {
    const filename = names[at + 1];
    const status = STATUS[letter as keyof typeof STATUS];
    if (at % 2 === 1 || filename === undefined) return [];
    const diff = inGit(folder, "diff", "--no-renames", "--unified=3", range, "--", filename);
    const from = status === "removed" ? base : head;
    const sha = inGit(folder, "rev-parse", `${from}:${filename}`).trim();
    return [{ filename, status, sha, patch: diff.slice(Math.max(0, diff.indexOf("\n@@") + 1)).trimEnd() }];
  });
}
