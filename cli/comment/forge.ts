import { isObject, parseJson } from "../../policypack/face";

/*
 * The operations of every forge on a pull request, or a merge request, and the calls of its API. A forge is a file of its own,
 * with as much of its API in it as that takes.
 */

/** A forge didn't do what was asked, or the job doesn't say what to ask. The cause is the status of a forge's refusal. */
export class ForgeError extends Error {}

/** There is nowhere to write to, and that is in order; the message says why. */
export class NowhereError extends Error {}

/** The summary is a comment on the request as a whole; a suggestion is one on its lines. */
export type Kind = "summary" | "suggestion";

export interface ChangedFile {
  readonly path: string;
  readonly oldPath: string;
  /** The name by which git has its content at the end of the branch. */
  readonly blob: string;
  readonly patch: string;
}

/** A comment on lines of the new side of a file. */
export interface LineComment {
  readonly file: ChangedFile;
  readonly startLine: number;
  readonly line: number;
  /** The last line's number on the old side; not there for a line that is new. */
  readonly oldLine: number | undefined;
  readonly body: string;
}

export interface Forge {
  /** The request's name in a sentence. */
  readonly request: string;
  /** The comments of the token's own user, oldest first: someone else may have copied a marker, but not the author. */
  readonly own: (kind: Kind) => Promise<{ readonly id: number; readonly body: string }[]>;
  readonly write: (body: string) => Promise<unknown>;
  readonly update: (id: number, body: string) => Promise<unknown>;
  readonly remove: (kind: Kind, id: number) => Promise<unknown>;
  /** Those of the files that the request changes, and shows. */
  readonly files: (paths: readonly string[]) => Promise<ChangedFile[]>;
  readonly suggest: (comments: readonly LineComment[]) => Promise<unknown>;
  /** The word after a fence that makes its text a suggestion in place of that many lines. */
  readonly fence: (lines: number) => string;
}

interface Access {
  readonly forge: "GitHub" | "GitLab";
  /** The root of the API and the token, and the variables that have them. */
  readonly root: string;
  readonly token: string;
  readonly names: Readonly<Record<"root" | "token", string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The advice for a token that may not do this. */
  readonly permission: string;
}

/** A job shouldn't wait longer for what is only a help. */
const LIMIT_MS = 30_000;
const PER_PAGE = 100;
/** Beyond so many pages there is no looking. */
const PAGES = 100;

/** The API of a forge. Each call throws ForgeError; an error of fetch's own is never quoted: it may hold a header's value, and so the token. */
export function apiOf({ forge, names, token, root, headers, permission }: Access) {
  /** @param path after the root, or a whole address */
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const url = URL.canParse(path) ? path : `${root.replace(/(?<!\/)\/+$/, "")}/${path}`;
    if (!/^https?:/.test(url) || !URL.canParse(url)) throw new ForgeError(`${names.root} is no web address.`);
    const odd = "it has a line break, a space or a character that is none of ASCII's";
    if (!/^[\x21-\x7e]+$/.test(token)) throw new ForgeError(`${names.token} is not a token: ${odd}.`);
    let response: Response;
    let text: string;
    try {
      const about = { authorization: `Bearer ${token}`, "user-agent": "s3-public-access-block", ...headers };
      const content = body && { headers: { ...about, "content-type": "application/json" }, body: JSON.stringify(body) };
      response = await fetch(url, { method, headers: about, ...content, signal: AbortSignal.timeout(LIMIT_MS) });
      // A proxy's page may quote what was asked.
      text = (await response.text()).replaceAll(token, "***");
    } catch (error) {
      throw new ForgeError(`${new URL(url).origin} can't be reached: ${reasonOf(error as Error)}`);
    }
    if (!response.ok) throw new ForgeError(refusal(response, text), { cause: response.status });
    const answer = parseJson(text);
    if (answer !== undefined || text === "") return answer;
    throw new ForgeError(`${forge}'s answer to ${path.replace(/\?.*/, "")} is not JSON.`);
  };
  const refusal = ({ status, headers }: Response, text: string): string => {
    const said = `${forge} answers ${status}: ${messageIn(text)}`;
    const isLimit = headers.has("retry-after") || headers.get("x-ratelimit-remaining") === "0";
    if (status === 429 || (status === 403 && (isLimit || /rate limit/i.test(said))))
      return `${said}\nThis job asks for too much at once; the next run tries again.`;
    if (status === 401) return `${said}\n${names.token} is not a token that it knows, or it has expired.`;
    return status === 403 || status === 404 ? `${said}\n${permission}` : said;
  };
  const list = async (path: string, query = ""): Promise<unknown[]> => {
    const all: unknown[] = [];
    for (let page = 1; page <= PAGES; page += 1) {
      const items = await call("GET", `${path}?${query}per_page=${PER_PAGE}&page=${page}`);
      if (!Array.isArray(items)) throw new ForgeError(`${forge}'s answer to ${path} is not a list.`);
      all.push(...(items as unknown[]));
      if (items.length < PER_PAGE) break;
    }
    return all;
  };
  /** Removes what someone else may have removed already. */
  const remove = async (path: string): Promise<void> => {
    await call("DELETE", path).catch((error: unknown) => {
      if (!(error instanceof ForgeError && error.cause === 404)) throw error;
    });
  };
  return { call, list, remove };
}

function reasonOf({ name, cause }: Error): string {
  if (name === "TimeoutError") return `no answer in ${LIMIT_MS / 1000} seconds`;
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === "string" && /^[A-Z][A-Z\d_]+$/.test(code) ? code : "the call failed";
}

function messageIn(text: string): string {
  const answer = parseJson(text);
  if (!isObject(answer)) return text.slice(0, 200); // A proxy's page.
  const parts = [answer.message, answer.errors ?? []].flat();
  const texts = parts.map((part: unknown) => (typeof part === "string" ? part : JSON.stringify(part)));
  return texts.join(", ").slice(0, 500);
}
