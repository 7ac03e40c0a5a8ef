/** Installs the Pulumi CLI from Pulumi's site, by the Automation API. */
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command";
import { newFolder, ticking } from "./files";
import type { Say } from "./files";
import { CACHE } from "./paths";

const HOME = join(CACHE, "installed");
/** A download that takes longer is given up: it may as well hang for ever. */
const LIMIT_MS = 300_000;

/**
 * Runs in a process group of its own: the Automation API starts a shell and curl, knows no time limit for them, and they
 * must not go on when this process is gone (which ends its stdin).
 */
const SCRIPT = `
  const end = () => process.kill(-process.pid, "SIGKILL");
  setTimeout(end, ${String(LIMIT_MS)});
  process.stdin.on("end", end).resume();
  const { PulumiCommand } = require("@pulumi/pulumi/automation");
  PulumiCommand.install({ root: process.argv[1], skipVersionCheck: true }).then(
    () => process.exit(0),
    (error) => {
      console.error(error.message);
      process.exit(1);
    },
  );
`;

/** The place of the installed CLI, if it was installed before. */
export const installedCli = (): string => join(HOME, "bin/pulumi");

/**
 * Installs the CLI.
 * @throws Error with the reason when it can't be downloaded; nothing is left behind then.
 */
export async function installCli(say: Say): Promise<void> {
  const temporary = newFolder(join(CACHE, "installing"));
  try {
    const { code, stderr } = await ticking("Installing the Pulumi CLI", say, () =>
      run(process.execPath, ["-e", SCRIPT, temporary], { cwd: __dirname, group: true }),
    );
    const late = `it took longer than ${String(LIMIT_MS / 60_000)} minutes`;
    const reason = code === -1 ? late : (stderr.trim().split("\n").at(-1) ?? "");
    if (code !== 0) throw new Error(`the Pulumi CLI could not be downloaded: ${reason}`);
    rmSync(HOME, { recursive: true, force: true });
    renameSync(temporary, HOME);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
