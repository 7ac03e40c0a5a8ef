/** Language hosts for programs in Python and Go, for the engine to find on PATH. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { writeWhole } from "../engine/files";
import { CACHE } from "../engine/paths";

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** How programs are run with Python: this script is given the program's folder. */
export const RUN_PYTHON = join(__dirname, "run-python.py");

/**
 * Writes an executable that is the host of a language, and runs each program with this command and the program's folder.
 * @returns the folder that has to be on PATH
 */
export async function languageHost(
  language: "python" | "go",
  command: readonly string[],
  folder: string,
): Promise<string> {
  const bundle = join(CACHE, "plugins/languages.js");
  const { outputFiles } = await build({
    ...{ entryPoints: [join(__dirname, "host.ts")], outfile: bundle },
    ...{ bundle: true, platform: "node", target: "node20", write: false, logLevel: "error" },
  });
  mkdirSync(folder, { recursive: true });
  writeWhole(bundle, outputFiles[0]?.text ?? "");
  const words = [process.execPath, bundle, JSON.stringify(command)].map(quoted).join(" ");
  writeWhole(join(folder, `pulumi-language-${language}`), `#!/bin/sh\nexec ${words} "$@"\n`, 0o755);
  return folder;
}
