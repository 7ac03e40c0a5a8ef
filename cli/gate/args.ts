import { resolve } from "node:path";
import { UsageError } from "../command";
import { readOptions } from "../options";
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
  readonly reports: Readonly<Partial<Record<FormatName, string>>>;
  /** Whether a preview may pass in which nothing was evaluated. */
  readonly acceptUnevaluated: boolean;
  /** Arguments for `pulumi preview` itself. */
  readonly extra: readonly string[];
}

/** A preview keeps a processor busy, and most runners have two. */
const JOBS = 2;
const MOST_JOBS = 10;

export const USAGE = `Usage: s3-public-access-block preview [--stack NAME] [options] [-- arguments of pulumi preview]

Previews a stack under policy packs and reports every finding at the line that made the resource. To evaluate stacks that
are there, see s3-public-access-block audit --help.

  --stack NAME                the stack to preview (default: PULUMI_STACK, or the one that is selected in the project);
                              may be given several times
  --cwd DIR                   the project's folder (default: this one); may be given several times: with one --stack for
                              all of them, or one for each in the same order
  --all                       every stack of the projects
  --jobs N                    how many previews run side by side, from 1 to ${MOST_JOBS} (default: ${JOBS})
  --policy-pack DIR           a policy pack; may be given several times (default: the pack that comes with this command,
                              unless the organization requires it), or "none" for what the organization requires alone
  --policy-pack-config FILE   the configuration of the policy pack at the same place
${FORMATS.map(({ name, help }) => `${`  --${name} FILE`.padEnd(30)}${help}\n`).join("")}  --accept-unevaluated        pass also when no bucket was evaluated: the policy is disabled, or the preview is of nothing
  --help                      print this text

Exit codes: 0 nothing blocks, 1 blocked by a mandatory policy, 2 no verdict: the preview failed, a policy pack did not
run or evaluated nothing, a report could not be written, or the arguments are wrong.`;

/** Flags that the gate sets itself: with another value there would be nothing to read a verdict from. */
const RESERVED = new Set(
  "--stack -s --cwd -C --policy-pack --policy-pack-config --json -j --output --event-log --color --show-sames --show-replacement-steps --remote".split(
    " ",
  ),
);

/**
 * Reads the arguments after `preview`. `base` is the folder that relative paths start from; `ownPack` names the policy pack to
 * use when none is given.
 * @throws UsageError
 */
export function parse(argv: readonly string[], base: string, ownPack: () => string): Options {
  const separator = argv.indexOf("--");
  const own = separator === -1 ? argv : argv.slice(0, separator);
  const extra = separator === -1 ? [] : argv.slice(separator + 1);
  const { values } = read([...own]);
  const { stack: stacks = [], all = false, jobs = String(JOBS) } = values;
  if (stacks.includes("")) throw new UsageError("--stack is empty: name the stack to preview");
  if (all && stacks.length > 0) throw new UsageError("--all and --stack can't be given together");
  if (!/^\d{1,2}$/.test(jobs) || Number(jobs) < 1 || Number(jobs) > MOST_JOBS) {
    throw new UsageError(`--jobs is a number from 1 to ${MOST_JOBS}, not ${jobs}`);
  }

  const path = (name: string, value: string): string => {
    if (value === "") throw new UsageError(`--${name} is empty`);
    return resolve(base, value);
  };
  const named = values["policy-pack"];
  if (named?.includes(NONE) && named.length > 1) {
    throw new UsageError(`--policy-pack ${NONE} can't be given with another: a folder of that name is ./${NONE}`);
  }
  const packs = packsOf(named, ownPack).map((pack) => path("policy-pack", pack));
  const configs = (values["policy-pack-config"] ?? []).map((config) => path("policy-pack-config", config));
  if (configs.length > 0 && configs.length !== packs.length) {
    throw new UsageError(
      `${configs.length} --policy-pack-config for ${packs.length} --policy-pack: give each policy pack its own, in the same order`,
    );
  }
  const reserved = extra.find(
    (argument) => RESERVED.has(argument.replace(/=.*/s, "")) || /^-[deQhr]*[sCj]/.test(argument),
  );
  if (reserved !== undefined) throw new UsageError(`${reserved} can't be given after "--": the gate sets it itself`);

  const reports: Partial<Record<FormatName, string>> = {};
  for (const { name } of FORMATS) {
    const file = values[name];
    if (file !== undefined) reports[name] = path(name, file);
  }
  if (new Set(Object.values(reports)).size < Object.keys(reports).length) {
    throw new UsageError("two reports can't be written to one file");
  }
  return {
    ...{ stacks, all, jobs: Number(jobs) },
    projects: (values.cwd ?? ["."]).map((cwd) => path("cwd", cwd)),
    packs,
    isOwnPack: named === undefined,
    configs,
    reports,
    acceptUnevaluated: values["accept-unevaluated"] ?? false,
    extra,
  };
}

/** In place of a policy pack: those that the organization requires are enough. */
const NONE = "none";

function packsOf(named: readonly string[] | undefined, ownPack: () => string): readonly string[] {
  if (named === undefined) return [ownPack()];
  return named.includes(NONE) ? [] : named;
}

const FILES = Object.fromEntries(FORMATS.map(({ name }) => [name, { type: "string" }])) as Record<
  FormatName,
  { type: "string" }
>;

function read(args: string[]) {
  return readOptions(
    {
      args,
      options: {
        "accept-unevaluated": { type: "boolean" },
        stack: { type: "string", multiple: true },
        cwd: { type: "string", multiple: true },
        all: { type: "boolean" },
        jobs: { type: "string" },
        "policy-pack": { type: "string", multiple: true },
        "policy-pack-config": { type: "string", multiple: true },
        ...FILES,
      },
    },
    '; those of pulumi preview come after "--"',
  );
}
