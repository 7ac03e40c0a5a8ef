import type { Exemption } from "../../policypack/face";
import { plural } from "../report/words";
import type { Verdict } from "./verdicts";

/** What an audit found, for every form of report. */
export interface Audit {
  /** The day of it (UTC, YYYY-MM-DD). */
  readonly date: string;
  /** The stacks that were evaluated: those with the most that blocks first, then by name. */
  readonly stacks: readonly StackRow[];
  readonly unreadable: readonly Unreadable[];
  /** Undefined where no configuration was given. */
  readonly exemptions: ExemptionCheck | undefined;
}

export interface StackRow extends Counts {
  readonly name: string;
  readonly verdicts: readonly Verdict[];
}

export interface Counts {
  readonly resources: number;
  readonly buckets: number;
  readonly onlyRead: number;
  /** Findings that fail a preview where the policies are mandatory. */
  readonly blocking: number;
  /** Findings that are shown, and block nothing: of an advisory policy, or not to be verified from a state. */
  readonly advisory: number;
  readonly exempt: number;
}

export interface Unreadable {
  readonly name: string;
  readonly reason: string;
}

/** What is to be said of a configuration's exemptions. */
export interface ExemptionCheck {
  /** The number of days that count as soon. */
  readonly within: number;
  readonly expiring: readonly Listed[];
  readonly expired: readonly Listed[];
  /** Those by a pattern that findings inside of a resource fall under. */
  readonly reaching: readonly Reaching[];
  /** Those that no finding falls under: what they were for is locked, or gone. */
  readonly unused: readonly Listed[];
}

export interface Listed extends Exemption {
  readonly policy: string;
}

export interface Reaching extends Listed {
  /** How many findings fall under it. */
  readonly findings: number;
}

export interface Located extends Verdict {
  readonly stack: string;
}

/** 0 nothing blocks, 1 something does, 2 a stack could not be read. */
export type ExitCode = 0 | 1 | 2;

export function exitCodeOf({ stacks, unreadable }: Audit): ExitCode {
  if (unreadable.length > 0) return 2;
  return stacks.some(({ blocking }) => blocking > 0) ? 1 : 0;
}

export function totalsOf({ stacks }: Audit): Counts {
  const sum = { resources: 0, buckets: 0, onlyRead: 0, blocking: 0, advisory: 0, exempt: 0 };
  const keys = Object.keys(sum) as (keyof Counts)[];
  for (const row of stacks) for (const key of keys) sum[key] += row[key];
  return sum;
}

export function findingsOf({ stacks }: Audit): Located[] {
  return stacks.flatMap(({ name, verdicts }) => verdicts.map((verdict) => ({ ...verdict, stack: name })));
}

/** What is to be said of a finding beside its message. */
export function remarkOn({ elsewhere }: Verdict): string | undefined {
  if (elsewhere === undefined) return undefined;
  const { stack, urn, locks } = elsewhere;
  return locks
    ? `Locked by stack ${stack}: its public access block ${urn} names this bucket, and has the four flags on.`
    : `Stack ${stack} has a public access block that names this bucket, but doesn't prove that it is locked: ${urn}`;
}

/** The verdict in a line. */
export function headline(audit: Audit): string {
  const { stacks, unreadable } = audit;
  const { blocking, buckets } = totalsOf(audit);
  const open = stacks.filter((row) => row.blocking > 0).length;
  const where = `${plural(stacks.length, "stack")} with ${plural(buckets, "bucket")}`;
  const found =
    blocking === 0 ? `Nothing blocks in ${where}` : `${plural(blocking, "finding")} would block ${open} of ${where}`;
  return unreadable.length === 0 ? found : `${found}; ${plural(unreadable.length, "stack")} could not be read`;
}
