/** Tools that only tests of workflows need, built with Go on first use: actionlint and act. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../engine/command";
import { ROOT } from "../engine/paths";

export const TOOLS = join(ROOT, ".cache/gate-tools");
/** Each is a module of its own, since the one's dependencies need not suit the other. */
const MODULES = ["tools", "act"];
/** A cold build of act takes a minute and a half on two idle cores. */
export const BUILD_LIMIT_MS = 600_000;

/**
 * Builds them, which takes no time where they are there already.
 * @throws Error with Go's words when that fails
 */
export async function buildTools(): Promise<void> {
  mkdirSync(TOOLS, { recursive: true });
  for (const name of MODULES) {
    const { code, stderr } = await run("go", ["build", "-o", `${TOOLS}/`, "tool"], {
      ...{ cwd: join(__dirname, name), limitMs: BUILD_LIMIT_MS },
      env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" },
    });
    if (code !== 0) throw new Error(`what harness/runners/${name} names could not be built: ${stderr}`);
  }
}
