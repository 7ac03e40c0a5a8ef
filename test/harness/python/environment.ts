/** Python virtual environments for tests, made on demand in the project's git-ignored cache folder. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run, runSync } from "../engine/command";
import { makeOnce } from "../engine/files";
import type { Say } from "../engine/files";
import { ROOT } from "../engine/paths";

/** Prints the version when it is new enough and can make environments: Debian splits venv off into a package of its own. */
const PROBE = `import sys, venv, ensurepip
assert sys.version_info >= (3, 10)
print("%d.%d" % sys.version_info[:2])`;

export interface Python {
  executable: string;
  /** Such as 3.11. */
  version: string;
}

/** The first Python on PATH that can serve: 3.10 or newer, with venv and pip. */
export function findPython(): Python | undefined {
  for (const executable of ["python3", "python"]) {
    const { code, stdout } = runSync(executable, ["-c", PROBE]);
    if (code === 0) return { executable, version: stdout.trim() };
  }
  return undefined;
}

/**
 * The Python executable of an environment with these requirements in it, made first when it isn't there yet: another
 * one whenever the requirements or the Python change. It is made aside and moved into place when it is complete; moved
 * environments work as long as nothing but this executable is run (`python -m ...`).
 * @throws Error with pip's words when it can't be made.
 */
export async function environment(python: Python, requirements: string, say: Say): Promise<string> {
  const digest = createHash("sha256").update(python.version).update(readFileSync(requirements)).digest("hex");
  const target = join(ROOT, ".cache/python", digest.slice(0, 12));
  const executable = join(target, "bin/python");
  if (existsSync(executable)) return executable;
  const marker = join(target, "pyvenv.cfg");
  await makeOnce(marker, `Installing ${requirements.slice(ROOT.length + 1)} for the tests`, say, async () => {
    const making = `${target}.making`;
    rmSync(making, { recursive: true, force: true });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements];
    for (const [command, args] of [
      [python.executable, ["-m", "venv", making]],
      [join(making, "bin/python"), pip],
    ] as const) {
      const { code, stdout, stderr } = await run(command, args, { limitMs: 10 * 60_000 });
      const words = (stderr || stdout).trim().slice(-2000);
      if (code !== 0) throw new Error(`${[command, ...args].join(" ")} failed: ${words}`);
    }
    renameSync(making, target);
  });
  return executable;
}
