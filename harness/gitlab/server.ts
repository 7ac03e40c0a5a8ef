import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A note, as GitLab's API has it. */
export interface Note {
  readonly id: number;
  readonly author: { readonly id: number };
  body: string;
}

/** A stand-in for GitLab's REST API: as much as it takes to write notes on one merge request, !7 of project 42. */
export interface GitLab {
  /** The root of the API, for CI_API_V4_URL. */
  readonly url: string;
  readonly token: string;
  /** The user whose token it is. */
  readonly user: number;
  /** Whether the token's scope lets it write. */
  mayWrite: boolean;
  /** What each call is answered with instead; undefined for the answer itself. */
  instead: Answer | undefined;
  /** Oldest first. */
  readonly notes: Note[];
  /** "METHOD path status" of every call, without the query. */
  readonly log: string[];
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export async function startGitLab(token = "glpat-token"): Promise<GitLab> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const gitlab: GitLab = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4`,
    ...{ token, user: 5, mayWrite: true, instead: undefined, notes: [], log: [] },
    close: () => close(server),
  };
  server.on("request", (request, response) => {
    void read(request).then((body) => {
      const { status, body: answer } = gitlab.instead ?? respond(gitlab, request, body);
      gitlab.log.push(`${request.method ?? ""} ${(request.url ?? "").replace(/\?.*/, "")} ${status}`);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
    });
  });
  return gitlab;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => {
    server.close(() => {
      done();
    });
  });
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

const NOTES = "/api/v4/projects/42/merge_requests/7/notes";

function respond(gitlab: GitLab, request: IncomingMessage, text: string): Answer {
  const { method = "", url = "/", headers } = request;
  const { pathname, searchParams } = new URL(url, gitlab.url);
  if (headers.authorization !== `Bearer ${gitlab.token}`) return refusal(401, "401 Unauthorized");
  if (method === "GET" && pathname === "/api/v4/user") return { status: 200, body: { id: gitlab.user } };
  if (!pathname.startsWith(NOTES)) return refusal(404, "404 Project Not Found");
  if (method === "GET" && pathname === NOTES) return { status: 200, body: page(gitlab.notes, searchParams) };
  if (!gitlab.mayWrite) return refusal(403, "403 Forbidden");
  const { body } = JSON.parse(text) as { body?: string };
  if (!body || body.length > 1_000_000) return refusal(400, "400 Bad request - Note is invalid");
  if (method === "POST" && pathname === NOTES) {
    const note = { id: 100 + gitlab.notes.length, author: { id: gitlab.user }, body };
    gitlab.notes.push(note);
    return { status: 201, body: note };
  }
  const note = gitlab.notes.find(({ id }) => pathname === `${NOTES}/${id}`);
  if (method !== "PUT" || note === undefined) return refusal(404, "404 Note Not Found");
  if (note.author.id !== gitlab.user) return refusal(403, "403 Forbidden");
  note.body = body;
  return { status: 200, body: note };
}

/** GitLab gives 20 a page unless it is asked for others, newest first, and 100 at most. */
function page(notes: readonly Note[], query: URLSearchParams): Note[] {
  const size = Math.min(100, Number(query.get("per_page") ?? 20));
  const from = (Number(query.get("page") ?? 1) - 1) * size;
  const sorted = query.get("sort") === "asc" ? notes : [...notes].reverse();
  return sorted.slice(from, from + size);
}

function refusal(status: number, message: string): Answer {
  return { status, body: { message } };
}
