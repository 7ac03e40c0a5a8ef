import { lstatSync, readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { SourceError, type Source } from "./sources";
import { unpacked } from "./unpack";

/*
 * States as files: exported ones, and a backend's own folder or a copy of it, `stacks/PROJECT/STACK.json`, also compressed.
 * Source: Pulumi's pkg/backend/diy/state.go and store.go.
 */

const STATE = /\.json(\.gz|\.zst)?$/i;
/** Earlier states, which a backend names by the nanosecond: `dev-1764500000000000000.checkpoint.json`, `dev.1764500000000000000.json`. */
const EARLIER = /(-\d{16,}\.(history|checkpoint)|\.\d{16,})\.json(\.gz|\.zst)?$/i;
const STACKS = "stacks";
/** Beside `stacks`, one of these marks a backend's folder, or `~/.pulumi` after `pulumi login --local`: nothing else in it is a stack. */
const MARKS = ["meta.yaml", "credentials.json"];
/** What a backend keeps of other times; those before projects have no mark. */
const BESIDE = ["history", "backups", "locks", "journal"];
/** A state may be larger than the longest string of Node.js, 512 MiB. A gzip of 1 MB may hold much more. */
const MOST_MIB = 1024;
/** A pipe that the shell made: `--file <(pulumi stack export)`. */
const PIPE = /^\/dev\/(stdin|fd\/\d+)$/;

/**
 * The states in files and folders, each with the path for a name, and once however often it is given. What can't be read says so when
 * it is read.
 * @throws SourceError when a path isn't there, or a folder has none
 */
export function statesIn(paths: readonly string[]): Source[] {
  const found = paths.flatMap((path) => {
    const given = entryAt(path);
    if (given.wrong === MISSING) throw new SourceError(`there is no file or folder ${path}`);
    if (!given.isFolder) return [given];
    const states = statesBelow(given, isInStacks(given.key), new Set());
    if (states.length === 0) throw new SourceError(`there is no state in ${path}: ${WANTED}`);
    return states;
  });
  const once = [...new Map(found.reverse().map((each) => [each.key, each])).values()];
  return once
    .sort((one, other) => (one.path < other.path ? -1 : 1))
    .map(({ path, wrong }) => ({
      name: path,
      read: () => (wrong === undefined ? bytesOf(path) : Promise.reject(new SourceError(wrong))),
    }));
}

const WANTED = "no file NAME.json, NAME.json.gz or NAME.json.zst. The history and the backups of a backend don't count";

interface Entry {
  readonly path: string;
  /** Equal for two names of one file. */
  readonly key: string;
  readonly isFolder: boolean;
  readonly changed: number;
  /** Why it can't be read. */
  readonly wrong?: string;
}

function entryAt(path: string): Entry {
  const unread = { path, key: path, isFolder: false, changed: 0 };
  try {
    const stats = statSync(path);
    if (PIPE.test(path)) return unread;
    const isFolder = stats.isDirectory();
    const key = stats.nlink > 1 && !isFolder ? `${stats.dev}:${stats.ino}` : realpathSync.native(path);
    const isReadable = isFolder || stats.isFile();
    const wrong = isReadable ? {} : { wrong: "it is a pipe, a socket or a device, and not a file" };
    return { path, key, isFolder, changed: stats.mtimeMs, ...wrong };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code !== "ENOENT") return { ...unread, wrong: message };
    const isLink = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    return { ...unread, wrong: isLink ? "it is a link to a file that isn't there" : MISSING };
  }
}

const MISSING = "it isn't there any more";

/** Each folder once: a link may lead back to one that it is in. */
function statesBelow(folder: Entry, isInStacks: boolean, seen: Set<string>): Entry[] {
  if (seen.has(folder.key)) return [];
  seen.add(folder.key);
  let entries: Dirent[];
  try {
    entries = readdirSync(folder.path, { withFileTypes: true });
  } catch (error) {
    return [{ ...folder, wrong: (error as Error).message }];
  }
  const kind = isInStacks ? undefined : kindOf(entries.map(({ name }) => name));
  const isNamedSo = (name: string): boolean => STATE.test(name) && (isInStacks || !EARLIER.test(name));
  const found = entries
    .filter(({ name }) => kind !== "marked" || name === STACKS)
    .filter(({ name }) => kind !== "backend" || !BESIDE.includes(name))
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink() || isNamedSo(entry.name))
    .map(({ name }) => ({ name, ...entryAt(join(folder.path, name)) }));
  // A link that leads nowhere may have been to a folder, unless it has an ending.
  const files = found.filter(
    ({ name, isFolder, wrong }) =>
      !isFolder && (isNamedSo(name) || (wrong !== undefined && !name.slice(1).includes("."))),
  );
  const below = found
    .filter(({ isFolder }) => isFolder)
    .flatMap((each) => statesBelow(each, isInStacks || (kind !== undefined && each.name === STACKS), seen));
  return [...(isInStacks ? newest(files) : files), ...below];
}

/** What a folder is by what is in it: a backend's, with a mark or without, or one like any other. */
function kindOf(names: readonly string[]): "marked" | "backend" | undefined {
  if (!names.includes(STACKS)) return undefined;
  if (MARKS.some((name) => names.includes(name))) return "marked";
  return BESIDE.some((name) => names.includes(name)) ? "backend" : undefined;
}

/** Whether a folder is a backend's `stacks`, or one in it. */
function isInStacks(folder: string): boolean {
  const parent = dirname(folder);
  if (parent === folder) return false;
  return (basename(folder) === STACKS && kindOf(namesIn(parent)) !== undefined) || isInStacks(parent);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Of a stack that is there in several forms, the backend uses the one that was written last, and of two at once the last. */
function newest(files: readonly Entry[]): Entry[] {
  const byStack = new Map<string, Entry>();
  for (const file of files) {
    const stack = file.wrong === undefined ? file.path.replace(STATE, "") : file.path;
    const other = byStack.get(stack);
    if (other === undefined || file.changed >= other.changed) byStack.set(stack, file);
  }
  return [...byStack.values()];
}

async function bytesOf(path: string): Promise<Buffer> {
  const most = MOST_MIB * 2 ** 20;
  const bytes = (await stat(path)).size > most ? undefined : unpacked(await readFile(path), most);
  if (bytes === undefined) {
    throw new SourceError(`it is larger than ${MOST_MIB} MiB, which is the most that the audit reads`);
  }
  return bytes;
}
