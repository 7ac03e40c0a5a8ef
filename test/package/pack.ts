import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

import { stage } from "../../scripts/stage";
import { run } from "../harness/engine/command";
import { locked, newFolder } from "../harness/engine/files";
import { ROOT } from "../harness/engine/paths";

/** Git-ignored; what is installed here is kept for the next run. */
export const CACHE = join(ROOT, ".cache/package");

export interface Packed {
  /** The folder that was packed. */
  folder: string;
  tarball: string;
  /** The paths in the tarball, sorted. */
  files: string[];
}

/** The policy pack's folder in the package. */
export const PACK_FOLDER = "dist/policypack";

let packed: Promise<Packed> | undefined;

/** The tarball that is published, made from the present build. */
export function pack(): Promise<Packed> {
  packed ??= npmPack();
  return packed;
}

/** The paths of the files in a folder, sorted. */
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

/** The tarball under another name. */
export const packAs = async (name: string): Promise<string> => (await npmPack(name)).tarball;

/** Packs in a folder of this process's own: several files of tests may pack at once. */
async function npmPack(name?: string): Promise<Packed> {
  const own = newFolder(join(CACHE, "packed"));
  const folder = stage(ROOT, name, join(own, "package"));
  const listed = await npm(["pack", "--json", "--pack-destination", own], folder);
  const [result] = JSON.parse(listed) as { filename: string; files: { path: string }[] }[];
  if (!result) throw new Error(`npm pack listed nothing: ${listed}`);
  return { folder, tarball: join(own, result.filename), files: result.files.map((f) => f.path).sort() };
}

/** Runs npm and returns what it prints; throws when it fails. */
export async function npm(args: string[], cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const { code, stdout, stderr } = await run("npm", args, { cwd, env });
  if (code !== 0) throw new Error(`npm ${args.join(" ")} failed in ${cwd}:\n${stdout}${stderr}`);
  return stdout;
}

/** The folder of a Node.js executable of some version, from the npm package that holds one for this platform. */
export async function nodeFolder(version: string): Promise<string> {
  const folder = join(CACHE, `node-${version}`);
  const name = `node-${process.platform}-${process.arch}`;
  const bin = join(folder, "node_modules", name, "bin");
  await installed(folder, join(bin, "node"), [`${name}@${version}`]);
  return bin;
}

/** Installs packages into a folder, unless a file of theirs is there. */
export async function installed(folder: string, file: string, packages: readonly string[]): Promise<void> {
  await locked(`${folder}.lock`, async () => {
    if (existsSync(file)) return;
    mkdirSync(folder, { recursive: true });
    const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder];
    await npm(["install", ...flags, ...packages], folder);
  });
}
