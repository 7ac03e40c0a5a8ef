/** Where a program's or a policy pack's own `@pulumi/pulumi` is. */
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Resolves a run script of the SDK that is installed with the program or pack in `folder`, never the host's own: the
 * two may be different versions.
 * @throws Error with the code MODULE_NOT_FOUND where it isn't installed
 */
export function resolveFrom(folder: string, module: string): string {
  return createRequire(join(realpathSync(folder), "noop.js")).resolve(module);
}

/**
 * The same for a host, which has to say what to do.
 * @param install the command that installs the SDK
 * @throws Error in the words of Pulumi's own host, which the engine shows (locateModule in pulumi-language-nodejs)
 */
export function runScript(folder: string, module: string, install: string): string {
  try {
    return resolveFrom(folder, module);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw new Error(`It looks like the Pulumi SDK has not been installed. Have you run ${install}?`, {
      cause: error,
    });
  }
}
