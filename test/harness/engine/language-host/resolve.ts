import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Resolves a module of the SDK that is installed with the program or pack in `folder`, never the host's own: the two may be
 * different versions.
 * @throws Error with the code MODULE_NOT_FOUND where it isn't installed
 */
export function resolveFrom(folder: string, module: string): string {
  return createRequire(join(realpathSync(folder), "noop.js")).resolve(module);
}
