import { createRequire } from "node:module";

/**
 * Loads the YAML reader. It lies next to the pack's code, and so in the folder next to the audit's; undefined where it is missing.
 */
export function loadYaml(): typeof import("./yaml") | undefined {
  const load = createRequire(__filename);
  for (const file of ["./yaml", "../policypack/yaml"]) {
    try {
      return load(file) as typeof import("./yaml");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  return undefined;
}
