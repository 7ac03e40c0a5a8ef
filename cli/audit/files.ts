import { readdirSync, realpathSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { SourceError, type Source } from "./sources";

/*
 * States as files: exported ones, and a backend's own folder as it lies there, `.pulumi/stacks/PROJECT/STACK.json`, also
 * compressed. Source: Pulumi's pkg/backend/diy/state.go and store.go.
 */

const STATE = /\.json(\.gz|\.zst)?$/;
/** What a backend keeps beside its stacks: earlier states, their copies, its configuration, and locks. */
const BESIDE = new Set(["history", "backups", "locks", "meta.yaml"]);

/**
 * The states in files and folders, each with the path for a name.
 * @throws SourceError when a path isn't there, or a folder has none
 */
export function statesIn(paths: readonly string[]): Source[] {
  const found = paths.flatMap((path) => {
    const files = statOf(path).isDirectory() ? newest(statesBelow(path)) : [path];
    if (files.length === 0)
      throw new SourceError(`there is no state in ${path}: no file NAME.json, NAME.json.gz or NAME.json.zst`);
    return files;
  });
  return [...new Set(found)].sort().map((path) => ({ name: path, read: () => textOf(path) }));
}

function statOf(path: string): ReturnType<typeof statSync> & object {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new SourceError(`there is no file or folder ${path}`);
  return stat;
}

/** Each folder once: a link may lead back to one that it is in. */
function statesBelow(folder: string, seen = new Set<string>()): string[] {
  const real = realpathSync(folder);
  if (seen.has(real)) return [];
  seen.add(real);
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && statOf(path).isDirectory());
    if (isFolder) return isBackendFolder(folder) && BESIDE.has(entry.name) ? [] : statesBelow(path, seen);
    return STATE.test(entry.name) ? [path] : [];
  });
}

function isBackendFolder(folder: string): boolean {
  return /(^|[\\/])\.pulumi$/.test(folder);
}

/** Of a state that is there in several forms, the backend uses the one that was written last. */
function newest(files: readonly string[]): string[] {
  const byStack = new Map<string, { file: string; time: number }>();
  for (const file of files) {
    const stack = file.replace(STATE, "");
    const time = Number(statOf(file).mtimeMs);
    const other = byStack.get(stack);
    if (other === undefined || time >= other.time) byStack.set(stack, { file, time });
  }
  return [...byStack.values()].map(({ file }) => file);
}

type Unpack = (packed: Buffer) => Buffer;

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path);
  return unpackerOf(path)(bytes).toString("utf8");
}

function unpackerOf(path: string): Unpack {
  if (path.endsWith(".gz")) return (packed) => zlib.gunzipSync(packed);
  if (!path.endsWith(".zst")) return (plain) => plain;
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: Unpack };
  if (zstdDecompressSync === undefined) {
    throw new SourceError(
      "it is packed with Zstandard, which takes Node.js 22.15 or newer. Or export the stack with `pulumi stack export`",
    );
  }
  return zstdDecompressSync;
}
