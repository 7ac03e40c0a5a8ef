import { UsageError } from "../command";
import { type CommandLine, flag, many, path, readArguments, reportsIn, SHARED, text, usage } from "../options";
import { type FormatName, FORMATS } from "../report/formats";

/** What the command line asks for. Every path is absolute. */
export interface Options {
  /** None for the one that is selected in each project. */
  readonly stacks: readonly string[];
  /** The folders the previews run in: the projects', or ones below them. */
  readonly projects: readonly string[];
  /** Whether every stack of the projects is previewed. */
  readonly all: boolean;
  /** How many previews run side by side. */
  readonly jobs: number;
  readonly packs: readonly string[];
  /** Whether they are this package's own because none was named: then an organization's copy of it is enough. */
  readonly isOwnPack: boolean;
  /** The configuration file of the pack at the same place in `packs`. */
  readonly configs: readonly string[];
  /** The one of them that nobody named, from the root of the repository. */
  readonly found?: string | undefined;
  /** The file of each report, or STDOUT. */
  readonly reports: Readonly<Partial<Record<FormatName, string>>>;
  /** Whether a preview may pass in which nothing was evaluated. */
  readonly acceptUnevaluated: boolean;
  readonly quiet: boolean;
  /** Arguments for `pulumi preview` itself. */
  readonly extra: readonly string[];
}

/** A preview keeps a processor busy, and most runners have two. */
const JOBS = 2;

const COMMAND = {
  name: "preview",
  synopsis: "[--stack NAME] [options] [-- arguments of pulumi preview]",
  about: `Previews a stack under policy packs and reports every finding at the line that created the resource. To check existing
stacks, see s3-public-access-block audit --help.`,
  options: {
    stack: many("NAME", "stack to preview (default: PULUMI_STACK, or the selected stack)", text),
    cwd: many(
      "DIR",
      "the project's folder (default: this one), with one --stack for all of them, or one for each in the same order",
      path,
    ),
    all: flag("every stack of the projects"),
    jobs: SHARED.jobs(`how many previews run side by side, from 1 to 10 (default: ${JOBS})`),
    "policy-pack": SHARED.policyPack,
    config: SHARED.config,
    ...SHARED.reports(FORMATS),
    "accept-unevaluated": flag("pass even if no bucket was evaluated (policy disabled, or nothing previewed)"),
    quiet: SHARED.quiet,
  },
  closing: `With - for FILE a report goes to stdout, and the text to stderr.

Exit codes: 0 nothing blocks, 1 blocked by a mandatory policy, 2 no verdict: the preview failed, a policy pack did not
run or evaluated nothing, a report could not be written, or the arguments are wrong.`,
  isForPulumi: true,
} as const satisfies CommandLine;

export const USAGE = usage(COMMAND);

/** Flags that the gate sets itself: with another value there would be nothing to read a verdict from. */
const RESERVED =
  /^(--(stack|cwd|policy-pack|policy-pack-config|json|output|event-log|color|show-sames|show-replacement-steps|remote)(=|$)|-[deQhr]*[sCj])/;

/**
 * Reads the arguments after `preview`. `base` is the folder that relative paths start from; `ownPack` names the policy pack to
 * use when none is given.
 * @throws UsageError
 */
export function parse(argv: readonly string[], base: string, ownPack: () => string): Options {
  const { values, extra } = readArguments(COMMAND, argv, { base });
  const { stack: stacks, all, jobs = JOBS, cwd, quiet } = values;
  if (all && stacks.length > 0) throw new UsageError("--all and --stack can't be given together");
  return {
    stacks,
    all,
    jobs,
    quiet,
    projects: cwd.length === 0 ? [base] : cwd,
    ...packsIn(values, extra, ownPack),
    reports: reportsIn(FORMATS, values),
    acceptUnevaluated: values["accept-unevaluated"],
  };
}

/** The policy packs, their configurations and the arguments of the preview itself, which go together. */
export function packsIn(
  { "policy-pack": named, config: configs }: { "policy-pack": readonly string[]; config: readonly string[] },
  extra: readonly string[],
  ownPack: () => string,
): Pick<Options, "packs" | "isOwnPack" | "configs" | "extra"> {
  const isOwnPack = named.length === 0;
  const isNone = named.includes("none");
  if (isNone && named.length > 1) {
    throw new UsageError("--policy-pack none can't be given with another: a folder of that name is ./none");
  }
  const packs = isOwnPack ? [ownPack()] : isNone ? [] : named;
  if (configs.length > 0 && configs.length !== packs.length) {
    throw new UsageError(
      `${configs.length} --config for ${packs.length} --policy-pack: give each policy pack its own, in the same order`,
    );
  }
  const reserved = extra.find((argument) => RESERVED.test(argument));
  if (reserved !== undefined) throw new UsageError(`${reserved} can't be given after "--": the gate sets it itself`);
  return { packs, isOwnPack, configs, extra };
}
