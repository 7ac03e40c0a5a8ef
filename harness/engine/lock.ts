/** A lock between processes, for work that is worth doing only once. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readIfThere } from "./files";
import { isAlive } from "./processes";

const POLL_MS = 500;

/** Takes the lock if it is free. Frees it, for the next try, if its owner died with it. */
function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const owner = Number(readIfThere(path));
    // An empty file is one that is being written this very moment.
    if (owner > 0 && !isAlive(owner)) rmSync(path, { force: true });
    return false;
  }
}

/**
 * Runs `work` while holding the lock. Two processes that find a dead owner at the same moment may both get in: `work`
 * must be harmless when done twice at once.
 */
export async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  while (!take(path)) await sleep(POLL_MS);
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
