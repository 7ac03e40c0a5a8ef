/** The packs that are compared, and how the engine starts each. */
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { resolveFrom } from "../engine/language-host/resolve";
import { ROOT } from "../engine/paths";

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

export const PACKS: readonly Pack[] = [THIS, EXECUTABLE, NO_POLICIES, EMPTY, TYPICAL];

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
