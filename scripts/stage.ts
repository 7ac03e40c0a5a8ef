import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What is published lies here, below the project's root. */
export const STAGE = "dist/package";

/** npm packs these without being told. */
const ALWAYS = ["README.md", "LICENSE"];

interface Manifest {
  files: string[];
}

/** What a consumer has no use for: a manifest's parts for building the pack. */
const LEFT_OUT = ["devDependencies", "overrides", "scripts", "private"];

interface Lock {
  packages: Record<string, Entry>;
}

type Ranges = Record<string, string>;

interface Entry {
  dependencies?: Ranges;
  optionalDependencies?: Ranges;
  peerDependencies?: Ranges;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  devOptional?: boolean;
}

/** The manifest that a consumer needs. */
export function consumerManifest(manifest: object): object {
  return Object.fromEntries(Object.entries(manifest).filter(([key]) => !LEFT_OUT.includes(key)));
}

/**
 * The lock that goes with it. Production mode alone would not do: TypeScript is an optional peer of the SDK, so
 * a lock that names it makes npm install its 24 MB at every consumer.
 */
export function consumerLock(lock: Lock): Lock {
  const paths = reached(lock.packages);
  const kept = Object.entries(lock.packages)
    .filter(([path]) => paths.has(path))
    .map(([path, { devOptional, ...entry }]): [string, Entry] => {
      if (path === "") return [path, consumerManifest(entry)];
      return [path, { ...entry, ...(devOptional ? { optional: true } : {}) }];
    });
  return { ...lock, packages: Object.fromEntries(kept) };
}

/** The paths of the packages that the project runs on. */
function reached(packages: Lock["packages"]): Set<string> {
  const paths = new Set([""]);
  // A set's loop goes on to what is added in it.
  for (const path of paths) {
    for (const name of needs(packages[path] ?? {})) {
      const found = locate(packages, path, name);
      if (found !== undefined) paths.add(found);
    }
  }
  return paths;
}

function needs(entry: Entry): string[] {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta = {} } = entry;
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
}

/** Where Node.js finds a package from another one: beside it, or in a folder above. */
function locate(packages: Lock["packages"], from: string, name: string): string | undefined {
  const path = `${from === "" ? "" : `${from}/`}node_modules/${name}`;
  if (path in packages) return path;
  if (from === "") return undefined;
  return locate(packages, from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/"))), name);
}

/**
 * Lays out the built pack for `pulumi policy publish` and `npm publish`, in place of an earlier one.
 * @returns the folder
 * @throws when a part is missing, for one when the pack is not built
 */
export function stage(root: string): string {
  const json = (file: string): unknown => JSON.parse(readFileSync(join(root, file), "utf8"));
  const manifest = json("package.json") as Manifest;
  const folder = join(root, STAGE);
  rmSync(folder, { recursive: true, force: true });
  for (const part of [...manifest.files, ...ALWAYS]) {
    mkdirSync(dirname(join(folder, part)), { recursive: true });
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  const write = (file: string, value: unknown): void => {
    writeFileSync(join(folder, file), `${JSON.stringify(value, null, 2)}\n`);
  };
  write("package.json", consumerManifest(manifest));
  write("npm-shrinkwrap.json", consumerLock(json("npm-shrinkwrap.json") as Lock));
  return folder;
}
