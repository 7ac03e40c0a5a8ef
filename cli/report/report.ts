import type { Finding, Subject } from "./finding";

export type { Finding, Severity, Subject } from "./finding";

/** Failed: there is no verdict, because something that it would rest on is not there. */
export type Verdict = "passed" | "blocked" | "failed";

export interface Report {
  readonly stack: string;
  readonly verdict: Verdict;
  /** Why there is no verdict. */
  readonly problems: readonly string[];
  /** What was not evaluated, whatever the verdict: policies that were off, and resources that were left out. */
  readonly notes: readonly string[];
  readonly packs: readonly Pack[];
  /** The policies that were evaluated, whether or not they found anything; not there where nobody tells. */
  readonly policies?: readonly Pick<Subject, "pack" | "policy">[];
  /** Most important ones first, then in the order of the files (order.ts). */
  readonly findings: readonly Finding[];
  /** What policies changed in the resources' inputs. The values aren't told: they may be secret. */
  readonly remediations: readonly Subject[];
  /** Pulumi.yaml, for formats in which a finding must be in a file. */
  readonly manifest: string;
}

/** The verdict on several stacks: one without a verdict leaves none for all, and one that is blocked blocks. */
export function worst(reports: readonly Report[]): Verdict {
  const has = (wanted: Verdict): boolean => reports.some(({ verdict }) => verdict === wanted);
  return has("failed") || reports.length === 0 ? "failed" : has("blocked") ? "blocked" : "passed";
}

export interface Pack {
  readonly name: string;
  readonly version: string;
  /** Whether the organization requires it; one that is given on the command line has no such word. */
  readonly isRequired?: boolean;
}

/** The report of a preview from which nothing can be read. */
export function noVerdict(problems: readonly string[], stack: string, manifest: string): Report {
  return { stack, verdict: "failed", problems, notes: [], packs: [], findings: [], remediations: [], manifest };
}
