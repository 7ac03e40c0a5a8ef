import type { Link } from "./report";

/** A path as a relative URI. */
export function uriOf(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** How a line is linked in the forge whose job this is, if it is one that says so in its variables. */
export function linker(env: NodeJS.ProcessEnv): Link | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA, CI_PROJECT_URL, CI_COMMIT_SHA } = env;
  const github =
    GITHUB_SERVER_URL &&
    GITHUB_REPOSITORY &&
    GITHUB_SHA &&
    `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/blob/${GITHUB_SHA}`;
  const folder = github || (CI_PROJECT_URL && CI_COMMIT_SHA && `${CI_PROJECT_URL}/-/blob/${CI_COMMIT_SHA}`);
  return folder ? ({ file, line }) => `${folder}/${uriOf(file)}#L${line}` : undefined;
}
