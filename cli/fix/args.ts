import { readOptions, shellQuoted } from "../options";
import { type Options as Previewed, parse as parsePreview } from "../gate/args";

/** What the command line asks for. */
export interface Options extends Previewed {
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly check: boolean;
  /** The command that shows whether it helped. */
  readonly again: string;
}

export const USAGE = `Usage: s3-public-access-block fix [--stack NAME] [options] [-- arguments of pulumi preview]

Previews a stack under policy packs and changes the program so that it passes: a missing public access block is added, flags
that are off are turned on, and public canned ACLs are made private. Prints the changes as a patch. Findings that need a
decision are listed and left alone.

  --stack NAME                stack to preview (default: $PULUMI_STACK, or the selected stack)
  --cwd DIR                   the project's folder (default: this one)
  --policy-pack DIR           a policy pack; may be given several times (default: the pack that comes with this command)
  --policy-pack-config FILE   the configuration of the policy pack at the same place
  --dry-run                   print the patch and write nothing
  --force                     change files that have uncommitted changes or aren't under version control, too
  --check                     compile the changed program first, with its own typescript or go, and write nothing if the
                              changes add errors; JavaScript, Python and YAML are only parsed, as always
  --help                      print this text

Exit codes: 0 everything that was found is fixed, or nothing was found; 1 something remains; 2 nothing was changed, since
the preview failed, the arguments are wrong, a file can't be written or --check has no compiler.`;

const text = { type: "string" } as const;
const texts = { type: "string", multiple: true } as const;
const flag = { type: "boolean" } as const;

/**
 * Reads the arguments after `fix`, as those of the preview that it starts with.
 * @throws UsageError
 */
export function parse(argv: readonly string[], base: string, ownPack: () => string): Options {
  const separator = argv.indexOf("--");
  const own = separator === -1 ? argv : argv.slice(0, separator);
  const flags = { "dry-run": flag, force: flag, check: flag };
  const options = { stack: text, cwd: text, "policy-pack": texts, "policy-pack-config": texts, ...flags };
  const { values } = readOptions({ args: [...own], options }, '; those of pulumi preview come after "--"');
  const isOwn = (word: string): boolean => Object.keys(flags).some((name) => word === `--${name}`);
  const ofPreview = [...own.filter((word) => !isOwn(word)), ...argv.slice(own.length)];
  return {
    ...parsePreview(ofPreview, base, ownPack),
    dryRun: values["dry-run"] ?? false,
    force: values.force ?? false,
    check: values.check ?? false,
    again: ["s3-public-access-block", "preview", ...ofPreview].map(shellQuoted).join(" "),
  };
}
