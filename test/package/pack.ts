import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { stage } from "../../scripts/stage";
import { run } from "../../harness/engine/command";
import { ROOT } from "../../harness/engine/paths";

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
  packed ??= npmPack(stage(ROOT));
  return packed;
}

/** The tarball under another name. What `pack` has laid out is there again afterwards. */
export async function packAs(name: string): Promise<string> {
  await packed;
  try {
    return (await npmPack(stage(ROOT, name))).tarball;
  } finally {
    stage(ROOT);
  }
}

async function npmPack(folder: string): Promise<Packed> {
  mkdirSync(CACHE, { recursive: true });
  const listed = await npm(["pack", "--json", "--pack-destination", CACHE], folder);
  const [result] = JSON.parse(listed) as { filename: string; files: { path: string }[] }[];
  if (!result) throw new Error(`npm pack listed nothing: ${listed}`);
  return { folder, tarball: join(CACHE, result.filename), files: result.files.map((f) => f.path).sort() };
}

/** Runs npm and returns what it prints; throws when it fails. */
export async function npm(
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { code, stdout, stderr } = await run("npm", args, { cwd, env });
  if (code !== 0) throw new Error(`npm ${args.join(" ")} failed in ${cwd}:\n${stdout}${stderr}`);
  return stdout;
}

/** The folder of a Node.js executable of some version, from the npm package that holds one for this platform. */
export async function nodeFolder(version: string): Promise<string> {
  const folder = join(CACHE, `node-${version}`);
  const name = `node-${process.platform}-${process.arch}`;
  const bin = join(folder, "node_modules", name, "bin");
  if (!existsSync(join(bin, "node"))) {
    mkdirSync(folder, { recursive: true });
    await npm(["install", "--no-audit", "--no-fund", "--prefix", folder, `${name}@${version}`], folder);
  }
  return bin;
}
