/** The environment that every run of the CLI gets. */
import { delimiter } from "node:path";

/** Variables that would let the user's own Pulumi and AWS settings into a test. */
const FOREIGN = /^(PULUMI_|AWS_)/;

/** The variables that make each run quiet, repeatable and independent of the network. */
const SETTINGS: NodeJS.ProcessEnv = {
  PULUMI_SKIP_UPDATE_CHECK: "true",
  // All plugins are there: one that is missing is an error at once, not a download.
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  // Lets the CLI write its event log, which is how the Automation API follows a run.
  PULUMI_DEBUG_COMMANDS: "true",
  // Programs are type-checked with the rest of the project, not again at each run: with @pulumi/aws that takes 3 s.
  PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
  NO_COLOR: "1",
};

/** An environment like `base`, without foreign settings, with the folders first on PATH. */
export function environment(base: NodeJS.ProcessEnv, folders: string[]): NodeJS.ProcessEnv {
  const own = Object.entries(base).filter(([name]) => !FOREIGN.test(name));
  const PATH = [...folders, base.PATH].filter(Boolean).join(delimiter);
  return { ...Object.fromEntries(own), ...SETTINGS, PATH };
}
