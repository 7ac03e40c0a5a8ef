import { transcode } from "node:buffer";
import { lstatSync, readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as zlib from "node:zlib";
import { groupBy, parseJson } from "../../policypack/face";
import { textIn } from "../command";
import { fits } from "../shape";

export interface Source {
  /** As the backend or the file calls it. */
  readonly name: string;
  /** When a backend's stack was last updated; undefined where it doesn't say, or while it is being updated. */
  readonly updated?: string | undefined;
  /** The text of its state, in UTF-8. @throws Error which says why it can't be read */
  readonly read: () => Promise<string | Buffer>;
}

/** There is nothing to audit, or no way to it; the message says what to do. */
export class SourceError extends Error {}

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
/** A backend's old files; those from before projects have no mark. */
const BESIDE = ["history", "backups", "locks", "journal"];
/** A state may be larger than the longest string of Node.js, 512 MiB. A gzip of 1 MB may hold much more. */
const MOST = 2 ** 30;
/** A pipe that the shell made: `--file <(pulumi stack export)`. */
const PIPE = /^\/dev\/(stdin|fd\/\d+)$/;

const STDIN: Source = { name: "stdin", read: async () => plain(Buffer.concat(await process.stdin.toArray())) };

/**
 * The states in files and folders, each with the path for a name, and once however often it is given. What can't be read says so when
 * it is read.
 * @param config the configuration, which is no state where a folder has it
 * @throws SourceError when a path isn't there, or a folder has none
 */
export function statesIn(paths: readonly string[], config?: string): Source[] {
  const own = config && entryAt(config).key;
  const found = paths
    .filter((path) => path !== "-")
    .flatMap((path) => {
      const given = entryAt(path);
      if (given.wrong === MISSING) throw new SourceError(`there is no file or folder ${path}`);
      if (!given.isFolder) return [given];
      const states = statesBelow(given, isInStacks(given.key), new Set()).filter(({ key }) => key !== own);
      if (states.length === 0) throw new SourceError(`there is no state in ${path}: ${WANTED}`);
      return states;
    });
  const once = [...new Map(found.reverse().map((each) => [each.key, each])).values()];
  once.sort((one, other) => (one.path < other.path ? -1 : 1));
  const read = async ({ path, wrong }: Entry): Promise<Buffer> => {
    if (wrong !== undefined) throw new SourceError(wrong);
    return plain((await stat(path)).size > MOST ? undefined : await readFile(path));
  };
  const sources = once.map((each): Source => ({ name: each.path, read: () => read(each) }));
  return paths.includes("-") ? [STDIN, ...sources] : sources;
}

const WANTED = "no file NAME.json, NAME.json.gz or NAME.json.zst. The history and the backups of a backend don't count";
const MISSING = "it isn't there any more";

/** The value of a tag, of each of these states in a backend's folder whose stack has it: the tags are in a file next to the state. */
export function taggedIn(tag: string, states: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  // A pipe can be read only once, and has no tags.
  for (const path of states.filter((each) => STATE.test(each))) {
    const content = parseJson(textIn(path.replace(STATE, ".pulumi-tags")) ?? "");
    if (fits(content, { tags: { [tag]: "string" } })) values.set(path, content.tags[tag] ?? "");
  }
  return values;
}

type Entry = Readonly<ReturnType<typeof entryAt>>;

function entryAt(path: string) {
  const unread = { path, key: path, isFolder: false, changed: 0, wrong: undefined as string | undefined };
  try {
    const stats = statSync(path);
    if (PIPE.test(path)) return unread;
    const isFolder = stats.isDirectory();
    // Equal for two names of one file.
    const key = stats.nlink > 1 && !isFolder ? `${stats.dev}:${stats.ino}` : realpathSync.native(path);
    const isReadable = isFolder || stats.isFile();
    const wrong = isReadable ? undefined : "it is a pipe, a socket or a device, and not a file";
    return { path, key, isFolder, changed: stats.mtimeMs, wrong };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code !== "ENOENT") return { ...unread, wrong: message };
    const isLink = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    return { ...unread, wrong: isLink ? "it is a link to a file that isn't there" : MISSING };
  }
}

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
    .filter(({ name }) => (kind === "marked" ? name === STACKS : kind !== "backend" || !BESIDE.includes(name)))
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink() || isNamedSo(entry.name))
    .map(({ name }) => ({ name, ...entryAt(join(folder.path, name)) }));
  // A link that leads nowhere may have been to a folder, unless it has an ending.
  const mayBeState = ({ name, wrong }: (typeof found)[number]): boolean =>
    isNamedSo(name) || (wrong !== undefined && !name.slice(1).includes("."));
  const files = found.filter((each) => !each.isFolder && mayBeState(each));
  const below = found
    .filter(({ isFolder }) => isFolder)
    .flatMap((each) => statesBelow(each, isInStacks || (kind !== undefined && each.name === STACKS), seen));
  return [...(isInStacks ? newest(files) : files), ...below];
}

/** The kind of a folder, by its files: a backend's, with a mark or without, or any other. */
function kindOf(names: readonly string[]): "marked" | "backend" | undefined {
  if (!names.includes(STACKS)) return undefined;
  if (MARKS.some((name) => names.includes(name))) return "marked";
  return BESIDE.some((name) => names.includes(name)) ? "backend" : undefined;
}

/** Whether a folder is a backend's `stacks`, or one in it. */
function isInStacks(folder: string): boolean {
  const parent = dirname(folder);
  if (parent === folder) return false;
  try {
    if (basename(folder) === STACKS && kindOf(readdirSync(parent)) !== undefined) return true;
  } catch {
    // Nothing shows that it is one.
  }
  return isInStacks(parent);
}

/** Of a stack that is there in several forms, the backend uses the one that was written last, and of two at once the last. */
function newest(files: readonly Entry[]): Entry[] {
  const stackOf = ({ path, wrong }: Entry): string => (wrong === undefined ? path.replace(STATE, "") : path);
  const byStack = [...groupBy(files, stackOf).values()];
  return byStack.map((same) => same.reduce((last, file) => (file.changed >= last.changed ? file : last)));
}

function plain(bytes: Buffer | undefined): Buffer {
  const text = bytes && unpacked(bytes, MOST);
  if (text !== undefined) return text;
  throw new SourceError(`it is larger than ${MOST / 2 ** 20} MiB, which is the most that the audit reads`);
}

const NO_ZSTD =
  "it is packed with Zstandard, which takes Node.js 22.15 or newer. Or export the stack with `pulumi stack export`";

type Unpack = (packed: Buffer, options: zlib.ZlibOptions) => Buffer;

/**
 * A file's text in UTF-8, by its first bytes: gzip (RFC 1952), Zstandard (RFC 8878) or neither, and the byte order mark that Windows
 * PowerShell writes. undefined where that is longer than `most` bytes.
 * @throws SourceError
 */
export function unpacked(bytes: Buffer, most: number): Buffer | undefined {
  const start = bytes.toString("hex", 0, 4);
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: Unpack };
  const other = start === "28b52ffd" ? zstdDecompressSync : (plain: Buffer) => plain;
  const unpack: Unpack | undefined = start.startsWith("1f8b") ? zlib.gunzipSync : other;
  if (unpack === undefined) throw new SourceError(NO_ZSTD);
  try {
    const plain = unpack(bytes, { maxOutputLength: most, chunkSize: 2 ** 20 });
    return plain.length > most ? undefined : utf8(plain);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw new SourceError(`it can't be unpacked: ${message}`);
  }
}

function utf8(bytes: Buffer): Buffer {
  const mark = bytes.toString("hex", 0, 3);
  if (mark === "efbbbf") return bytes.subarray(3);
  const isLittle = mark.startsWith("fffe");
  if (!isLittle && !mark.startsWith("feff")) return bytes;
  const units = bytes.subarray(2, bytes.length - (bytes.length % 2));
  return transcode(isLittle ? units : units.swap16(), "utf16le", "utf8");
}
