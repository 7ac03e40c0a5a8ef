/**
 * For mocha's `require`: makes sure of the engine before the first test, since building a CLI takes longer than any test
 * may. A failure here is left to the tests that need the engine: each of them fails with its message, none is skipped.
 */
import { engine } from "./engine";

export async function mochaGlobalSetup(): Promise<void> {
  await engine().catch(() => undefined);
}
