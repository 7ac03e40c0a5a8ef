import { fits } from "../shape";
import { apiOf, type ChangedFile, type Forge, ForgeError, NowhereError } from "./forge";

/*
 * As much of GitLab's REST API (v4) as comments take: "Get the current user"; "List, create, modify, delete merge request
 * notes"; "Get single MR", "List merge request diffs", "Get file from repository"; "Create new merge request thread".
 */

const REFS = { base_sha: "string", start_sha: "string", head_sha: "string" } as const;

/** The job's merge request on GitLab. */
export function gitLab(env: NodeJS.ProcessEnv): Forge {
  const { CI_MERGE_REQUEST_IID: number, CI_MERGE_REQUEST_PROJECT_ID: id, CI_API_V4_URL: root } = env;
  if (!number || !id || !root) throw new NowhereError("This job is not about a merge request");
  const { GITLAB_TOKEN: token } = env;
  if (!token) throw new NowhereError("GITLAB_TOKEN is not set, as in the pipeline of a fork");
  const { call, list, remove } = apiOf({
    forge: "GitLab",
    names: { root: "CI_API_V4_URL", token: "GITLAB_TOKEN" },
    root,
    token,
    permission:
      "GITLAB_TOKEN needs the scope api, and the role Reporter or a higher one in the project of the merge request.",
  });
  const project = `projects/${encodeURIComponent(id)}`;
  const request = `${project}/merge_requests/${encodeURIComponent(number)}`;
  const refsOf = async () => {
    const answer = await call("GET", request);
    if (fits(answer, { diff_refs: REFS })) return answer.diff_refs;
    throw new ForgeError("GitLab's answer to the merge request has no diff_refs.");
  };
  let user: Promise<unknown> | undefined;
  let refs: ReturnType<typeof refsOf> | undefined;
  return {
    request: `merge request !${number}`,
    async own() {
      const me = await (user ??= call("GET", "user"));
      if (!fits(me, { id: "count" })) throw new ForgeError("GitLab's answer to user has no id.");
      return (await list(`${request}/notes`, "sort=asc&")).flatMap((item) =>
        fits(item, { id: "count", body: "string", author: { id: "count" } }) && item.author.id === me.id ? [item] : [],
      );
    },
    write: (body) => call("POST", `${request}/notes`, { body }),
    update: (note, body) => call("PUT", `${request}/notes/${note}`, { body }),
    remove: (_, note) => remove(`${request}/notes/${note}`),
    async files(paths) {
      const { head_sha: head } = await (refs ??= refsOf());
      const files: ChangedFile[] = [];
      for (const item of await list(`${request}/diffs`)) {
        if (!fits(item, { old_path: "string", new_path: "string", diff: "string" })) continue;
        const { old_path: oldPath, new_path: path, diff: patch } = item;
        if (patch === "" || !paths.includes(path)) continue;
        const address = `${project}/repository/files/${encodeURIComponent(path)}?ref=${head}`;
        const file = await call("GET", address);
        if (fits(file, { blob_id: "string" })) files.push({ path, oldPath, blob: file.blob_id, patch });
      }
      return files;
    },
    async suggest(comments) {
      const at = await (refs ??= refsOf());
      for (const { file, line, oldLine, body } of comments) {
        const paths = { old_path: file.oldPath, new_path: file.path };
        const lines = { new_line: line, ...(oldLine !== undefined && { old_line: oldLine }) };
        const position = { position_type: "text", ...at, ...paths, ...lines };
        await call("POST", `${request}/discussions`, { body, position });
      }
    },
    fence: (lines) => `suggestion:-${lines - 1}+0`,
  };
}
