import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What is published to an npm registry lies here, below the project's root. */
export const STAGE = "dist/package";

/** npm always packs these. */
const ALWAYS = ["README.md", "LICENSE"];

/** What a consumer has no use for: a manifest's parts for building the package. All that runs is bundled. */
const LEFT_OUT = ["dependencies", "devDependencies", "overrides", "scripts", "private"];

/** The scope of the package in the project's own documents. */
const EXAMPLE = "@acme";

/** The README with the commands and paths of the package under its name. The gate's command and the pack keep theirs. */
export function renamed(readme: string, from: string, to: string): string {
  const used = new RegExp(
    `(npm install --save-dev |npx (?:--yes )?|node_modules/)(?:${EXAMPLE}/)?${from}(?![\\w-])`,
    "g",
  );
  return readme.replace(used, (_, before: string) => `${before}${to}`);
}

/**
 * Lays out the built package for `npm publish`, in place of an earlier one.
 *
 * Its manifest has nothing to install. Yarn's Plug'n'Play leaves packages in archives, in which the CLI finds no folder, unless
 * one asks for more (preferUnplugged, Yarn's page "Manifest fields").
 * @param name of the package in the registry; the project's own unless given
 * @param folder to lay it out in
 * @returns the folder
 * @throws when a part is missing, for one when the project is not built
 */
export function stage(root: string, name?: string, folder = join(root, STAGE)): string {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { name: string; files: string[] };
  rmSync(folder, { recursive: true, force: true });
  for (const part of [...manifest.files, ...ALWAYS]) {
    mkdirSync(dirname(join(folder, part)), { recursive: true });
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  const packageName = name ?? manifest.name;
  const readme = readFileSync(join(root, "README.md"), "utf8");
  writeFileSync(join(folder, "README.md"), renamed(readme, manifest.name, packageName));
  const kept = Object.entries(manifest).filter(([key]) => !LEFT_OUT.includes(key));
  const written = { ...Object.fromEntries(kept), name: packageName, preferUnplugged: true };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(written, null, 2)}\n`);
  return folder;
}
