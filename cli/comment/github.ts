import { isObject, parseJson } from "../../policypack/face";
import { textIn } from "../command";
import { fits } from "../shape";
import { apiOf, type Forge, ForgeError, NowhereError } from "./forge";

/*
 * As much of GitHub's REST API (version 2022-11-28) as comments take: "List, create, update, delete issue comments", "List pull
 * requests files", "Create a review", "List, delete review comments". Only GraphQL says whose a job's own token is.
 */

/** The job's pull request on GitHub. */
export function gitHub(env: NodeJS.ProcessEnv): Forge {
  const { number, head } = pullRequestIn(env.GITHUB_EVENT_PATH);
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository } = env;
  if (!token) throw new ForgeError("GITHUB_TOKEN is not set: give the step one.");
  if (!repository) throw new ForgeError("GITHUB_REPOSITORY is not set.");
  const root = env.GITHUB_API_URL ?? "https://api.github.com";
  const { call, list, remove } = apiOf({
    forge: "GitHub",
    names: { root: "GITHUB_API_URL", token: "GITHUB_TOKEN" },
    root,
    token,
    headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
    permission: "The job needs the permission pull-requests: write.",
  });
  const [issues, pulls] = [`repos/${repository}/issues`, `repos/${repository}/pulls`];
  const comments = { summary: `${issues}/${number}/comments`, suggestion: `${pulls}/${number}/comments` };
  const write = async (method: string, path: string, body: object): Promise<void> => {
    await call(method, path, body).catch((error: unknown) => {
      const isRefused = error instanceof ForgeError && error.cause === 403;
      if (!isRefused || env.GITHUB_ACTOR !== "dependabot[bot]") throw error;
      throw new NowhereError("A job that Dependabot starts has a token that can only read");
    });
  };
  const viewer = async (): Promise<string> => {
    const answer = await call("POST", env.GITHUB_GRAPHQL_URL ?? `${root}/graphql`, { query: "{ viewer { login } }" });
    if (fits(answer, { data: { viewer: { login: "string" } } })) return answer.data.viewer.login;
    throw new ForgeError("GitHub doesn't say whose the token is.");
  };
  let login: Promise<string> | undefined;
  return {
    request: `pull request #${number}`,
    async own(kind) {
      const me = await (login ??= viewer());
      return (await list(comments[kind])).flatMap((item) =>
        fits(item, { id: "count", body: "string", user: { login: "string" } }) && item.user.login === me ? [item] : [],
      );
    },
    write: (body) => write("POST", comments.summary, { body }),
    update: (id, body) => write("PATCH", `${issues}/comments/${id}`, { body }),
    remove: (kind, id) => remove(`${kind === "summary" ? issues : pulls}/comments/${id}`),
    async files(paths) {
      // GitHub leaves the patch out of what is large, and of what isn't text.
      return (await list(`${pulls}/${number}/files`)).flatMap((item) =>
        fits(item, { filename: "string", sha: "string", patch: "string" }) && paths.includes(item.filename)
          ? [{ path: item.filename, oldPath: item.filename, blob: item.sha, patch: item.patch }]
          : [],
      );
    },
    suggest: (all) =>
      write("POST", `${pulls}/${number}/reviews`, {
        commit_id: head,
        event: "COMMENT",
        body: "", // Without a text of its own a review goes with its last comment.
        comments: all.map(({ file, startLine, line, body }) => {
          const start = startLine < line && { start_line: startLine, start_side: "RIGHT" };
          return { path: file.path, line, side: "RIGHT", body, ...start };
        }),
      }),
    fence: () => "suggestion",
  };
}

function pullRequestIn(file: string | undefined): { number: number; head: string } {
  if (!file) throw new ForgeError("GITHUB_EVENT_PATH is not set.");
  const event = parseJson(textIn(file) ?? "");
  if (event === undefined) throw new ForgeError(`The event ${file} can't be read.`);
  const request = isObject(event) ? event.pull_request : undefined;
  if (request === undefined) throw new NowhereError("This job is not about a pull request");
  if (!fits(request, { number: "count", head: { sha: "string" }, base: {} }))
    throw new ForgeError(`The event ${file} has a pull request without a number or a head commit.`);
  const [from, to] = [request.head, request.base].map((end: unknown) =>
    fits(end, { repo: { full_name: "string" } }) ? end.repo.full_name : undefined,
  );
  // Of a fork that is gone there is no repository.
  if (from === undefined || from !== to) throw new NowhereError("The pull request is a fork's");
  return { number: request.number, head: request.head.sha };
}
