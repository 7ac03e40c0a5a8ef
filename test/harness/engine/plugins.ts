/** Builds the plugins of this folder, each one file that starts fast, and the executables that the engine looks for. */
import { build } from "esbuild";
import { join, resolve } from "node:path";
import { writeWhole } from "./files";
import { CACHE } from "./paths";

/** A plugin: the name of its bundle, the name that the engine looks for, and its first arguments. */
export interface Plugin {
  bundle: string;
  executable: string;
  args?: readonly string[];
}
export const PLUGINS = {
  languageHost: { bundle: "language-host", executable: "pulumi-language-nodejs" },
  data: { bundle: "language-host", executable: "pulumi-language-data", args: ["data"] },
  aws: { bundle: "aws-provider", executable: "pulumi-resource-aws" },
} satisfies Record<string, Plugin>;

/** The entry of each bundle. */
const SOURCES = {
  "language-host": "language-host/main.ts",
  "node_modules/@pulumi/cmd/lean-sdk": "language-host/lean-sdk.ts",
  "aws-provider": "aws-provider/main.ts",
  languages: "../languages/host.ts",
};

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Bundles the plugins, which takes a tenth of a second: always, so that they are never older than their sources. */
export async function buildPlugins(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: Object.entries(SOURCES).map(([out, file]) => ({ in: resolve(__dirname, file), out })),
    outdir: join(CACHE, "plugins"),
    bundle: true,
    platform: "node",
    target: "node20",
    // Needed only when the stand-in is given a real S3 to talk to, and twice as big as all the rest.
    external: ["@aws-sdk/*"],
    write: false,
    logLevel: "error",
  });
  for (const { path, text } of outputFiles) writeWhole(path, text);
}

/** Writes a plugin's executable into `folder`; it runs the bundle on this very Node.js. Returns the folder. */
export function writeExecutable({ bundle, executable, args = [] }: Plugin, folder: string): string {
  const words = [process.execPath, join(CACHE, "plugins", `${bundle}.js`), ...args].map(quoted);
  writeWhole(join(folder, executable), `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`, 0o755);
  return folder;
}

/**
 * The stand-in for the AWS provider under other packages' names, which is how the engine looks for a plugin: what it makes
 * of their types is their inputs, and an ID. Returns the folder.
 */
export function standInFor(packages: readonly string[]): string {
  const folder = join(CACHE, "bin", `packages-${[...packages].sort().join("-")}`);
  for (const name of packages) writeExecutable({ ...PLUGINS.aws, executable: `pulumi-resource-${name}` }, folder);
  return folder;
}
