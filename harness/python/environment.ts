/** Python virtual environments for tests, made on demand in the project's git-ignored cache folder. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run, runSync } from "../engine/command";
import { locked } from "../engine/lock";
import { ROOT } from "../engine/paths";
import { ticking } from "../engine/progress";

const FOLDER = join(ROOT, ".cache/python");
const LIMIT_MS = 10 * 60_000;

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
export async function environment(
  python: Python,
  requirements: string,
  say: (line: string) => void,
): Promise<string> {
  const digest = createHash("sha256").update(python.version).update(readFileSync(requirements)).digest("hex");
  const target = join(FOLDER, digest.slice(0, 12));
  const executable = join(target, "bin/python");
  if (existsSync(executable)) return executable;
  mkdirSync(FOLDER, { recursive: true });
  await ticking(`Installing ${requirements.slice(ROOT.length + 1)} for the tests, once`, say, () =>
    locked(`${target}.lock`, async () => {
      if (existsSync(executable)) return;
      const making = `${target}.making`;
      rmSync(making, { recursive: true, force: true });
      await make(python, making, requirements);
      renameSync(making, target);
    }),
  );
  return executable;
}

async function make(python: Python, folder: string, requirements: string): Promise<void> {
  const steps = [
    [python.executable, "-m", "venv", folder],
    [
      join(folder, "bin/python"),
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "-r",
      requirements,
    ],
  ];
  for (const [command = "", ...args] of steps) {
    const { code, stdout, stderr } = await run(command, args, { limitMs: LIMIT_MS });
    if (code !== 0)
      throw new Error(`${[command, ...args].join(" ")} failed: ${(stderr || stdout).trim().slice(-2000)}`);
  }
}
