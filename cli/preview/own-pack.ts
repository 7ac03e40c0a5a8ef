import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { withoutRunner } from "./environment";

/** Older engines take folders only (docs/performance.md). */
const FIRST_WITH_EXECUTABLES = [3, 255];

/** This package's own policy pack, in the form that starts soonest of those that the CLI on the PATH takes. */
export function ownPack(folder: string): string {
  const pack = join(folder, "dist/policypack");
  const executable = join(pack, "index.js");
  return isExecutable(executable) && takesExecutables(cliVersion()) ? executable : pack;
}

/** Whether a CLI of that version takes an executable file as a policy pack. Of one that can't be read, no. */
export function takesExecutables(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)\.\d/.exec(version.trim()) ?? [];
  if (major === undefined || minor === undefined) return false;
  const [firstMajor = 0, firstMinor = 0] = FIRST_WITH_EXECUTABLES;
  return Number(major) === firstMajor ? Number(minor) >= firstMinor : Number(major) > firstMajor;
}

function cliVersion(): string {
  // Not the one of the preview: it would look for a newer CLI here, too.
  const env = { ...withoutRunner(process.env), PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { stdout, error } = spawnSync("pulumi", ["version"], { env, encoding: "utf8", timeout: 10_000 });
  return error === undefined ? stdout : ""; // Without a CLI the preview itself says so.
}

/** Windows starts no file by its first line, and a copy can have lost the permission. */
function isExecutable(file: string): boolean {
  if (process.platform === "win32") return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
