import { resolve } from "node:path";
import { dayAfter, isDay, isText } from "../../policypack/face";
import { UsageError } from "../command";
import { readOptions } from "../options";
import { BASELINE_FORMATS, type BaselineFormat } from "./baseline";
import { AUDIT_FORMATS as FORMATS, type AuditFormatName as FormatName } from "../report/formats";

/** What the command line asks for. Every path is absolute, but for those of states, by which the report calls them. */
export interface Options {
  /** States in files and folders; undefined for those of the backend. */
  readonly files: readonly string[] | undefined;
  /** Globs for the backend's stacks; none for all. */
  readonly stacks: readonly string[];
  readonly organization: string | undefined;
  readonly config: string | undefined;
  readonly expiringWithin: number;
  readonly acceptOtherStacks: boolean;
  readonly parallel: number;
  readonly reports: Readonly<Partial<Record<FormatName, string>>>;
  readonly baseline: BaselineOptions | undefined;
}

export interface BaselineOptions {
  readonly file: string;
  readonly format: BaselineFormat;
  readonly expires: string;
  readonly reason: string;
  readonly force: boolean;
}

export const USAGE = `Usage: s3-public-access-block audit (--all | --stack GLOB | --file PATH) [options]

Checks your existing stacks against the policy pack without running a program. It writes to no backend.

What is read:
  --all                    every stack of the backend that the Pulumi CLI is logged in to
  --stack GLOB             only those with such a name: * within a part of it, ** across parts; may be given several times
  --organization NAME      only those of one organization of Pulumi Cloud
  --file PATH              an exported state, or a folder of states, such as a backend's; may be given several times
  --parallel N             how many stacks are exported at once (default: 4)

How it is evaluated:
  --config FILE            the policy pack's configuration: its levels, options and exemptions. The report then lists
                           exemptions that expire soon, have expired, or are unused
  --expiring DAYS          report exemptions that expire within DAYS (default: 30)
  --accept-other-stacks    count a public access block that is declared in another stack

Additional reports:
${FORMATS.map(({ name, help }) => `${`  --${name} FILE`.padEnd(27)}${help}\n`).join("")}
Where to start:
  --baseline FILE          write what blocks today as exemptions, added to those of --config
  --baseline-format NAME   pack: for any CLI, with a last day (default); engine: the CLI's own, from version 3.274 on
  --expires DAYS|DAY       the last day of the exemptions, as YYYY-MM-DD or days from today (default: 90)
  --reason TEXT            why they are exempt
  --force                  replace FILE if it is there
  --help                   print this text

Exit codes: 0 nothing blocks, or what does was written as a baseline; 1 something blocks; 2 a stack could not be read, or
the arguments are wrong.`;

/**
 * Reads the arguments after `audit`. `base` is the folder that relative paths start from, `today` the day (UTC,
 * YYYY-MM-DD).
 * @throws UsageError
 */
export function parse(argv: readonly string[], base: string, today: string): Options {
  const values = read([...argv]);
  const { stack: stacks = [], file: files, organization } = values;
  const ways = [values.all === true, stacks.length > 0, files !== undefined].filter(Boolean).length;
  if (ways === 0) throw new UsageError("nothing to audit: pass --all, --stack GLOB or --file PATH");
  if (ways > 1) throw new UsageError("--all, --stack and --file can't be given together");
  if (files !== undefined && organization !== undefined) {
    throw new UsageError("--organization is for the backend's stacks, and can't be given with --file");
  }
  const texts = [...stacks, ...(files ?? []), ...(organization === undefined ? [] : [organization])];
  if (texts.includes("")) throw new UsageError("--stack, --file and --organization can't be empty");
  const path = (name: string, value: string): string => {
    if (value === "") throw new UsageError(`--${name} is empty`);
    return resolve(base, value);
  };
  const reports = Object.fromEntries(
    FORMATS.flatMap(({ name }) => (values[name] === undefined ? [] : [[name, path(name, values[name])]])),
  ) as Options["reports"];
  const baseline = baselineIn(values, path, today);
  const config = values.config === undefined ? undefined : path("config", values.config);
  const written = [...Object.values(reports), ...(baseline === undefined ? [] : [baseline.file])];
  if (new Set(written).size < written.length) throw new UsageError("two reports can't be written to one file");
  if (config !== undefined && Object.values(reports).includes(config)) {
    throw new UsageError("a report can't be written to the file of --config");
  }
  return {
    ...{ files, stacks, organization, config, reports, baseline },
    expiringWithin: number("expiring", values.expiring ?? "30", 0),
    acceptOtherStacks: values["accept-other-stacks"] ?? false,
    parallel: number("parallel", values.parallel ?? "4", 1),
  };
}

type Values = ReturnType<typeof read>;

function baselineIn(
  values: Values,
  path: (name: string, value: string) => string,
  today: string,
): BaselineOptions | undefined {
  const { baseline, reason, expires, force, "baseline-format": format = "pack" } = values;
  if (baseline === undefined) {
    const alone = ["baseline-format", "expires", "reason", "force"] as const;
    const given = alone.find((name) => values[name] !== undefined);
    if (given !== undefined) throw new UsageError(`--${given} requires --baseline FILE`);
    return undefined;
  }
  const known = BASELINE_FORMATS.find((each) => each === format);
  if (known === undefined) {
    throw new UsageError(`--baseline-format is ${BASELINE_FORMATS.join(" or ")}, not ${format}`);
  }
  if (reason !== undefined && !isText(reason))
    throw new UsageError("--reason is empty: say why what is open may stay so for now");
  return {
    file: path("baseline", baseline),
    format: known,
    expires: lastDay(expires ?? "90", today),
    reason: reason ?? `Open when the policy became mandatory, found by the audit of ${today}`,
    force: force ?? false,
  };
}

function lastDay(given: string, today: string): string {
  if (/^\d{1,5}$/.test(given)) return dayAfter(today, Number(given));
  if (!isDay(given)) {
    throw new UsageError(`--expires is a number of days, or a day as YYYY-MM-DD, not ${given}`);
  }
  if (given < today) throw new UsageError(`--expires ${given} is in the past`);
  return given;
}

function number(name: string, given: string, least: number): number {
  if (!/^\d{1,5}$/.test(given) || Number(given) < least) {
    throw new UsageError(`--${name} must be a number from ${least} on, not ${given}`);
  }
  return Number(given);
}

const TEXT = { type: "string" } as const;
const TEXTS = { type: "string", multiple: true } as const;
const FLAG = { type: "boolean" } as const;
const FILES = Object.fromEntries(FORMATS.map(({ name }) => [name, TEXT])) as Record<FormatName, typeof TEXT>;

function read(args: string[]) {
  const { values } = readOptions({
    args,
    options: {
      ...{ all: FLAG, stack: TEXTS, organization: TEXT, file: TEXTS, parallel: TEXT },
      ...{ config: TEXT, expiring: TEXT, "accept-other-stacks": FLAG, ...FILES },
      ...{ baseline: TEXT, "baseline-format": TEXT, expires: TEXT, reason: TEXT, force: FLAG },
    },
  });
  return values;
}
