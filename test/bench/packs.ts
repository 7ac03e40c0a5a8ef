/** The packs that are compared, and how the engine starts each. */
import { cpSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { resolveFrom } from "../../harness/engine/language-host/resolve";
import { newFolder } from "../../harness/engine/files";
import { CACHE, ROOT } from "../../harness/engine/paths";

export interface Pack {
  readonly name: string;
  /** What `--policy-pack` is given. */
  readonly path: string;
  readonly isExecutable?: true;
  /** How many buckets of `stackOf` it finds to be open, so that nothing is timed that doesn't do its work. */
  readonly finds: number;
}

const compared = (folder: string): string => join(__dirname, "packs", folder);

export const THIS = { name: "this pack", path: ROOT, finds: 1 };
export const EXECUTABLE: Pack = {
  ...{ name: "executable", path: join(ROOT, "dist/policypack/index.js"), finds: 1 },
  isExecutable: true,
};
export const NO_POLICIES = { name: "no policies", path: compared("no-policies"), finds: 0 };
export const EMPTY = { name: "empty stack policy", path: compared("empty-stack-policy"), finds: 0 };
export const TYPICAL = { name: "typical", path: compared("typical"), finds: 1 };

/** The packs to compare; this one as it is published, since the SDK also reads the tsconfig.json of its source folder. */
export function packs(): readonly Pack[] {
  const folder = newFolder(join(CACHE, "bench"));
  for (const part of ["package.json", "PulumiPolicy.yaml", "dist/policypack"]) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  return [{ ...THIS, path: folder }, EXECUTABLE, NO_POLICIES, EMPTY, TYPICAL];
}

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
