/** The pack as each user starts it, and the packs that it is compared with. */
import { join } from "node:path";
import { ROOT } from "../harness/engine/paths";

export interface Pack {
  readonly name: string;
  /** The value of `--policy-pack`. */
  readonly path: string;
}

/** The pack's folder, with the runner that it brings along. */
export const THIS: Pack = { name: "this pack", path: join(ROOT, "dist/policypack") };
export const EXECUTABLE: Pack = { name: "executable", path: join(ROOT, "dist/policypack/index.js") };
/** The same pack, started by Pulumi's own SDK. */
export const CHECKOUT: Pack = { name: "with Pulumi's SDK", path: ROOT };

const other = (name: string, folder: string): Pack => ({ name, path: join(__dirname, "packs", folder) });
export const NO_POLICIES = other("no policies", "no-policies");
export const EMPTY = other("empty stack policy", "empty-stack-policy");
