/** Builds the plugins of this folder, each one file that starts fast, and the executables that the engine looks for. */
import { build } from "esbuild";
import { join } from "node:path";
import { writeWhole } from "./files";
import { CACHE } from "./paths";

/** A plugin: its source folder here, the name that the engine looks for, and its first arguments. */
export interface Plugin {
  source: string;
  executable: string;
  args?: readonly string[];
}
export const PLUGINS = {
  languageHost: { source: "language-host", executable: "pulumi-language-nodejs" },
  data: { source: "language-host", executable: "pulumi-language-data", args: ["data"] },
  aws: { source: "aws-provider", executable: "pulumi-resource-aws" },
} satisfies Record<string, Plugin>;

const bundle = ({ source }: Plugin) => join(CACHE, "plugins", `${source}.js`);
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Bundles the plugins, which takes a tenth of a second: always, so that they are never older than their sources. */
export async function buildPlugins(): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: __dirname,
    entryPoints: [
      ...["language-host", "aws-provider"].map((source) => ({ in: `${source}/main.ts`, out: source })),
      { in: "language-host/lean-sdk.ts", out: "node_modules/@pulumi/cmd/lean-sdk" },
    ],
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
export function writeExecutable(plugin: Plugin, folder: string): string {
  const command = [process.execPath, bundle(plugin), ...(plugin.args ?? [])].map(quoted).join(" ");
  writeWhole(join(folder, plugin.executable), `#!/bin/sh\nexec ${command} "$@"\n`, 0o755);
  return folder;
}

/**
 * The stand-in for the AWS provider under other packages' names, which is how the engine looks for a plugin: what it makes
 * of their types is their inputs, and an ID. Returns the folder.
 */
export function standInFor(packages: readonly string[]): string {
  const folder = join(CACHE, "bin", `packages-${[...packages].sort().join("-")}`);
  for (const name of packages) {
    writeExecutable({ ...PLUGINS.aws, executable: `pulumi-resource-${name}` }, folder);
  }
  return folder;
}
