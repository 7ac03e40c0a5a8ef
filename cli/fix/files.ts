import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { nameOf } from "../report/groups";
import { isForeign, type Roots } from "../report/position";
import { git } from "../report/repository";
import { FixError } from "../source/edit";
import type { ChangedText } from "./plan";

/**
 * The text of a file of the program, byte order mark and line breaks included.
 * @throws FixError if it isn't the repository's own, or isn't text
 */
export function readOwn(file: string, { repository }: Roots): string {
  const path = join(repository, file);
  if (relative(repository, path).split(sep)[0] === "..") throw new FixError(`${file} is outside of the repository`);
  if (isForeign(file)) throw new FixError(`${file} is a library's`);
  let bytes: Buffer;
  try {
    if (realpathSync(path) !== path) throw new FixError(`${file} is a link`);
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof FixError) throw error;
    throw new FixError(`${file} can't be read: ${(error as Error).message}`);
  }
  const text = bytes.toString("utf8");
  if (!Buffer.from(text).equals(bytes)) throw new FixError(`${file} isn't text in UTF-8`);
  return text;
}

/** A path is no pattern, and a look at it locks nothing. */
const LOOK = ["--literal-pathspecs", "--no-optional-locks"];

/** Why a file's present text could be lost; undefined if git has it. */
export function unsaved(file: string, { repository }: Roots): string | undefined {
  if (git(repository, ...LOOK, "ls-files", "--", file) === "") return `${file} isn't under version control`;
  const changed = git(repository, ...LOOK, "status", "--porcelain", "--", file);
  return changed === "" ? undefined : `${file} has uncommitted changes`;
}

/** The project's files with uncommitted changes that a fix could be in. */
export function dirtyFiles({ repository, project }: Roots): string[] {
  const files = git(repository, ...LOOK, "diff", "--name-only", "-z", "HEAD", "--", project).split("\0");
  return files.filter((file) => /\.([cm]?[jt]sx?|py|go)$|(^|\/)(Pulumi|Main)\.yaml$/.test(file) && !isForeign(file));
}

/** The other stacks that may run the files: those of the project, and of all projects if a file is outside of it. */
export function otherStacks(
  files: readonly ChangedText[],
  stack: string,
  { repository, project, manifest }: Roots,
): string[] {
  const isShared = files.some(({ file }) => relative(project, join(repository, file)).startsWith(".."));
  const settings = git(repository, "ls-files", "-z");
  const stacks = settings.split("\0").flatMap((file) => {
    const [, folder = "", name = ""] = /^((?:.*\/)?)Pulumi\.([^/]+)\.ya?ml$/.exec(file) ?? [];
    const isOwn = join(repository, folder, "/") === join(project, "/");
    return name !== "" && (isOwn || isShared) ? [nameOf({ stack: name, manifest: `${folder}Pulumi.yaml` })] : [];
  });
  const own = nameOf({ stack, manifest });
  return files.length === 0 ? [] : stacks.filter((each) => each !== own);
}

/**
 * Writes the files, all or none as far as a file system goes: under other names first, which renames then make the files.
 * @throws FixError
 */
export function writeAll(files: readonly ChangedText[], { repository }: Roots): void {
  const drafts = files.map(({ file, after }) => {
    const path = join(repository, file);
    return { path, after, draft: join(dirname(path), `.${basename(path)}.${process.pid}.tmp`) };
  });
  try {
    for (const { path, after, draft } of drafts) {
      writeFileSync(draft, after, { flag: "wx" });
      chmodSync(draft, statSync(path).mode);
    }
    for (const { path, draft } of drafts) renameSync(draft, path);
  } catch (error) {
    for (const { draft } of drafts) rmSync(draft, { force: true });
    throw new FixError(`the program can't be changed: ${(error as Error).message}`);
  }
}
