import type { Link } from "./report";

/** A path as a relative URI. */
export function uriOf(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** How a line is linked in the forge whose job this is, if it is one that says so in its variables. */
export function linker(env: NodeJS.ProcessEnv): Link | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA, CI_PROJECT_URL, CI_COMMIT_SHA } = env;
  const job = [
    { server: GITHUB_SERVER_URL, path: GITHUB_REPOSITORY && `${GITHUB_REPOSITORY}/blob`, commit: GITHUB_SHA },
    { server: CI_PROJECT_URL, path: "-/blob", commit: CI_COMMIT_SHA },
  ].find(({ server, path, commit }) => server && path && commit);
  return job && (({ file, line }) => `${job.server}/${job.path}/${job.commit}/${uriOf(file)}#L${line}`);
}
