import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import { neutral } from "./neutral";
import type { Position } from "./report";

export type { Position };

/** The folders that positions are relative to: the engine's (where Pulumi.yaml is) and the reports' (the repository's). */
export interface Roots {
  readonly project: string;
  readonly repository: string;
  /** Pulumi.yaml, relative to the repository's root: what a finding without a position is about. */
  readonly manifest: string;
}

/** Finds the project that `cwd` is in as the CLI does, and its repository; undefined when there is no project. */
export function findRoots(cwd: string): Roots | undefined {
  const manifest = upwards(cwd, ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"]);
  if (manifest === undefined) return undefined;
  const project = realpathSync(dirname(manifest));
  const repository = repositoryOf(project);
  return { project, repository, manifest: inside(repository, realpathSync(manifest)) ?? "Pulumi.yaml" };
}

/** The root of the repository that the folder is in; the folder itself where it is in none. */
export function repositoryOf(folder: string): string {
  const git = upwards(folder, [".git"]); // A folder, or a file in a worktree and a submodule.
  return git === undefined ? folder : dirname(git);
}

function upwards(from: string, names: readonly string[]): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const found = names.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (found !== undefined || folder === dirname(folder)) return found;
  }
}

/**
 * The innermost frame that is in a file of the repository. A component of a library makes its resources in node_modules,
 * where no reviewer can change them; they can change the line that created the component.
 */
export function locate(frames: readonly string[], roots: Roots): Position | undefined {
  return frames.map((frame) => readFrame(frame, roots)).find((position) => position !== undefined);
}

/** The same below the project's folder, for which nobody has the files: a path outside of it would mean nothing to a reader. */
export function locateInProject(frames: readonly string[]): Position | undefined {
  const places = frames.map(decodeFrame).flatMap((at) => {
    return at !== undefined && isRelative(at.file) ? [{ ...at, file: posix.normalize(at.file) }] : [];
  });
  return places.find(({ file }) => !isOutside(file) && !isForeign(file));
}

/**
 * Whether a path is that of a library, which nobody can change in a review: where the package managers of Node.js, Python,
 * Debian's Python and Go put what is not the program's own.
 */
export function isForeign(path: string): boolean {
  const cache = path.search(/(^|\/)pkg\/mod\//);
  return (
    /(^|\/)(node_modules|site-packages|dist-packages)\//.test(path) ||
    (path.endsWith(".go") && /(^|\/)vendor\//.test(path)) ||
    (cache !== -1 && path.includes("@", cache))
  );
}

/** The place of a frame in the repository. Undefined for one that isn't in a file that a reviewer can change. */
export function readFrame(frame: string, roots: Roots): Position | undefined {
  const at = decodeFrame(frame);
  if (at === undefined) return undefined;
  const path = isRelative(at.file) ? at.file : FILE_URL.exec(at.file)?.[1];
  if (path === undefined) return undefined;
  const given = resolve(roots.project, path);
  const file = realFile(given) ?? inGoModule(given, roots);
  const shown = file === undefined ? undefined : inside(roots.repository, file);
  return shown === undefined || isForeign(shown) ? undefined : { ...at, file: shown };
}

/** Decodes `project:///PATH#LINE,COLUMN` as the engine records it: PATH is percent-encoded, and relative to the project. */
function decodeFrame(frame: string): Position | undefined {
  const [, path, line, column] = /^project:\/\/\/([^#]+)#(\d{1,9})(?:,(\d{1,9}))?$/.exec(frame) ?? [];
  if (path === undefined || Number(line) === 0) return undefined;
  return { file: decode(path), line: Number(line), ...(Number(column) > 0 && { column: Number(column) }) };
}

/** Whether a path is relative on every system: no root, drive letter, scheme or backslash, and nothing invisible. */
function isRelative(path: string): boolean {
  return neutral(path) === path && !/^\/|^[A-Za-z][\w+.-]*:|\/file:\/|[\\\n\t]/.test(path);
}

/** For ES modules Node.js reports a URL, which the SDK treats as a path: `project:///file:/home/me/index.js#3,23`. */
const FILE_URL = /^(?:.*\/)?file:(\/.*)$/;

/**
 * Go with `-trimpath`, as Pulumi's language host builds, has `MODULE/FILE` (the go command's documentation, "build"), which
 * the engine takes for a path from the root of the file system.
 */
function inGoModule(given: string, { project, repository }: Roots): string | undefined {
  if (!given.endsWith(".go")) return undefined;
  const manifest = upwards(project, ["go.mod"]);
  if (manifest === undefined || inside(repository, realpathSync(manifest)) === undefined) return undefined;
  const module = /^module\s+"?([^\s"]+)"?/m.exec(readFileSync(manifest, "utf8"))?.[1] ?? "";
  const path = given.split(sep).join("/");
  const at = module === "" ? -1 : path.lastIndexOf(`/${module}/`);
  return at === -1 ? undefined : realFile(join(dirname(manifest), path.slice(at + module.length + 2)));
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // A lone % was never encoded.
  }
}

/** The file behind symbolic links; undefined when there is none, as for a frame inside Node.js itself. */
const realFile = (path: string): string | undefined => (existsSync(path) ? realpathSync(path) : undefined);

function inside(root: string, file: string): string | undefined {
  const path = relative(root, file).split(sep).join("/");
  return isOutside(path) || !isRelative(path) ? undefined : path;
}

const isOutside = (path: string): boolean => path === "" || path === "." || path === ".." || path.startsWith("../");
