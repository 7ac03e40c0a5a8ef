/**
 * A stand-in for the APIs of GitHub and GitLab: as much as it takes to comment on one request, #7 of the repository o/r, or !7
 * of the project 42, whose commits are in a repository of git's on this machine. Both forges show the same comments.
 */
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { outputOf } from "../engine/command";
import { listen, Refusal, type Listening } from "../listen";
import type { LineComment } from "./suggestion";

/** The user whose token it is. */
export const OWN = 5;

export interface Comment extends Partial<LineComment> {
  readonly id: number;
  readonly author: number;
  body: string;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Its address is for GITHUB_API_URL; with /graphql for GITHUB_GRAPHQL_URL, with /api/v4 for CI_API_V4_URL. */
export interface ForgeServer extends Listening {
  readonly token: string;
  base: string;
  /** A push changes it. */
  head: string;
  /** Whether the token may write. */
  mayWrite: boolean;
  /** The answers to calls in place of the usual ones; "never" for no answer. */
  instead: Answer | "never" | undefined;
  /** Holds back what is posted until so many calls want to post, as when jobs run side by side. */
  together: number;
  /** Oldest first; on lines are those that have a path. */
  readonly comments: Comment[];
  /** "METHOD path" of every call. */
  readonly log: string[];
}

/** The tree that has nothing. */
const EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

export async function startForge(folder: string, base = EMPTY, head = base): Promise<ForgeServer> {
  const waiting: (() => void)[] = [];
  const turn = async (): Promise<void> => {
    if (waiting.length + 1 < forge.together) return new Promise((go) => waiting.push(go));
    forge.together = 0;
    for (const go of waiting.splice(0)) go();
  };
  const listening = await listen(async (request, response) => {
    const sent = await text(request);
    const { method = "", url = "" } = request;
    forge.log.push(`${method} ${url}`);
    if (method === "POST" && url !== "/graphql") await turn();
    const answer = forge.instead ?? respond(forge, routes, request, sent);
    if (answer === "never") return;
    response.writeHead(answer.status, answer.headers);
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  });
  const forge: ForgeServer = {
    ...listening,
    token: "secret-token",
    base,
    head,
    mayWrite: true,
    instead: undefined,
    together: 0,
    comments: [],
    log: [],
  };
  const routes = routesOf(forge, (...args) => outputOf("git", args, { cwd: folder }));
  return forge;
}

/** The fields of all routes' bodies together. */
interface Sent {
  readonly body: string;
  readonly commit_id: string;
  readonly event: string;
  readonly comments: readonly (LineComment & { readonly side?: string; readonly start_side?: string })[];
  readonly position: Readonly<Record<"base_sha" | "start_sha" | "head_sha" | "new_path" | "position_type", string>> & {
    readonly new_line: number;
    readonly old_line?: number;
  };
}
type Routes = Readonly<Record<string, (sent: Sent, named: string) => unknown>>;

function respond(
  forge: ForgeServer,
  routes: Routes,
  { method = "", url = "", headers }: IncomingMessage,
  sent: string,
): Answer {
  const { pathname, searchParams } = new URL(url, forge.url);
  const [path = "", named = ""] = pathname.split(/(?<=\/(?:comments|notes|files)\/)(?=[^/]+$)/);
  try {
    if (headers.authorization !== `Bearer ${forge.token}`) throw new Refusal(401, "Bad credentials");
    if (!headers["user-agent"]) throw new Refusal(403, "Request forbidden by administrative rules.");
    const route = routes[`${method} ${path}`];
    if (route === undefined) throw new Refusal(404, "Not Found");
    const isRead = method === "GET" || path === "/graphql";
    if (!isRead && !forge.mayWrite) throw new Refusal(403, "Resource not accessible by integration");
    const body = route(JSON.parse(sent || "{}") as Sent, decodeURIComponent(named));
    if (!Array.isArray(body)) return { status: method === "DELETE" ? 204 : 200, body };
    // Both give less a page unless they are asked for more, and 100 at most.
    const size = Math.min(100, Number(searchParams.get("per_page") ?? 20));
    const from = (Number(searchParams.get("page") ?? 1) - 1) * size;
    return { status: 200, body: body.slice(from, from + size) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status, body: { message: error.message } };
  }
}

const loginOf = (author: number): string => (author === OWN ? "github-actions[bot]" : "somebody");

function routesOf(forge: ForgeServer, git: (...args: string[]) => string): Routes {
  const { comments } = forge;
  let last = 1000;
  const add = ({ body, ...lines }: Partial<LineComment> & { body: string }): Comment => {
    if (body === "" || body.length > 65_536) throw new Refusal(422, "Body is too long or blank");
    const added = { id: (last += 1), author: OWN, ...lines, body };
    comments.push(added);
    return added;
  };
  const own = (id: string): Comment => {
    const found = comments.find((each) => each.id === Number(id));
    if (found?.author !== OWN) throw new Refusal(found === undefined ? 404 : 403, "Not yours");
    return found;
  };
  const post = ({ body }: Sent): Comment => add({ body });
  const change = ({ body }: Sent, id: string): Comment => Object.assign(own(id), { body });
  const remove = (_: Sent, id: string): void => {
    comments.splice(comments.indexOf(own(id)), 1);
  };
  const files = () => changedFiles(git, forge.base, forge.head);
  const linesIn = (path: string) => linesOf(files().find(({ filename }) => filename === path)?.patch ?? "");
  const gitHub = (isOnLines: boolean) => () =>
    comments
      .filter(({ path }) => (path !== undefined) === isOnLines)
      .map(({ author, ...comment }) => ({ ...comment, user: { login: loginOf(author) } }));
  const refs = () => ({ base_sha: forge.base, start_sha: forge.base, head_sha: forge.head });
  const [repo, project] = ["/repos/o/r", "/api/v4/projects/42"];
  return {
    "POST /graphql": () => ({ data: { viewer: { login: loginOf(OWN) } } }),
    [`GET ${repo}/issues/7/comments`]: gitHub(false),
    [`POST ${repo}/issues/7/comments`]: post,
    [`PATCH ${repo}/issues/comments/`]: change,
    [`DELETE ${repo}/issues/comments/`]: remove,
    [`GET ${repo}/pulls/7/comments`]: gitHub(true),
    [`DELETE ${repo}/pulls/comments/`]: remove,
    [`GET ${repo}/pulls/7/files`]: files,
    [`POST ${repo}/pulls/7/reviews`]: ({ commit_id: commit, event, comments: all }) => {
      // GitHub refuses a review as a whole.
      const isFit = all.every(({ path, line, start_line: start = line, side, start_side: startSide = side }) => {
        const hunks = [start, line].map((at) => linesIn(path).find((each) => each.new === at)?.hunk);
        return side === "RIGHT" && startSide === side && start <= line && hunks[0] && hunks[0] === hunks[1];
      });
      if (!isFit || event !== "COMMENT" || commit !== forge.head) throw new Refusal(422, "Line could not be resolved");
      for (const { path, line, start_line, body } of all) add({ path, line, ...(start_line && { start_line }), body });
      return { state: "COMMENTED" };
    },
    "GET /api/v4/user": () => ({ id: OWN }),
    [`GET ${project}/merge_requests/7`]: () => ({ diff_refs: refs() }),
    [`GET ${project}/merge_requests/7/diffs`]: () =>
      files().map(({ filename, patch }) => ({ old_path: filename, new_path: filename, diff: `${patch}\n` })),
    [`GET ${project}/repository/files/`]: (_, path) => ({
      blob_id: files().find((each) => each.filename === path)?.sha,
    }),
    [`GET ${project}/merge_requests/7/notes`]: () =>
      comments.map(({ id, body, author }) => ({ id, body, author: { id: author } })),
    [`POST ${project}/merge_requests/7/notes`]: post,
    [`PUT ${project}/merge_requests/7/notes/`]: change,
    [`DELETE ${project}/merge_requests/7/notes/`]: remove,
    [`POST ${project}/merge_requests/7/discussions`]: ({ body, position }) => {
      const { new_path: path, new_line: line, old_line: old, position_type: type, ...at } = position;
      const found = linesIn(path).find((each) => each.new === line);
      const isWhole = Object.entries(refs()).every(([name, sha]) => at[name as "head_sha"] === sha);
      if (!isWhole || type !== "text" || found === undefined || found.old !== old) {
        throw new Refusal(400, "line_code can't be blank");
      }
      return add({ path, line, body });
    },
  };
}

/** The changes of the request, with three lines around each, as GitHub lists them. */
function changedFiles(git: (...args: string[]) => string, base: string, head: string) {
  const names = git("diff", "--no-renames", "--name-only", "-z", base, head).split("\0").filter(Boolean);
  return names.map((filename) => {
    const diff = git("diff", "--no-renames", "--unified=3", base, head, "--", filename);
    const [, sha = ""] = /^\S+ blob (\S+)/.exec(git("ls-tree", head, "--", filename)) ?? [];
    return { filename, sha, patch: diff.slice(Math.max(0, diff.indexOf("\n@@") + 1)).trimEnd() };
  });
}

interface Line {
  readonly new: number;
  readonly old: number | undefined;
  readonly hunk: number;
}

/** The lines of a patch's new side, counted line by line; those of one hunk are shown together. */
function linesOf(patch: string): Line[] {
  const lines: Line[] = [];
  let [hunk, old, next] = [0, 0, 0];
  for (const line of patch.split("\n")) {
    const head = /^@@ -(\d+)\S* \+(\d+)/.exec(line);
    if (head !== null) [hunk, old, next] = [hunk + 1, Number(head[1]), Number(head[2])];
    else if (line.startsWith("-")) old += 1;
    else if (line.startsWith("+")) lines.push({ new: next++, old: undefined, hunk });
    else if (!line.startsWith("\\")) lines.push({ new: next++, old: old++, hunk });
  }
  return lines;
}
