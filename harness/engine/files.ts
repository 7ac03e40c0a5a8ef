/** Files and folders that several processes may write at once. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { isAlive } from "./processes";

/** The file's text, or undefined when it can't be read. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Writes a file in one step, so that no reader ever sees half of it. Leaves alone one that is the same already. */
export function writeWhole(path: string, text: string, mode = 0o644): void {
  if (readIfThere(path) === text) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${String(process.pid)}`;
  writeFileSync(temporary, text, { mode });
  renameSync(temporary, path);
}

/** A new folder in `parent`, named after this process. Removes those that dead processes have left there. */
export function newFolder(parent: string): string {
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    const owner = /^(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) {
      rmSync(join(parent, name), { recursive: true, force: true, maxRetries: 3 });
    }
  }
  return mkdtempSync(join(parent, `${String(process.pid)}-`));
}
