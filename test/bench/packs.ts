/** The packs that are compared, and how the engine starts each. */
import { cpSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resolveFrom } from "../../harness/engine/language-host/resolve";
import { newFolder } from "../../harness/engine/files";
import { CACHE, ROOT } from "../../harness/engine/paths";
import { npm, pack, PACK_FOLDER } from "../package/pack";

export interface Pack {
  readonly name: string;
  /** What `--policy-pack` is given. */
  readonly path: string;
  readonly isExecutable?: true;
  /** How many buckets of `stackOf` it finds to be open, so that nothing is timed that doesn't do its work. */
  readonly finds: number;
}

const compared = (folder: string): string => join(__dirname, "packs", folder);

/** The pack's folder, which brings what starts it along. */
export const THIS: Pack = { name: "this pack", path: join(ROOT, "dist/policypack"), finds: 1 };
export const EXECUTABLE: Pack = {
  ...{ name: "executable", path: join(ROOT, "dist/policypack/index.js"), finds: 1 },
  isExecutable: true,
};
/** The same pack, started by Pulumi's own SDK, as a checkout is. */
export const CHECKOUT: Pack = { name: "with Pulumi's SDK", path: ROOT, finds: 1 };
export const NO_POLICIES = { name: "no policies", path: compared("no-policies"), finds: 0 };
export const EMPTY = { name: "empty stack policy", path: compared("empty-stack-policy"), finds: 0 };
export const TYPICAL = { name: "typical", path: compared("typical"), finds: 1 };

/**
 * The packs to compare. This one is installed from its tarball into `folder`, outside of the project; started by Pulumi's SDK
 * it lies in a folder without the project's tsconfig.json, which the SDK reads.
 */
export async function packs(folder: string): Promise<readonly Pack[]> {
  const { tarball } = await pack();
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true }));
  await npm(["install", "--no-audit", "--no-fund", tarball], folder);
  const installed = join(folder, "node_modules/s3-public-access-block", PACK_FOLDER);
  const checkout = newFolder(join(CACHE, "bench"));
  for (const part of ["package.json", "PulumiPolicy.yaml", ...BUNDLE]) {
    cpSync(join(ROOT, part), join(checkout, part), { recursive: true });
  }
  return [
    { ...THIS, path: installed },
    { ...EXECUTABLE, path: join(installed, "index.js") },
    { ...CHECKOUT, path: checkout },
    ...[NO_POLICIES, EMPTY, TYPICAL],
  ];
}

const BUNDLE = ["index.js", "index.js.map"].map((file) => join(PACK_FOLDER, file));

/** As on a machine that is fresh for each run, such as one for pull requests: ts-node finds nothing that it compiled before. */
export const FRESH = { TS_NODE_CACHE: "false" };

/** The command line with which the engine, or its language host, starts a pack. */
export function commandOf(
  pack: Pack,
  engineAddress: string,
): { command: string; args: string[]; cwd: string } {
  if (pack.isExecutable)
    return { command: pack.path, args: [engineAddress], cwd: join(__dirname, "program") };
  const folder = realpathSync(pack.path);
  const script = resolveFrom(folder, "@pulumi/pulumi/cmd/run-policy-pack");
  return { command: process.execPath, args: [script, engineAddress, folder], cwd: folder };
}
