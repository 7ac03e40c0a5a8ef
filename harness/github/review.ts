import type { ChangedFile } from "./pull-request";
import type { Comment } from "./suggestion";

/** What a review is posted with ("Create a review for a pull request"). */
export interface Review {
  readonly commit_id?: string;
  readonly event?: string;
  readonly body?: string;
  readonly comments: readonly (Comment & { readonly side?: string; readonly start_side?: string })[];
}

const LARGEST_BODY = 65_536;

/** Why GitHub would refuse the whole review, in its words where they are known. */
export function errorIn(
  { commit_id: commit, event, body = "", comments }: Review,
  commits: readonly string[],
  files: readonly ChangedFile[],
): string | undefined {
  if (event !== "COMMENT") return `event is ${event ?? "missing"}: this stand-in knows COMMENT only`;
  if (body === "") return "Review body can't be blank";
  if (commit === undefined || !commits.includes(commit)) return "The commit is not part of the pull request";
  return comments.map((comment) => errorOf(comment, files)).find((error) => error !== undefined);
}

function errorOf(
  { path, line, start_line: start, side, start_side: startSide, body }: Review["comments"][number],
  files: readonly ChangedFile[],
): string | undefined {
  const file = files.find(({ filename }) => filename === path);
  if (file === undefined) return "Path could not be resolved";
  if (body === "" || body.length > LARGEST_BODY) return "Body is too long or blank";
  if (side !== "RIGHT" || (start !== undefined && startSide !== "RIGHT")) return "Side is not RIGHT";
  const hunk = newSides(file.patch).find((lines) => lines.includes(line));
  if (hunk === undefined) return "Line could not be resolved";
  if (start === undefined) return undefined;
  if (start >= line) return "Start line must precede the end line.";
  return hunk.includes(start) ? undefined : "Start line must be part of the same hunk as the line.";
}

/** The numbers of the lines that each hunk has on its new side: counted line by line, not by its head. */
function newSides(patch: string): number[][] {
  const hunks: number[][] = [];
  let next = 0;
  for (const line of patch.split("\n")) {
    const head = /^@@ -\S+ \+(\d+)/.exec(line)?.[1];
    if (head !== undefined) {
      next = Number(head);
      hunks.push([]);
    } else if (line.startsWith("+") || line.startsWith(" ") || line === "") {
      hunks.at(-1)?.push(next);
      next += 1;
    }
  }
  return hunks;
}
