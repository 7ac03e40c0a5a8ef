/** For suites that run the real engine. */
import { engine } from "./engine";

/** Building a CLI takes longer than any test may: a few minutes, and it waits for whoever is building it already. */
const LIMIT = "50m";

/**
 * Makes sure of the engine before the first test of a suite, so that a run that needs none, such as one with `--grep`, looks
 * for none. Where there is no engine and none can be made, the suite fails with the reason: nothing is skipped.
 */
export function needsEngine(): void {
  before("the engine is there", async function () {
    this.timeout(LIMIT);
    await engine();
  });
}
