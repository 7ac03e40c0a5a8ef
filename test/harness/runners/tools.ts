/** Tools that only tests of workflows need, built with Go on first use: actionlint and act. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { goBuild } from "../engine/build";
import { ROOT } from "../engine/paths";

export const TOOLS = join(ROOT, ".cache/gate-tools");
/** A cold build of act takes a minute and a half on two idle cores. */
export const BUILD_LIMIT_MS = 600_000;

/**
 * Builds them, which takes no time where they are there already.
 * @throws Error with Go's words when that fails
 */
export async function buildTools(): Promise<void> {
  mkdirSync(TOOLS, { recursive: true });
  // Each is a module of its own, since the one's dependencies need not suit the other.
  for (const name of ["tools", "act"]) await goBuild(join(__dirname, name), ["-o", `${TOOLS}/`, "tool"]);
}
