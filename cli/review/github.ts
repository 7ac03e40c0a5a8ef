import { isObject } from "../../policypack/shared/values";
import { ask, UnreachableError } from "../ask";

/*
 * As much of GitHub's REST API (version 2022-11-28) as a review needs: "List pull requests files", "List review comments on a
 * pull request", "Create a review for a pull request".
 */

/** GitHub didn't do what was asked; the message says why, and what to do. */
export class GitHubError extends Error {}

export interface Access {
  /** Without a slash at the end; of GitHub Enterprise another one. */
  readonly api: string;
  /** OWNER/NAME. */
  readonly repository: string;
  readonly token: string;
  /** How long each answer may take. */
  readonly limitMs: number;
}

export interface ChangedFile {
  readonly filename: string;
  /** The name by which git has its present content. */
  readonly sha: string;
  /** Not there for what isn't text, and for what is large. */
  readonly patch?: string;
}

/** A comment on lines of the new side of a file, with the names of GitHub's API. */
export interface ReviewComment {
  readonly path: string;
  readonly line: number;
  /** The first of several lines. */
  readonly start_line?: number;
  readonly body: string;
}

const PER_PAGE = 100;
/** GitHub lists 3000 files of a pull request at most. */
const PAGES = 30;

export async function changedFiles(access: Access, number: number): Promise<ChangedFile[]> {
  const all = await list(access, `pulls/${number}/files`);
  return all.flatMap(({ filename, sha, patch }) =>
    typeof filename === "string" && typeof sha === "string"
      ? [{ filename, sha, ...(typeof patch === "string" && { patch }) }]
      : [],
  );
}

/** The texts of all comments on lines, those of resolved conversations among them. */
export async function commentBodies(access: Access, number: number): Promise<string[]> {
  const all = await list(access, `pulls/${number}/comments`);
  return all.flatMap(({ body }) => (typeof body === "string" ? [body] : []));
}

export async function postReview(
  access: Access,
  { number, head }: { number: number; head: string },
  body: string,
  comments: readonly ReviewComment[],
): Promise<void> {
  const sided = comments.map((comment) => ({
    ...comment,
    side: "RIGHT",
    ...(comment.start_line !== undefined && { start_side: "RIGHT" }),
  }));
  await call(access, "POST", `pulls/${number}/reviews`, {
    ...{ commit_id: head, event: "COMMENT", body, comments: sided },
  });
}

async function list(access: Access, path: string): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = [];
  for (let page = 1; page <= PAGES; page += 1) {
    const items = await call(access, "GET", `${path}?per_page=${PER_PAGE}&page=${page}`);
    if (!Array.isArray(items)) throw new GitHubError(`GitHub's answer to ${path} isn't a list`);
    all.push(...items.filter(isObject));
    if (items.length < PER_PAGE) break;
  }
  return all;
}

async function call(
  { api, repository, token, limitMs }: Access,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const { response, text } = await ask(`${api}/repos/${repository}/${path}`, {
    ...{ method, token, body, limitMs },
    headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
  }).catch((error: unknown) => {
    throw error instanceof UnreachableError ? new GitHubError(error.message) : error;
  });
  if (!response.ok) throw new GitHubError(refusal(response, text));
  try {
    return JSON.parse(text);
  } catch {
    throw new GitHubError(`GitHub's answer to ${path} is not JSON`);
  }
}

/** "Rate limits for the REST API": one of both codes, and a header that says so. */
function isLimit({ status, headers }: Response, told: string): boolean {
  const isSaid = headers.has("retry-after") || headers.get("x-ratelimit-remaining") === "0";
  return status === 429 || (status === 403 && (isSaid || /rate limit/i.test(told)));
}

function refusal(response: Response, text: string): string {
  const { status } = response;
  const told = `GitHub answers ${status}: ${messageIn(text)}`;
  if (isLimit(response, told))
    return `${told}\nThis job asks for too much at once; the next run tries again.`;
  if (status === 401) return `${told}\nGITHUB_TOKEN is not a token that it knows.`;
  if (status === 403 || status === 404) return `${told}\nThe job needs the permission pull-requests: write.`;
  return told;
}

function messageIn(text: string): string {
  try {
    const answer: unknown = JSON.parse(text);
    if (!isObject(answer)) return text.slice(0, 200);
    const errors = Array.isArray(answer.errors) ? answer.errors.map((each) => JSON.stringify(each)) : [];
    return [String(answer.message), ...errors].join(", ");
  } catch {
    return text.slice(0, 200); // A proxy's page.
  }
}
