import { dirname, relative } from "node:path";
import { dayAfter } from "../../policypack/face";
import { UsageError } from "../command";
import { foundConfig } from "../config";
import {
  choice,
  type CommandLine,
  count,
  day,
  flag,
  many,
  matching,
  one,
  path,
  readArguments,
  reportsIn,
  SHARED,
  text,
  under,
  usage,
} from "../options";
import help from "./help.json";
import { repositoryOf } from "../report/position";
import { AUDIT_FORMATS as FORMATS } from "../report/formats";

/** The options of the command line. Every path is absolute, except those of states, which the report names. */
export type Options = ReturnType<typeof parse>;
export type BaselineOptions = NonNullable<Options["baseline"]>;

const ROLE = matching(
  /^arn:aws[\w-]*:iam::(\d{12}|\{account\}):role\/\S+$/,
  "a role, as arn:aws:iam::{account}:role/Audit",
);
const TAG = matching(/^[\w.:][\w.:-]{0,39}$/, "the name of a stack tag, as team");
const ADDRESS = matching(/^https?:\/\/[^\s@]+$/, "an address without a password, as https://s3.example.com");

const { options: HELP, ...ABOUT } = help;

const COMMAND = {
  name: "audit",
  ...ABOUT,
  options: {
    ...under("Stacks", {
      all: flag(HELP.all),
      stack: many("GLOB", HELP.stack, text),
      organization: one("NAME", HELP.organization, text),
      file: many("PATH", HELP.file, text),
      resume: one("FILE", HELP.resume, path),
      jobs: SHARED.jobs("how many stacks are exported at once, from 1 to 10 (default: 4)"),
    }),
    ...under("Evaluation", {
      config: one("FILE", HELP.config, path),
      expiring: one("DAYS", HELP.expiring, count(0, 36_500)),
      "accept-other-stacks": flag(HELP["accept-other-stacks"]),
    }),
    ...under("Live: ask S3, too. It only reads (docs/live.md)", {
      live: flag(HELP.live),
      unmanaged: flag(HELP.unmanaged),
      "accept-unknown": flag(HELP["accept-unknown"]),
      profile: one("NAME", HELP.profile, text),
      "assume-role": one("ARN", HELP["assume-role"], ROLE),
      endpoint: one("URL", HELP.endpoint, ADDRESS),
    }),
    ...under("Additional reports (- for FILE is stdout, and the text goes to stderr)", SHARED.reports(FORMATS)),
    quiet: SHARED.quiet,
    ...under("Owners, and what has changed since an earlier audit", {
      "owner-tag": one("TAG", HELP["owner-tag"], TAG),
      "split-by": one("NAME", HELP["split-by"], choice(["owner"])),
      out: one("DIR", HELP.out, path),
      compare: one("FILE", HELP.compare, path),
      history: one("DIR", HELP.history, path),
      "new-only": flag(HELP["new-only"]),
    }),
    ...under("Where to start", {
      baseline: one("FILE", HELP.baseline, path),
      "baseline-format": one("NAME", HELP["baseline-format"], choice(["pack", "engine"])),
      expires: one("DAYS|DAY", HELP.expires, day),
      reason: one("TEXT", HELP.reason, text),
      force: flag(HELP.force),
    }),
  },
} as const satisfies CommandLine;

export const USAGE = usage(COMMAND);

/** Reads the arguments after `audit`, of a day (UTC, YYYY-MM-DD). Relative paths start from `base`. @throws UsageError */
export function parse(argv: readonly string[], base: string, today: string) {
  const { values } = readArguments(COMMAND, argv, { base, today });
  const { all, stack: stacks, file: files, organization, jobs = 4, expiring: expiringWithin = 30, quiet } = values;
  const { "accept-other-stacks": acceptOtherStacks, "accept-unknown": acceptUnknown } = values;
  const ways = [all, stacks.length > 0, files.length > 0].filter(Boolean).length;
  if (ways === 0) throw new UsageError("nothing to audit: pass --all, --stack GLOB or --file PATH");
  if (ways > 1) throw new UsageError("--all, --stack and --file can't be given together");
  if (files.length > 0 && (organization ?? values.resume) !== undefined) {
    throw new UsageError("--organization and --resume are for the backend's stacks, and can't be given with --file");
  }
  const reports = reportsIn(FORMATS, values, [values.baseline, values.resume, values.compare]);
  const found = values.config === undefined ? foundConfig(base, repositoryOf(base)) : undefined;
  const config = values.config ?? found;
  if (config !== undefined && Object.values(reports).includes(config)) {
    throw new UsageError(
      `a report can't be written to the file of ${found === undefined ? "--config" : "the configuration"}`,
    );
  }
  const baseline = baselineIn(values, today);
  const { resume } = values;
  const given = { resume, files, stacks, organization, jobs, quiet, expiringWithin, acceptOtherStacks, acceptUnknown };
  const parts = { reports, live: liveIn(values), baseline, ...sinceIn(values) };
  return { ...given, config, configFile: config && relative(base, config), ...parts };
}

type Values = ReturnType<typeof readArguments<typeof COMMAND.options>>["values"];

function liveIn(values: Values) {
  const { live, unmanaged, profile, "assume-role": assumeRole, endpoint, baseline } = values;
  if (live && baseline !== undefined)
    throw new UsageError("--baseline exempts what the states have, and can't be given with --live");
  requires("--live", live, values, ["unmanaged", "accept-unknown", "profile", "assume-role", "endpoint"]);
  return live ? { unmanaged, profile, assumeRole, endpoint } : undefined;
}

function sinceIn(values: Values) {
  const { "owner-tag": ownerTag, "split-by": splitBy, out, compare, history, "new-only": newOnly } = values;
  requires("--out DIR", out !== undefined, values, ["split-by"]);
  requires("--split-by owner", splitBy !== undefined, values, ["out"]);
  requires("--compare FILE or --history DIR", (compare ?? history) !== undefined, values, ["new-only"]);
  if (compare !== undefined && history !== undefined)
    throw new UsageError("--compare and --history can't be given together");
  if (ownerTag !== undefined && values.file.length > 0)
    throw new UsageError("--owner-tag is for the backend's stacks, and can't be given with --file");
  if (compare !== undefined && dirname(compare) === out)
    throw new UsageError(`--out ${out} may replace the file of --compare: use another folder`);
  return { ownerTag, out, compare, history, newOnly };
}

/** Options that only another one gives a meaning. */
function requires(other: string, isGiven: boolean, values: Values, names: readonly (keyof Values)[]): void {
  const alone = names.find((name) => values[name] !== undefined && values[name] !== false);
  if (!isGiven && alone !== undefined) throw new UsageError(`--${alone} requires ${other}`);
}

function baselineIn(values: Values, today: string) {
  const { baseline: file, "baseline-format": format = "pack", expires, reason, force } = values;
  requires("--baseline FILE", file !== undefined, values, ["baseline-format", "expires", "reason", "force"]);
  if (file === undefined) return undefined;
  return {
    file,
    format,
    force,
    expires: expires ?? dayAfter(today, 90),
    reason: reason ?? `Open when the policy became mandatory, found by the audit of ${today}`,
  };
}
