/** The folder of the engine's parts, in the project's git-ignored cache folder. */
import { join, resolve } from "node:path";

/** The project's root. */
export const ROOT = resolve(__dirname, "../../..");
/** Everything that this folder downloads, builds or writes. */
export const CACHE = join(ROOT, ".cache/engine");
