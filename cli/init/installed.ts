import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Npm, pnpm and Yarn 1 keep the hashes of tarballs in them. Yarn 4 keeps those of its own archives. */
const LOCKFILES = [
  "node_modules/.package-lock.json",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "node_modules/.pnpm/lock.yaml",
  "pnpm-lock.yaml",
  "yarn.lock",
];

/** The hash of the package's tarball that its package manager compared, or with Yarn 4 that in Yarn's registry, if there is one. */
export function installedIntegrity(folder: string, name: string, version: string): string | undefined {
  const [named, versioned] = [name, version].map((text) => text.replaceAll(/[^\w@/-]/g, "\\$&"));
  // In all three formats an entry is a line with the name, and the deeper lines below it.
  const entry = `^([ \\t]*)["']?(?:\\S*node_modules/|/)?${named ?? ""}(?:@.*)?["']?: ?\\{?\\n(?:\\1[ \\t].*\\n)+`;
  const ofVersion = new RegExp(`(?<![\\w.])${versioned ?? ""}(?![\\w.+-])`);
  for (let above = dirname(folder); ; above = dirname(above)) {
    for (const file of LOCKFILES.map((lock) => join(above, lock)).filter((path) => existsSync(path))) {
      const lock = readFileSync(file, "utf8").replaceAll("\r\n", "\n");
      if (/^__metadata:/m.test(lock)) return hashIn(yarnInfo(above, `${name}@${version}`));
      const entries = lock.match(new RegExp(entry, "gm")) ?? [];
      const found = hashIn(entries.filter((text) => ofVersion.test(text)).join("\n"));
      if (found !== undefined) return found;
    }
    if (above === dirname(above)) return undefined;
  }
}

const hashIn = (text: string): string | undefined => /\bsha512-[A-Za-z0-9+/]{86}==/.exec(text)?.[0];

/** Empty where Yarn can't be run, or the registry doesn't answer. */
function yarnInfo(cwd: string, release: string): string {
  const { stdout } = spawnSync("yarn", ["npm", "info", release, "--fields", "dist", "--json"], {
    cwd,
    timeout: 30_000,
  });
  return String(stdout);
}
