import { type Options as Previewed, packsIn } from "../gate/args";
import { type CommandLine, flag, one, path, readArguments, SHARED, shellQuoted, text, usage } from "../options";

/** The options of the command line. */
export interface Options extends Previewed {
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly check: boolean;
  /** What shows whether it helped: a command and its arguments. */
  readonly again: string;
}

const FLAGS = {
  "dry-run": flag("print the patch and write nothing"),
  force: flag("change files that have uncommitted changes or aren't under version control, too"),
  check: flag(
    "compile the changed program first, with its own typescript or go, and write nothing if the changes add errors; " +
      "JavaScript, Python and YAML are only parsed, as always",
  ),
};

const COMMAND = {
  name: "fix",
  synopsis: "[--stack NAME] [options] [-- arguments of pulumi preview]",
  about: `Previews a stack under policy packs and changes the program so that it passes: a missing public access block is added,
flags that are off are turned on, and public canned ACLs are made private. Prints the changes as a patch. Findings that
need a decision are listed and left alone.`,
  options: {
    stack: one("NAME", "stack to preview (default: PULUMI_STACK, or the selected stack)", text),
    cwd: one("DIR", "the project's folder (default: this one)", path),
    "policy-pack": SHARED.policyPack,
    config: SHARED.config,
    ...FLAGS,
  },
  closing: `Exit codes: 0 everything that was found is fixed, or nothing was found; 1 something remains, or --dry-run has a
patch; 2 nothing was changed: the preview failed, the arguments are wrong, a file has uncommitted changes or can't be
written, or --check has no compiler.`,
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
