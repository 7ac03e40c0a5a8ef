/** Where a program's or a policy pack's own `@pulumi/pulumi` is. */
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Resolves a run script of the SDK that is installed with the program or pack in `folder`, never the host's own: the
 * two may be different versions.
 * @throws Error whose message names the module; the engine knows it and says what to do.
 */
export function resolveFrom(folder: string, module: string): string {
  return createRequire(join(realpathSync(folder), "noop.js")).resolve(module);
}
