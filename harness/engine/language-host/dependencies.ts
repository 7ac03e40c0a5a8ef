/** The packages that a program depends on, for `pulumi about`: the GetProgramDependencies call. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { resolveFrom } from "./resolve";

interface Manifest {
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const manifest = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Manifest;

/** The nearest package.json, in the folder or above it. */
function nearest(folder: string): string | undefined {
  const file = join(folder, "package.json");
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? undefined : nearest(dirname(folder));
}

/** The version that is installed, or the range that is asked for when none is to be found. */
function versionOf(folder: string, name: string, range: string): string {
  try {
    return manifest(resolveFrom(folder, `${name}/package.json`)).version ?? range;
  } catch {
    return range; // not installed, or a package that doesn't let its manifest be read
  }
}

/** Name and version of each direct dependency. */
export function dependencies(folder: string): [name: string, version: string][] {
  const file = nearest(folder);
  if (file === undefined) return [];
  const { dependencies: own, devDependencies: development } = manifest(file);
  return Object.entries({ ...development, ...own }).map(([name, range]) => [
    name,
    versionOf(folder, name, range),
  ]);
}
