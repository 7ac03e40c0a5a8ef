import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { commitsOf, filesOf, type ChangedFile } from "./pull-request";
import { errorIn, type Review } from "./review";
import type { Comment } from "./suggestion";

/**
 * A stand-in for GitHub's REST API: as much as it takes to review one pull request, number 7 of the repository o/r, whose
 * commits are in a repository of git's on this machine.
 */
export interface GitHub {
  /** The address of the API, for GITHUB_API_URL. */
  readonly url: string;
  readonly token: string;
  /** The base and the head of the pull request; a push changes the head. */
  base: string;
  head: string;
  /** Whether the token may write to pull requests. */
  mayWrite: boolean;
  /** What each call is answered with instead; undefined for the answer itself, "never" for none. */
  instead: Answer | "never" | undefined;
  readonly reviews: Review[];
  /** All comments on lines, oldest first; those of resolved conversations stay among them. */
  readonly comments: Comment[];
  /** "METHOD path status" of every call. */
  readonly log: string[];
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function startGitHub(
  folder: string,
  base: string,
  head: string,
  token = "ghs_token",
): Promise<GitHub> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const github: GitHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    ...{ base, head, mayWrite: true, instead: undefined },
    ...{ reviews: [], comments: [], log: [] },
    close: () => close(server),
  };
  server.on("request", (request, response) => {
    void read(request).then((body) => {
      const answer = github.instead ?? respond(github, folder, request, body);
      if (answer === "never") return;
      github.log.push(`${request.method ?? ""} ${request.url ?? ""} ${answer.status}`);
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
    });
  });
  return github;
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

const PULL = "/repos/o/r/pulls/7";

function respond(github: GitHub, folder: string, request: IncomingMessage, body: string): Answer {
  const { pathname, searchParams } = new URL(request.url ?? "/", github.url);
  if (request.headers.authorization !== `Bearer ${github.token}`) return refusal(401, "Bad credentials");
  if (!request.headers["user-agent"]) return refusal(403, "Request forbidden by administrative rules.");
  const files = (): ChangedFile[] => filesOf(folder, github.base, github.head);
  switch (`${request.method ?? ""} ${pathname}`) {
    case `GET ${PULL}/files`:
      return page(files(), searchParams);
    case `GET ${PULL}/comments`:
      return page(github.comments, searchParams);
    case `POST ${PULL}/reviews`: {
      if (!github.mayWrite) return refusal(403, "Resource not accessible by integration");
      const review = JSON.parse(body) as Review;
      const error = errorIn(review, commitsOf(folder, github.base, github.head), files());
      if (error !== undefined) return refusal(422, "Unprocessable Entity", [error]);
      github.reviews.push(review);
      github.comments.push(...review.comments);
      return { status: 200, body: { id: github.reviews.length, state: "COMMENTED" } };
    }
    default:
      return refusal(404, "Not Found");
  }
}

function refusal(status: number, message: string, errors?: readonly string[]): Answer {
  return { status, body: { message, ...(errors && { errors }) } };
}

/** GitHub gives 30 items a page, and 100 at most. */
function page(items: readonly unknown[], asked: URLSearchParams): Answer {
  const size = Math.min(100, Number(asked.get("per_page") ?? 30));
  const number = Number(asked.get("page") ?? 1);
  return { status: 200, body: items.slice((number - 1) * size, number * size) };
}
