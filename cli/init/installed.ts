import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where npm, pnpm and Yarn 1 keep the hashes of tarballs. Yarn 4 keeps those of its own archives. */
const LOCKFILES = [
  "node_modules/.package-lock.json",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "node_modules/.pnpm/lock.yaml",
  "pnpm-lock.yaml",
  "yarn.lock",
];

/**
 * The hash of an installed package's tarball, which the package manager compared when it installed it.
 * @param folder of the package
 * @returns undefined where no lockfile above it has one
 */
export function installedIntegrity(folder: string, name: string, version: string): string | undefined {
  const [named, versioned] = [name, version].map((text) => text.replaceAll(/[^\w@/-]/g, "\\$&"));
  // In all three formats an entry is a line with the name, and the deeper lines below it.
  const entry = `^([ \\t]*)["']?(?:\\S*node_modules/|/)?${named ?? ""}(?:@.*)?["']?: ?\\{?\\n(?:\\1[ \\t].*\\n)+`;
  const ofVersion = new RegExp(`(?<![\\w.])${versioned ?? ""}(?![\\w.+-])`);
  for (let above = dirname(folder); ; above = dirname(above)) {
    for (const file of LOCKFILES.map((lock) => join(above, lock)).filter((path) => existsSync(path))) {
      const entries = readFileSync(file, "utf8").replaceAll("\r\n", "\n").match(new RegExp(entry, "gm")) ?? [];
      for (const each of entries.filter((text) => ofVersion.test(text))) {
        const [found] = /\bsha512-[A-Za-z0-9+/]{86}==/.exec(each) ?? [];
        if (found !== undefined) return found;
      }
    }
    if (above === dirname(above)) return undefined;
  }
}
