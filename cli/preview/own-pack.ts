import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { cliVersion, takesExecutables } from "./cli-version";

/** This package's own policy pack, in the form that starts soonest of those that the CLI on the PATH takes. */
export function ownPack(folder: string): string {
  const pack = join(folder, "dist/policypack");
  const executable = join(pack, "index.js");
  return isExecutable(executable) && takesExecutables(cliVersion()) ? executable : pack;
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
