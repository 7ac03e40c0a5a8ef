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
that are off are turned on, and public canned ACLs are made private. Prints what it changes as a patch. Where a person has
to decide, it says so and changes nothing.

  --stack NAME                the stack to preview (default: PULUMI_STACK, or the one that is selected in the project)
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

/**
 * Reads the arguments after `fix`, as those of the preview that it rests on.
 * @throws UsageError
 */
export function parse(argv: readonly string[], base: string, ownPack: () => string): Options {
  const separator = argv.indexOf("--");
  const own = separator === -1 ? argv : argv.slice(0, separator);
  const { values } = read([...own]);
  const passed = ["stack", "cwd", "policy-pack", "policy-pack-config"] as const;
  const given = passed.flatMap((name) => [values[name] ?? []].flat().map((value) => ({ name, value })));
  const more = separator === -1 ? [] : argv.slice(separator);
  const forPreview = given.map(({ name, value }) => `--${name}=${value}`); // A value may begin with a dash.
  const options = parsePreview([...forPreview, ...more], base, ownPack);
  const words = given.flatMap(({ name, value }) => [`--${name}`, value]);
  const again = ["s3-public-access-block", "preview", ...words, ...more].map(shellQuoted).join(" ");
  return {
    ...options,
    dryRun: values["dry-run"] ?? false,
    force: values.force ?? false,
    check: values.check ?? false,
    again,
  };
}

function read(args: string[]) {
  return readOptions(
    {
      args,
      options: {
        stack: { type: "string" },
        cwd: { type: "string" },
        "policy-pack": { type: "string", multiple: true },
        "policy-pack-config": { type: "string", multiple: true },
        "dry-run": { type: "boolean" },
        force: { type: "boolean" },
        check: { type: "boolean" },
      },
    },
    '; those of pulumi preview come after "--"',
  );
}
