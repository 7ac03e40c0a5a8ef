import { UsageError } from "../command";
import { readOptions, shellQuoted } from "../options";
import { type Options as Previewed, parse as parsePreview } from "../preview/args";

/** What the command line asks for. */
export interface Options extends Previewed {
  readonly dryRun: boolean;
  readonly force: boolean;
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
  --help                      print this text

Exit codes: 0 everything that was found is fixed, or nothing was found; 1 something remains; 2 no verdict: nothing was
changed, since the preview failed or the arguments are wrong.`;

/**
 * Reads the arguments after the program's name, as those of the preview that it rests on. Returns undefined when help is
 * asked for.
 * @throws UsageError
 */
export function parse(argv: readonly string[], base: string, ownPack: () => string): Options | undefined {
  const separator = argv.indexOf("--");
  const own = separator === -1 ? argv : argv.slice(0, separator);
  const { values, positionals } = read([...own]);
  if (values.help) return undefined;
  if (positionals.join(" ") !== "fix") {
    throw new UsageError(`expected the command "fix" and options, got ${positionals.join(" ")}`);
  }
  const passed = ["stack", "cwd", "policy-pack", "policy-pack-config"] as const;
  const given = passed.flatMap((name) => [values[name] ?? []].flat().map((value) => ({ name, value })));
  const more = separator === -1 ? [] : argv.slice(separator);
  const forPreview = given.map(({ name, value }) => `--${name}=${value}`); // A value may begin with a dash.
  const options = parsePreview(["preview", ...forPreview, ...more], base, ownPack);
  if (options === undefined) return undefined;
  const words = given.flatMap(({ name, value }) => [`--${name}`, value]);
  const again = ["s3-public-access-block", "preview", ...words, ...more].map(shellQuoted).join(" ");
  return { ...options, dryRun: values["dry-run"] ?? false, force: values.force ?? false, again };
}

function read(args: string[]) {
  return readOptions(
    {
      args,
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        stack: { type: "string" },
        cwd: { type: "string" },
        "policy-pack": { type: "string", multiple: true },
        "policy-pack-config": { type: "string", multiple: true },
        "dry-run": { type: "boolean" },
        force: { type: "boolean" },
      },
    },
    '; those of pulumi preview come after "--"',
  );
}
