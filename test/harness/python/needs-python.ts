/** Tests that need Python: on a machine without it they fail, and say why. */
import { findPython } from "./environment";
import type { Python } from "./environment";

/** Like `describe`, with the Python to use. */
export function describeWithPython(title: string, tests: (python: Python) => void): void {
  const python = findPython();
  describe(title, () => {
    if (python) tests(python);
    else
      it("has the Python that it needs", () => {
        throw new Error("there is no Python 3.10 or newer with venv on PATH");
      });
  });
}

/** Announces a slow step. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
