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

const { options: HELP, requires: REQUIRES, excludes: EXCLUDES, ...ABOUT } = help;

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
    ...under("Owners, and changes since an earlier audit", {
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
  check(values);
  const { resume, stack: stacks, file: files, organization, quiet, jobs = 4, expiring: expiringWithin = 30 } = values;
  const { "accept-other-stacks": acceptOtherStacks, "accept-unknown": acceptUnknown, live, baseline: file } = values;
  const { unmanaged, profile, "assume-role": assumeRole, endpoint } = values;
  const { "owner-tag": ownerTag, out, compare, history, "new-only": newOnly } = values;
  const reports = reportsIn(FORMATS, values, [file, resume, compare]);
  const found = values.config === undefined ? foundConfig(base, repositoryOf(base)) : undefined;
  const config = values.config ?? found;
  if (config !== undefined && Object.values(reports).includes(config)) {
    const named = found === undefined ? "--config" : "the configuration";
    throw new UsageError(`a report can't be written to the file of ${named}`);
  }
  if (compare !== undefined && dirname(compare) === out)
    throw new UsageError(`--out ${out} may replace the file of --compare: use another folder`);
  const { "baseline-format": format = "pack", expires = dayAfter(today, 90), force } = values;
  const { reason = `Open when the policy became mandatory, found by the audit of ${today}` } = values;
  return {
    ...{ resume, files, stacks, organization, jobs, quiet, expiringWithin, acceptOtherStacks, acceptUnknown },
    ...{ config, configFile: config && relative(base, config), reports },
    live: live ? { unmanaged, profile, assumeRole, endpoint } : undefined,
    baseline: file === undefined ? undefined : { file, format, force, expires, reason },
    ...{ ownerTag, out, compare, history, newOnly },
  };
}

/** Options that exclude each other, and those that only another one gives a meaning (help.json). */
function check(values: Readonly<Record<string, unknown>>): void {
  const isGiven = (name: string): boolean => [values[name] ?? []].flat().some((each) => each !== false);
  if (!["all", "stack", "file"].some(isGiven))
    throw new UsageError("nothing to audit: pass --all, --stack GLOB or --file PATH");
  const excluded = EXCLUDES.find(({ sets }) => sets.filter((names) => names.some(isGiven)).length > 1);
  if (excluded !== undefined) throw new UsageError(excluded.why);
  for (const { options, named, by } of REQUIRES) {
    const alone = by.some(isGiven) ? undefined : options.find(isGiven);
    if (alone !== undefined) throw new UsageError(`--${alone} requires ${named}`);
  }
}
