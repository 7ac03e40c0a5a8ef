/** Tests that need Python: on a machine without it they are left out, which the report says; in CI that is a failure. */
import { findPython } from "./environment";
import type { Python } from "./environment";

const MISSING = "there is no Python 3.10 or newer with venv on PATH";

/** Like `describe`, with the Python to use. */
export function describeWithPython(title: string, tests: (python: Python) => void): void {
  const python = findPython();
  describe(title, () => {
    if (python) tests(python);
    else if (process.env.CI === "true")
      it("has the Python that it needs", () => {
        throw new Error(`${MISSING}, and CI leaves nothing out`);
      });
    else it(`is LEFT OUT: ${MISSING}`);
  });
}

/** Where the slow steps say what they do. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
