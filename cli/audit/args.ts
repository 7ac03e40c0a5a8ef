import { relative } from "node:path";
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
import { BASELINE_FORMATS } from "./baseline";
import { repositoryOf } from "../report/position";
import { AUDIT_FORMATS as FORMATS } from "../report/formats";

/** What the command line asks for. Every path is absolute, but for those of states, by which the report calls them. */
export type Options = ReturnType<typeof parse>;
export type BaselineOptions = NonNullable<Options["baseline"]>;

const ROLE = matching(
  /^arn:aws[\w-]*:iam::(\d{12}|\{account\}):role\/\S+$/,
  "a role, as arn:aws:iam::{account}:role/Audit",
);
const ADDRESS = matching(/^https?:\/\/[^\s@]+$/, "an address without a password, as https://s3.example.com");

const COMMAND = {
  name: "audit",
  synopsis: "(--all | --stack GLOB | --file PATH) [options]",
  about: "Checks your existing stacks against the policy pack without running a program. It writes to no backend.",
  options: {
    ...under("Stacks", {
      all: flag("every stack of the backend that the Pulumi CLI is logged in to"),
      stack: many("GLOB", "only stacks whose name matches; * stays within one segment, ** crosses segments", text),
      organization: one("NAME", "only stacks of this organization of Pulumi Cloud", text),
      file: many("PATH", "an exported state, a folder of states such as a backend's, or - for stdin", text),
      jobs: SHARED.jobs("how many stacks are exported at once, from 1 to 10 (default: 4)"),
    }),
    ...under("Evaluation", {
      config: one(
        "FILE",
        "the policy pack's configuration: its levels, options and exemptions (Pulumi's --policy-pack-config; default: " +
          "s3-public-access-block.json in this folder, or at the repository's root). The report then lists exemptions that " +
          "expire soon, have expired, or are unused",
        path,
      ),
      expiring: one("DAYS", "report exemptions that expire within DAYS (default: 30)", count(0, 36_500)),
      "accept-other-stacks": flag("count a public access block that is declared in another stack"),
    }),
    ...under("Live: what S3 has, beside what the states say. It only reads (docs/live.md)", {
      live: flag(
        "ask S3 for each bucket: locked, open, drifted, locked by hand, covered by the account, or not known. Use it after an " +
          "update, too: audit --stack dev --live",
      ),
      unmanaged: flag("also the buckets of these accounts that are in no stack that was read"),
      "accept-unknown": flag("let a bucket pass of which S3 doesn't say anything"),
      profile: one("NAME", "a profile of AWS's configuration (default: AWS's own chain of credentials)", text),
      "assume-role": one("ARN", "a role to assume; {account} in it stands for the bucket's account", ROLE),
      endpoint: one("URL", "another S3 than AWS's: the requests, signed with your credentials, go there", ADDRESS),
    }),
    ...under("Additional reports (- for FILE is stdout, and the text goes to stderr)", SHARED.reports(FORMATS)),
    quiet: SHARED.quiet,
    ...under("Where to start", {
      baseline: one("FILE", "write today's blocking findings as exemptions, added to those of --config", path),
      "baseline-format": one(
        "NAME",
        "pack: for any CLI, with a last day (default); engine: the CLI's own, from version 3.274 on",
        choice(BASELINE_FORMATS),
      ),
      expires: one("DAYS|DAY", "last day of the exemptions, as YYYY-MM-DD or days from today (default: 90)", day),
      reason: one("TEXT", "why they are exempt", text),
      force: flag("replace FILE if it is there"),
    }),
  },
  closing: `Exit codes: 0 nothing blocks, or what does was written as a baseline; 1 something blocks; 2 a stack could not be read,
S3 didn't say of a bucket (--live), or the arguments are wrong.`,
} as const satisfies CommandLine;

export const USAGE = usage(COMMAND);

/**
 * Reads the arguments after `audit`. `base` is the folder that relative paths start from, `today` the day (UTC,
 * YYYY-MM-DD).
 * @throws UsageError
 */
export function parse(argv: readonly string[], base: string, today: string) {
  const { values } = readArguments(COMMAND, argv, { base, today });
  const { all, stack: stacks, file: files, organization, jobs = 4, expiring = 30, quiet } = values;
  const ways = [all, stacks.length > 0, files.length > 0].filter(Boolean).length;
  if (ways === 0) throw new UsageError("nothing to audit: pass --all, --stack GLOB or --file PATH");
  if (ways > 1) throw new UsageError("--all, --stack and --file can't be given together");
  if (files.length > 0 && organization !== undefined) {
    throw new UsageError("--organization is for the backend's stacks, and can't be given with --file");
  }
  const reports = reportsIn(FORMATS, values, [values.baseline]);
  const found = values.config === undefined ? foundConfig(base, repositoryOf(base)) : undefined;
  const config = values.config ?? found;
  if (config !== undefined && Object.values(reports).includes(config)) {
    throw new UsageError(
      `a report can't be written to the file of ${found === undefined ? "--config" : "the configuration"}`,
    );
  }
  const acceptOtherStacks = values["accept-other-stacks"];
  const baseline = baselineIn(values, today);
  return {
    files,
    stacks,
    organization,
    config,
    found: found && relative(base, found),
    expiringWithin: expiring,
    acceptOtherStacks,
    jobs,
    reports,
    quiet,
    live: liveIn(values),
    acceptUnknown: values["accept-unknown"],
    baseline,
  };
}

type Values = ReturnType<typeof readArguments<typeof COMMAND.options>>["values"];

function liveIn(values: Values) {
  const { live, unmanaged, profile, "assume-role": assumeRole, endpoint, baseline } = values;
  if (live && baseline !== undefined)
    throw new UsageError("--baseline exempts what the states have, and can't be given with --live");
  requires("--live", live, values, ["unmanaged", "accept-unknown", "profile", "assume-role", "endpoint"]);
  return live ? { unmanaged, profile, assumeRole, endpoint } : undefined;
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
