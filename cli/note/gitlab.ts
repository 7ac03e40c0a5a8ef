import { isObject } from "../../policypack/shared/values";
import { ask, UnreachableError } from "../ask";

/*
 * As much of GitLab's REST API (v4) as it takes to keep a note: "Users: get the current user" and, of "Notes", "List all merge
 * request notes", "Create new merge request note" and "Modify existing merge request note".
 */

/** GitLab didn't do what was asked; the message says why, and what to do. */
export class GitLabError extends Error {}

export interface Access {
  /** The root of the API, without a slash at the end. */
  readonly api: string;
  /** The number of the project that the merge request is in, which isn't the fork that its branch may be in. */
  readonly project: string;
  /** The merge request's number in the project. */
  readonly request: string;
  readonly token: string;
  /** How long each answer may take. */
  readonly limitMs: number;
}

const PER_PAGE = 100;
/** Beyond so many pages of notes there is no looking for one. */
const PAGES = 100;

/**
 * Makes the note on the merge request read so. It is the token's own that begins with the same line: someone else may have copied
 * that line. Where there is none, one is written.
 * @throws GitLabError
 */
export async function keepNote(access: Access, body: string): Promise<"written" | "updated" | "unchanged"> {
  const notes = notesOf(access);
  const earlier = await find(access, notes, markerOf(body));
  if (earlier === undefined) {
    await call(access, "POST", notes, { body });
    return "written";
  }
  if (earlier.body.trimEnd() === body.trimEnd()) return "unchanged";
  await call(access, "PUT", `${notes}/${earlier.id}`, { body });
  return "updated";
}

/** The first line, which is hidden, and the same in every summary of one stack. */
export function markerOf(body: string): string {
  return body.split("\n", 1)[0] ?? "";
}

const notesOf = ({ project, request }: Access): string =>
  `projects/${encodeURIComponent(project)}/merge_requests/${encodeURIComponent(request)}/notes`;

interface Note {
  readonly id: number;
  readonly body: string;
}

async function find(access: Access, notes: string, marker: string): Promise<Note | undefined> {
  const me = await call(access, "GET", "user");
  if (!isObject(me) || typeof me.id !== "number") throw new GitLabError("GitLab's answer to user has no id");
  for (let page = 1; page <= PAGES; page += 1) {
    const list = `${notes}?sort=asc&per_page=${PER_PAGE}&page=${page}`;
    const items = await call(access, "GET", list);
    if (!Array.isArray(items)) throw new GitLabError("GitLab's answer to notes is no list");
    for (const { id, body, author } of items.filter(isObject)) {
      const isOwn = isObject(author) && author.id === me.id;
      if (typeof id === "number" && typeof body === "string" && isOwn && markerOf(body) === marker) {
        return { id, body };
      }
    }
    if (items.length < PER_PAGE) break;
  }
  return undefined;
}

async function call(
  { api, token, limitMs }: Access,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const { response, text } = await ask(`${api}/${path}`, { method, token, body, limitMs }).catch(
    (error: unknown) => {
      throw error instanceof UnreachableError ? new GitLabError(error.message) : error;
    },
  );
  if (!response.ok) throw new GitLabError(refusal(response.status, text));
  try {
    return JSON.parse(text);
  } catch {
    throw new GitLabError(`GitLab's answer to ${path.split("?", 1)[0] ?? ""} is not JSON`);
  }
}

function refusal(status: number, text: string): string {
  const told = `GitLab answers ${status}: ${text.slice(0, 200)}`;
  if (status === 401) return `${told}\nGITLAB_TOKEN is not a token that it knows, or it has expired.`;
  if (status === 403 || status === 404) {
    return `${told}\nGITLAB_TOKEN needs the scope api, and the role Planner or a higher one in the project of the merge request.`;
  }
  return told;
}
