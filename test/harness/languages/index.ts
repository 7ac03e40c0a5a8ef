/** Language hosts for programs in Python, Go, Java and YAML, for the engine to find on PATH. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { goBuild, inGoMod } from "../engine/build";
import { makeOnce } from "../engine/files";
import type { Say } from "../engine/files";
import { CACHE } from "../engine/paths";
import { writeExecutable } from "../engine/plugins";

export { goBuild } from "../engine/build";

/** How programs are run with Python: this script is given the program's folder. */
export const RUN_PYTHON = join(__dirname, "run-python.py");

/**
 * Writes an executable that is the host of a language, and runs each program with this command and the program's folder.
 * @returns the folder that must be on PATH
 */
export const languageHost = (language: "python" | "go" | "java", command: readonly string[], folder: string): string =>
  writeExecutable(
    { bundle: "languages", executable: `pulumi-language-${language}`, args: [JSON.stringify(command)] },
    folder,
  );

/**
 * Builds Pulumi's own host for YAML, a Go module, unless it is there.
 * @returns the folder that must be on PATH
 */
export async function yamlHost(say: Say): Promise<string> {
  const [source, module] = [join(__dirname, "yaml-host"), "github.com/pulumi/pulumi-yaml"];
  const version = inGoMod(readFileSync(join(source, "go.mod"), "utf8"), `${module} (v\\S+)`);
  const host = join(CACHE, `yaml-${version}`, "pulumi-language-yaml");
  if (!existsSync(host))
    await makeOnce(host, "Building Pulumi's host for YAML (a minute)", say, () =>
      goBuild(source, ["-o", host, `${module}/cmd/pulumi-language-yaml`]),
    );
  return dirname(host);
}
