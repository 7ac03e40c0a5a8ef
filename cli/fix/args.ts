import { type Options as Previewed, packsIn } from "../gate/args";
import { type CommandLine, flag, one, path, readArguments, SHARED, shellQuoted, text, usage } from "../options";
import help from "./help.json";

/** The options of the command line. */
export interface Options extends Previewed {
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly check: boolean;
  /** The command that shows whether it helped, with its arguments. */
  readonly again: string;
}

const { options: HELP, ...ABOUT } = help;

const FLAGS = { "dry-run": flag(HELP["dry-run"]), force: flag(HELP.force), check: flag(HELP.check) };

const COMMAND = {
  name: "fix",
  ...ABOUT,
  options: {
    stack: one("NAME", HELP.stack, text),
    cwd: one("DIR", HELP.cwd, path),
    "policy-pack": SHARED.policyPack,
    config: SHARED.config,
    ...FLAGS,
  },
  isForPulumi: true,
} as const satisfies CommandLine;

export const USAGE = usage(COMMAND);

/** The options that a preview for changes doesn't need. */
export const DEFAULTS = { all: false, jobs: 1, reports: {}, acceptUnevaluated: false, quiet: false };

/**
 * Reads the arguments after `fix`, as those of the preview that it rests on.
 * @throws UsageError
 */
export function parse(argv: readonly string[], base: string, ownPack: () => string): Options {
  const { values, own, extra } = readArguments(COMMAND, argv, { base });
  const { stack, cwd = base, force, check, "dry-run": dryRun } = values;
  const shared = own.filter((word) => !Object.keys(FLAGS).some((name) => word === `--${name}`));
  const words = ["preview", ...shared, ...(extra.length === 0 ? [] : ["--", ...extra])];
  return {
    ...DEFAULTS,
    stacks: stack === undefined ? [] : [stack],
    projects: [cwd],
    ...packsIn(values, extra, ownPack),
    dryRun,
    force,
    check,
    again: words.map(shellQuoted).join(" "),
  };
}
