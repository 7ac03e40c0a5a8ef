import { UsageError } from "../command";
import { type CommandLine, flag, many, path, readArguments, reportsIn, SHARED, text, usage } from "../options";
import { FORMATS } from "../report/formats";
import help from "./help.json";

/** The options of the command line. Every path is absolute. */
export type Options = ReturnType<typeof parse> & {
  /** The one of the configurations that nobody named, from the root of the repository. */
  readonly found?: string | undefined;
};

/** A preview keeps a processor busy, and most runners have two. */
const JOBS = 2;

const { options: HELP, ...ABOUT } = help;

const COMMAND = {
  ...ABOUT,
  options: {
    stack: many("NAME", HELP.stack, text),
    cwd: many("DIR", HELP.cwd, path),
    all: flag(HELP.all),
    jobs: SHARED.jobs(`how many previews run side by side, from 1 to 10 (default: ${JOBS})`),
    "policy-pack": SHARED.policyPack,
    config: SHARED.config,
    ...SHARED.reports(FORMATS),
    "accept-unevaluated": flag(HELP["accept-unevaluated"]),
    quiet: SHARED.quiet,
  },
} as const satisfies CommandLine;

export const USAGE = usage(COMMAND);

/** Flags that the gate sets itself: with another value there would be nothing to read a verdict from. */
const RESERVED =
  /^(--(stack|cwd|policy-pack|policy-pack-config|json|output|event-log|color|show-sames|show-replacement-steps|remote)(=|$)|-[deQhr]*[sCj])/;

/** Reads the arguments after `preview`. Relative paths start from `base`; `ownPack` is for when no pack is given. @throws UsageError */
export function parse(argv: readonly string[], base: string, ownPack: () => string) {
  const { values, extra } = readArguments(COMMAND, argv, { base });
  const { stack: stacks, all, jobs = JOBS, cwd, quiet, "accept-unevaluated": acceptUnevaluated } = values;
  if (all && stacks.length > 0) throw new UsageError("--all and --stack can't be given together");
  const projects = cwd.length === 0 ? [base] : cwd;
  const reports = reportsIn(FORMATS, values);
  return { stacks, all, jobs, quiet, projects, ...packsIn(values, extra, ownPack), reports, acceptUnevaluated };
}

/**
 * The policy packs, the configuration of each at the same place, and the arguments of the preview itself, which go together. An
 * organization's copy is enough where the pack is this package's own because none was named.
 */
export function packsIn(
  { "policy-pack": named, config: configs }: { "policy-pack": readonly string[]; config: readonly string[] },
  extra: readonly string[],
  ownPack: () => string,
) {
  const isOwnPack = named.length === 0;
  const isNone = named.includes("none");
  if (isNone && named.length > 1)
    throw new UsageError("--policy-pack none can't be given with another: a folder of that name is ./none");
  const packs: readonly string[] = isOwnPack ? [ownPack()] : isNone ? [] : named;
  if (configs.length > 0 && configs.length !== packs.length)
    throw new UsageError(
      `${configs.length} --config for ${packs.length} --policy-pack: give each policy pack its own, in the same order`,
    );
  const reserved = extra.find((argument) => RESERVED.test(argument));
  if (reserved !== undefined) throw new UsageError(`${reserved} can't be given after "--": the gate sets it itself`);
  return { packs, isOwnPack, configs, extra };
}
