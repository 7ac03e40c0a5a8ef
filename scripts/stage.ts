import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EXAMPLES, type Pin, pinned } from "../cli/init/workflow";
import { withAbsoluteLinks } from "./readme-links.mjs";

/** The folder to publish to an npm registry, below the project's root. */
export const STAGE = "dist/package";

const ALWAYS = ["README.md", "LICENSE"];

/** Parts of the manifest that only a build needs. All that runs is bundled. */
const LEFT_OUT = ["dependencies", "devDependencies", "overrides", "scripts", "private"];

/** The scope of the package in the project's own documents. */
const EXAMPLE = "@acme";

/** A paragraph with its commands for those who have no package yet. */
const BEFORE = /<!-- in a checkout -->[^]*?```[^]*?```\n+/g;

/** A document with the commands and paths of the package under its name. The gate's command and the pack keep theirs. */
export function renamed(document: string, from: string, to: string): string {
  const before = "npm install --save-dev |npm view |npx (?:--yes )?|node_modules/";
  const used = new RegExp(`(${before})(?:${EXAMPLE}/)?${from}(?![\\w-])`, "g");
  return document.replace(used, (_, before: string) => `${before}${to}`);
}

/**
 * Lays out the built package for `npm publish`, in place of an earlier one.
 *
 * Its manifest has nothing to install. Yarn's Plug'n'Play leaves packages in archives, in which the CLI finds no folder, unless
 * one asks for more (preferUnplugged, Yarn's page "Manifest fields").
 * @param name of the package in the registry; the project's own unless given
 * @param repository its address, which npm's provenance is held against
 * @param folder to lay it out in
 * @returns the folder
 * @throws when a part is missing: of the build, or of the changelog, which a version needs
 */
export function stage(root: string, name?: string, folder = join(root, STAGE), repository?: string): string {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Omit<Pin, "integrity"> & {
    files: string[];
  };
  rmSync(folder, { recursive: true, force: true });
  for (const part of [...manifest.files, ...ALWAYS]) {
    mkdirSync(dirname(join(folder, part)), { recursive: true });
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  const packageName = name ?? manifest.name;
  const rewrite = (file: string, change: (text: string) => string): void => {
    writeFileSync(join(folder, file), change(readFileSync(join(folder, file), "utf8")));
  };
  const pages = readdirSync(join(folder, "docs")).map((file) => `docs/${file}`);
  for (const file of ["README.md", "CHANGELOG.md", "SECURITY.md", ...pages].filter((name) => name.endsWith(".md"))) {
    const comesAlong = (link: string): boolean => existsSync(join(folder, dirname(file), link));
    const own = (text: string): string => renamed(text.replace(BEFORE, ""), manifest.name, packageName);
    rewrite(file, (text) => withAbsoluteLinks(own(text), "", comesAlong));
  }
  const { version } = manifest;
  rewrite("CHANGELOG.md", (text) => {
    if (!text.includes(`\n## ${version} (`)) throw new Error(`CHANGELOG.md has no part "## ${version} (DAY)"`);
    return text.replace(/^## Unreleased\n+(?=## )/m, "");
  });
  // The hash isn't known before the package is made.
  const pin = { name: packageName, version, integrity: "sha512-REPLACE" };
  for (const example of Object.values(EXAMPLES)) rewrite(example, (text) => pinned(text, pin));
  const kept = Object.entries(manifest).filter(([key]) => !LEFT_OUT.includes(key));
  const source = repository === undefined ? {} : { repository: { type: "git", url: `git+${repository}.git` } };
  const written = { ...Object.fromEntries(kept), name: packageName, preferUnplugged: true, ...source };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(written, null, 2)}\n`);
  return folder;
}
