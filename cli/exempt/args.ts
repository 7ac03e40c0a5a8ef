import { UsageError } from "../command";
import { DEFAULTS } from "../fix/args";
import { type Options as Previewed, packsIn } from "../gate/args";
import { type CommandLine, day, flag, one, path, readArguments, text, usage } from "../options";

/** What the command line asks for. */
export interface Options extends Previewed {
  /** The buckets' logical names or URNs. */
  readonly names: readonly string[];
  readonly terms: { readonly reason: string; readonly expires?: string; readonly approvedBy?: string };
  readonly dryRun: boolean;
}

const COMMAND = {
  name: "exempt",
  synopsis: "BUCKET... --reason TEXT [options] [-- arguments of pulumi preview]",
  about: `Previews a stack and exempts buckets, by logical name or URN, from all that stops them from being public: the policies
of the bucket, of its public access block, its ACL and its policy. Prints the change of the configuration as a patch.`,
  options: {
    reason: one("TEXT", "why they may be public; required", text),
    expires: one("DAYS|DAY", "last day of the exemptions, as YYYY-MM-DD or days from today (default: none)", day),
    "approved-by": one("NAME", "who approved it, where the rules for exemptions name approvers", text),
    stack: one("NAME", "stack to preview (default: PULUMI_STACK, or the selected stack)", text),
    cwd: one("DIR", "the project's folder (default: this one)", path),
    config: one(
      "FILE",
      "the configuration to change (default: s3-public-access-block.json beside Pulumi.yaml, or at the repository's root; " +
        "a new one is made beside Pulumi.yaml)",
      path,
    ),
    "dry-run": flag("print the patch and write nothing"),
  },
  closing: `Exit codes: 0 the exemptions are written; 1 one of the buckets can't be exempted, and nothing was changed; 2 nothing was
changed, since the preview failed or the arguments are wrong.`,
  takesNames: true,
  isForPulumi: true,
} as const satisfies CommandLine;

export const USAGE = usage(COMMAND);

/** Reads the arguments after `exempt`. @throws UsageError */
export function parse(argv: readonly string[], base: string, ownPack: () => string): Options {
  const { values, names, extra } = readArguments(COMMAND, argv, { base });
  const { reason, expires, "approved-by": approvedBy, stack, cwd = base, config, "dry-run": dryRun } = values;
  if (names.length === 0) throw new UsageError("name a bucket to exempt, by its logical name or URN");
  if (reason === undefined) throw new UsageError("--reason is required: say why the bucket may be public");
  return {
    ...DEFAULTS,
    ...packsIn({ "policy-pack": [], config: config === undefined ? [] : [config] }, extra, ownPack),
    stacks: stack === undefined ? [] : [stack],
    projects: [cwd],
    names,
    terms: { reason, ...(expires !== undefined && { expires }), ...(approvedBy !== undefined && { approvedBy }) },
    dryRun,
  };
}
