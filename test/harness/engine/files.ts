/** Files and folders that several processes may write at once. */
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The file's text, or undefined when it can't be read. */
export function readIfThere(path: string): string | undefined {
  try {
    return fs.readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Writes a file in one step, so that no reader ever sees half of it. Leaves alone one that is the same already. */
export function writeWhole(path: string, text: string, mode = 0o644): void {
  if (readIfThere(path) === text) return;
  fs.mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${String(process.pid)}`;
  fs.writeFileSync(temporary, text, { mode });
  fs.renameSync(temporary, path);
}

/** Whether a process of that id is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A new folder in `parent`, named after this process. Removes those that dead processes have left there. */
export function newFolder(parent: string): string {
  fs.mkdirSync(parent, { recursive: true });
  for (const name of fs.readdirSync(parent)) {
    const owner = /^(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner)))
      fs.rmSync(join(parent, name), { recursive: true, force: true, maxRetries: 3 });
  }
  return fs.mkdtempSync(join(parent, `${String(process.pid)}-`));
}

/** Takes the lock if it is free. Frees it, for the next try, if its owner died with it. */
function take(path: string): boolean {
  try {
    fs.writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const owner = Number(readIfThere(path));
    // An empty file is one that is being written this very moment.
    if (owner > 0 && !isAlive(owner)) fs.rmSync(path, { force: true });
    return false;
  }
}

/**
 * Runs `work` while holding a lock between processes. Two that find a dead owner at the same moment may both get in: `work`
 * must be harmless when done twice at once.
 */
export async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  fs.mkdirSync(dirname(path), { recursive: true });
  while (!take(path)) await sleep(500);
  try {
    return await work();
  } finally {
    fs.rmSync(path, { force: true });
  }
}

export type Say = (line: string) => void;

const QUIET_MS = 3000;

/** Runs `work`, and says once what is being done when it has taken a while. */
export async function ticking<T>(what: string, say: Say, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(say, QUIET_MS, `${what} ...`);
  return work().finally(() => {
    clearTimeout(timer);
  });
}

/** Makes a file, unless another process makes it meanwhile: then it waits for that one. One that was there before is made anew. */
export async function makeOnce(file: string, what: string, say: Say, make: () => Promise<void>): Promise<void> {
  const before = fs.existsSync(file);
  await ticking(`${what}, once`, say, () =>
    locked(`${dirname(file)}.lock`, async () => {
      if (before || !fs.existsSync(file)) await make();
    }),
  );
}
