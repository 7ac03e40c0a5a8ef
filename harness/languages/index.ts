/** Language hosts for programs in Python, Go and YAML, for the engine to find on PATH. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { run } from "../engine/command";
import { writeWhole } from "../engine/files";
import { locked } from "../engine/lock";
import { CACHE } from "../engine/paths";
import { ticking } from "../engine/progress";

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** How programs are run with Python: this script is given the program's folder. */
export const RUN_PYTHON = join(__dirname, "run-python.py");

/**
 * Writes an executable that is the host of a language, and runs each program with this command and the program's folder.
 * @returns the folder that must be on PATH
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

const YAML_MODULE = "github.com/pulumi/pulumi-yaml";

/**
 * Builds Pulumi's own host for YAML, a Go module, unless it is there.
 * @returns the folder that must be on PATH
 */
export async function yamlHost(say: (line: string) => void): Promise<string> {
  const source = join(__dirname, "yaml-host");
  const version = new RegExp(`${YAML_MODULE} (v\\S+)`).exec(
    readFileSync(join(source, "go.mod"), "utf8"),
  )?.[1];
  const folder = join(CACHE, `yaml-${version ?? ""}`);
  const host = join(folder, "pulumi-language-yaml");
  mkdirSync(CACHE, { recursive: true });
  await ticking("Building Pulumi's host for YAML (a minute, once)", say, () =>
    locked(`${folder}.lock`, async () => {
      if (existsSync(host)) return;
      await goBuild(source, ["-o", host, `${YAML_MODULE}/cmd/pulumi-language-yaml`]);
    }),
  );
  return folder;
}

/**
 * Builds what is in a folder with Go. The first of a machine compiles Pulumi's SDK, which takes minutes.
 * @throws Error with what Go says
 */
export async function goBuild(folder: string, args: readonly string[]): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
  const options = { cwd: folder, limitMs: 20 * 60_000, env };
  const { code, stderr } = await run("go", ["build", ...args], options);
  if (code !== 0) throw new Error(`go build ${args.join(" ")} failed: ${stderr.slice(-1000)}`);
}
