/**
 * A stand-in for the APIs of GitHub and GitLab: as much as it takes to comment on one request, #7 of the repository o/r, or !7
 * of the project 42, whose commits are in a repository of git's on this machine. Both forges show the same comments.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { outputOf } from "../engine/command";
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

export interface ForgeServer {
  /** For GITHUB_API_URL; with /graphql for GITHUB_GRAPHQL_URL, with /api/v4 for CI_API_V4_URL. */
  readonly url: string;
  readonly token: string;
  base: string;
  /** A push changes it. */
  head: string;
  /** Whether the token may write. */
  mayWrite: boolean;
  /** What each call is answered with instead; "never" for no answer. */
  instead: Answer | "never" | undefined;
  /** Holds back what is posted until so many calls want to post, as when jobs run side by side. */
  together: number;
  /** Oldest first; on lines are those that have a path. */
  readonly comments: Comment[];
  /** "METHOD path status" of every call, without the query. */
  readonly log: string[];
  readonly close: () => Promise<void>;
}

/** The number of a commit that has nothing. */
export const EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

export async function startForge(folder: string, base = EMPTY, head = base): Promise<ForgeServer> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const forge: ForgeServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: "secret-token",
    ...{ base, head, mayWrite: true, instead: undefined, together: 0, comments: [], log: [] },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => {
          done();
        });
      }),
  };
  const waiting: (() => void)[] = [];
  const turn = async (): Promise<void> => {
    if (forge.together === 0) return;
    await new Promise<void>((go) => {
      waiting.push(go);
      if (waiting.length < forge.together) return;
      forge.together = 0;
      for (const each of waiting.splice(0)) each();
    });
  };
  const routes = routesOf(forge, folder);
  server.on("request", (request, response) => {
    void (async () => {
      const body = await text(request);
      const { method = "", url = "" } = request;
      if (method === "POST" && !url.endsWith("/graphql")) await turn();
      const answer = forge.instead ?? respond(forge, routes, request, body);
      if (answer === "never") return;
      forge.log.push(`${method} ${url.replace(/\?.*/, "")} ${answer.status}`);
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
    })();
  });
  return forge;
}

interface Call {
  /** What the route's groups matched, decoded. */
  readonly parts: readonly string[];
  readonly sent: Readonly<Record<string, unknown>>;
}
type Route = readonly [method: string, path: RegExp, answer: (call: Call) => unknown];

class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errors?: readonly string[],
  ) {
    super(message);
  }
}

function respond(
  forge: ForgeServer,
  routes: readonly Route[],
  request: IncomingMessage,
  body: string,
): Answer {
  const { pathname, searchParams } = new URL(request.url ?? "/", forge.url);
  const { method = "", headers } = request;
  try {
    if (headers.authorization !== `Bearer ${forge.token}`) throw new Refusal(401, "Bad credentials");
    if (!headers["user-agent"]) throw new Refusal(403, "Request forbidden by administrative rules.");
    for (const [wanted, path, answer] of routes) {
      const match = path.exec(pathname);
      if (method !== wanted || match === null) continue;
      const isWrite = method !== "GET" && pathname !== "/graphql";
      if (isWrite && !forge.mayWrite) throw new Refusal(403, "Resource not accessible by integration");
      const sent = body === "" ? {} : (JSON.parse(body) as Call["sent"]);
      const found = answer({ parts: match.slice(1).map(decodeURIComponent), sent });
      if (method === "DELETE") return { status: 204 };
      return {
        status: method === "POST" ? 201 : 200,
        body: Array.isArray(found) ? page(found, searchParams) : found,
      };
    }
    throw new Refusal(404, "Not Found");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, message, errors } = error;
    return { status, body: { message, ...(errors && { errors }) } };
  }
}

/** Both give less a page unless they are asked for more, and 100 at most. */
function page(items: readonly unknown[], asked: URLSearchParams): unknown[] {
  const size = Math.min(100, Number(asked.get("per_page") ?? 20));
  const from = (Number(asked.get("page") ?? 1) - 1) * size;
  return items.slice(from, from + size);
}

function routesOf(forge: ForgeServer, folder: string): Route[] {
  const { comments } = forge;
  let last = 1000;
  const git = (...args: string[]): string => outputOf("git", args, { cwd: folder });
  const files = () => changedFiles(git, forge.base, forge.head);
  const add = (comment: Omit<Comment, "id" | "author">): Comment => {
    if (comment.body === "" || comment.body.length > 65_536) throw invalid("Body is too long or blank");
    const added = { id: (last += 1), author: OWN, ...comment };
    comments.push(added);
    return added;
  };
  const own = (id: string | undefined): Comment => {
    const found = comments.find((each) => each.id === Number(id));
    if (found === undefined) throw new Refusal(404, "Not Found");
    if (found.author !== OWN) throw new Refusal(403, "Forbidden");
    return found;
  };
  const change = ({ parts: [id], sent }: Call): Comment => Object.assign(own(id), { body: sent.body });
  const remove = ({ parts: [id] }: Call): void => {
    comments.splice(comments.indexOf(own(id)), 1);
  };
  const onGitHub = ({ author, ...comment }: Comment) => ({ ...comment, user: { login: loginOf(author) } });
  const onGitLab = ({ id, body, author }: Comment) => ({ id, body, author: { id: author } });
  const repo = "^/repos/o/r";
  const project = "^/api/v4/projects/42";
  const refs = () => ({ base_sha: forge.base, start_sha: forge.base, head_sha: forge.head });
  return [
    ["POST", /^\/graphql$/, () => ({ data: { viewer: { login: loginOf(OWN) } } })],
    [
      "GET",
      new RegExp(`${repo}/issues/7/comments$`),
      () => comments.filter(({ path }) => !path).map(onGitHub),
    ],
    ["POST", new RegExp(`${repo}/issues/7/comments$`), ({ sent }) => add({ body: String(sent.body) })],
    ["PATCH", new RegExp(`${repo}/issues/comments/(\\d+)$`), change],
    ["DELETE", new RegExp(`${repo}/(?:issues|pulls)/comments/(\\d+)$`), remove],
    ["GET", new RegExp(`${repo}/pulls/7/comments$`), () => comments.filter(({ path }) => path).map(onGitHub)],
    ["GET", new RegExp(`${repo}/pulls/7/files$`), files],
    [
      "POST",
      new RegExp(`${repo}/pulls/7/reviews$`),
      ({ sent }) => {
        const { commit_id: commit, event, comments: all = [] } = sent as unknown as Review;
        if (event !== "COMMENT") throw invalid(`event is ${event}: this stand-in knows COMMENT only`);
        if (commit !== forge.head) throw invalid("The commit is not the head");
        for (const comment of all) checkLines(comment, files());
        for (const { path, line, start_line, body } of all)
          add({ path, line, ...(start_line && { start_line }), body });
        return { id: 1 };
      },
    ],
    ["GET", /^\/api\/v4\/user$/, () => ({ id: OWN })],
    ["GET", new RegExp(`${project}/merge_requests/7$`), () => ({ diff_refs: refs() })],
    [
      "GET",
      new RegExp(`${project}/merge_requests/7/diffs$`),
      () =>
        files().map(({ filename, patch }) => ({
          old_path: filename,
          new_path: filename,
          diff: `${patch}\n`,
        })),
    ],
    [
      "GET",
      new RegExp(`${project}/repository/files/([^/]+)$`),
      ({ parts: [path] }) => ({ blob_id: files().find(({ filename }) => filename === path)?.sha }),
    ],
    ["GET", new RegExp(`${project}/merge_requests/7/notes$`), () => comments.map(onGitLab)],
    [
      "POST",
      new RegExp(`${project}/merge_requests/7/notes$`),
      ({ sent }) => add({ body: String(sent.body) }),
    ],
    ["PUT", new RegExp(`${project}/merge_requests/7/notes/(\\d+)$`), change],
    ["DELETE", new RegExp(`${project}/merge_requests/7/notes/(\\d+)$`), remove],
    [
      "POST",
      new RegExp(`${project}/merge_requests/7/discussions$`),
      ({ sent }) => {
        const { body, position } = sent as unknown as { body: string; position: Position };
        const { new_path: path, new_line: line, old_line: old, position_type: type } = position;
        if (
          type !== "text" ||
          Object.entries(refs()).some(([name, sha]) => position[name as "head_sha"] !== sha)
        )
          throw invalid("Position is incomplete");
        const sides = linesOf(files().find(({ filename }) => filename === path)?.patch ?? "");
        const found = sides.find((each) => each.new === line);
        if (found === undefined || found.old !== old) throw invalid("line_code can't be blank");
        return add({ path, line, body });
      },
    ],
  ];
}

const loginOf = (author: number): string => (author === OWN ? "github-actions[bot]" : "somebody");
const invalid = (why: string): Refusal => new Refusal(422, "Unprocessable Entity", [why]);

interface Review {
  readonly commit_id: string;
  readonly event: string;
  readonly comments?: readonly (LineComment & { readonly side?: string; readonly start_side?: string })[];
}

interface Position extends Readonly<Record<"base_sha" | "start_sha" | "head_sha" | "new_path", string>> {
  readonly position_type: string;
  readonly new_line: number;
  readonly old_line?: number;
}

interface ChangedFile {
  readonly filename: string;
  readonly status: string;
  readonly sha: string;
  readonly patch: string;
}

/** What the request changes, with three lines around each change. */
function changedFiles(git: (...args: string[]) => string, base: string, head: string): ChangedFile[] {
  const names = git("diff", "--no-renames", "--name-only", "-z", base, head).split("\0").filter(Boolean);
  return names.map((filename) => {
    const diff = git("diff", "--no-renames", "--unified=3", base, head, "--", filename);
    const [, sha = ""] = /^\S+ blob (\S+)/.exec(git("ls-tree", head, "--", filename)) ?? [];
    const patch = diff.slice(Math.max(0, diff.indexOf("\n@@") + 1)).trimEnd();
    return { filename, status: sha === "" ? "removed" : "modified", sha, patch };
  });
}

/** The lines of a patch's new side, counted line by line; `hunk` says which are shown together. */
function linesOf(patch: string): { new: number; old: number | undefined; hunk: number }[] {
  const lines: ReturnType<typeof linesOf> = [];
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

/** Why GitHub refuses the whole review, in its words where they are known. */
function checkLines(
  { path, line, start_line: start, side, start_side: startSide }: NonNullable<Review["comments"]>[number],
  files: readonly ChangedFile[],
): void {
  const lines = linesOf(files.find(({ filename }) => filename === path)?.patch ?? "");
  if (lines.length === 0) throw invalid("Path could not be resolved");
  if (side !== "RIGHT" || (start !== undefined && startSide !== "RIGHT")) throw invalid("Side is not RIGHT");
  const hunkOf = (wanted: number): number | undefined => lines.find((each) => each.new === wanted)?.hunk;
  if (hunkOf(line) === undefined) throw invalid("Line could not be resolved");
  if (start === undefined) return;
  if (start >= line) throw invalid("Start line must precede the end line.");
  if (hunkOf(start) !== hunkOf(line)) throw invalid("Start line must be part of the same hunk as the line.");
}
