import { uriOf } from "./sarif";
import type { Position } from "./position";

/** Makes the address of a line in the forge's own view of the repository. */
export type Link = (position: Position) => string;

/** How a line is linked in the forge whose job this is, if it is one that says so in its variables. */
export function linker(env: NodeJS.ProcessEnv): Link | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA, CI_PROJECT_URL, CI_COMMIT_SHA } = env;
  if (GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_SHA) {
    return (position) =>
      `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/blob/${GITHUB_SHA}/${uriOf(position.file)}#L${position.line}`;
  }
  if (CI_PROJECT_URL && CI_COMMIT_SHA) {
    return (position) => `${CI_PROJECT_URL}/-/blob/${CI_COMMIT_SHA}/${uriOf(position.file)}#L${position.line}`;
  }
  return undefined;
}
