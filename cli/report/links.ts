import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { groupBy } from "../../policypack/face";
import { repositoryOf } from "./position";
import type { Link, Position } from "./report";
import { git, projectsIn, webAddress } from "./repository";

/** A path as a relative URI. */
export const uriOf = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

/** How a line is linked in the forge whose job this is, if it is one that says so in its variables. */
export function linker(env: NodeJS.ProcessEnv) {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA, CI_PROJECT_URL, CI_COMMIT_SHA } = env;
  const job = [
    { server: GITHUB_SERVER_URL, path: GITHUB_REPOSITORY && `${GITHUB_REPOSITORY}/blob`, commit: GITHUB_SHA },
    { server: CI_PROJECT_URL, path: "-/blob", commit: CI_COMMIT_SHA },
  ].find(({ server, path, commit }) => server && path && commit);
  return job && linkedBelow(`${job.server}/${job.path}/${job.commit}`);
}

function linkedBelow(folder: string) {
  return ({ file, line }: Position): string => `${folder}/${uriOf(file)}#L${line}`;
}

/**
 * How an audit links a line, which it knows by the folder of its project: of the projects in the repository of this folder, by
 * their names, at the forge whose job this is, or else the remote's.
 */
export function linkerOfProjects(cwd: string, env: NodeJS.ProcessEnv): Link | undefined {
  const root = repositoryOf(cwd);
  const address = webAddress(git(root, "remote", "get-url", "origin"));
  // A forge says in the name of its host which one it is.
  const [forge] = /github|gitlab/i.exec(address ?? "") ?? [];
  const blob = forge?.toLowerCase() === "gitlab" ? "-/blob" : "blob";
  const link = linker(env) ?? (address && forge && linkedBelow(`${address}/${blob}/HEAD`));
  if (!link) return undefined;
  const placeOf = placesIn(root);
  return (position, urn) => {
    const place = placeOf(position, urn);
    return place && link(place);
  };
}

/** The path in the repository of a place in a project's folder; undefined if there is no such project, or two, or no such file. */
export function placesIn(root: string): (position: Position, urn: string) => Position | undefined {
  const named = projectsIn(root).map((manifest) => {
    const name = /^name:\s*["']?([^\s"'#]+)/m.exec(readFileSync(join(root, manifest), "utf8"))?.[1];
    return { name, folder: dirname(manifest) };
  });
  const byName = groupBy(named, ({ name }) => name);
  return (position, urn) => {
    const [project, another] = byName.get(urn.split("::")[1]) ?? [];
    const file = posix.join(project?.folder ?? "", position.file);
    const isKnown = project !== undefined && another === undefined && existsSync(join(root, file));
    return isKnown ? { ...position, file } : undefined;
  };
}
