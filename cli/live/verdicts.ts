import { exemptionFor } from "../../policypack/face";
import { LOCKED } from "../../policypack/face-with-policies";
import type { Evaluation, Verdict } from "../audit/verdicts";
import type { PolicyConfig } from "../config";
import { neutral, neutralName } from "../report/neutral";
import { type Live, type LiveBucket, noVerdict, type Report, type Subject } from "../report/report";
import { BUCKET_POLICY, LIVE, OWN } from "../report/rules";
import { LIVE_WORDS, liveLine, plural, thousands } from "../report/words";
import type { Account, Answers } from "./ask";
import { judged } from "./model";

/*
 * S3's answers, as findings: its word on the finding that a bucket has already, or a finding of its own. The level, the
 * exemptions and the options of the bucket's policy count for both.
 */

export interface Terms {
  /** The configuration of the bucket's policy. */
  readonly rule: PolicyConfig;
  /** The day (UTC, YYYY-MM-DD). */
  readonly today: string;
  readonly acceptUnknown: boolean;
  readonly manifest: string;
}

/** A stack's findings, with what S3 says of its buckets. */
export function withLive({ verdicts, open, asked }: Evaluation, { of }: Answers, terms: Terms) {
  const found = new Set(verdicts.filter(({ policy }) => policy === BUCKET_POLICY).map(({ urn }) => urn));
  const marks = new Map<string, LiveBucket>();
  const findingOf = findingsOf(terms);
  const own: Verdict[] = [];
  const live = asked.map(({ subject, target }): LiveBucket => {
    const { urn } = subject;
    // A finding is left out where another stack's block is accepted; a policy that is off has none.
    const counts = found.has(urn) || terms.rule.level === "disabled";
    const kind = open.get(urn)?.failure.kind;
    const isOpen = counts && kind !== undefined && !LOCKED.includes(kind);
    const said = { urn, bucket: target.name, ...judged(!isOpen, of(target)) };
    if (isOpen && found.has(urn)) marks.set(urn, said);
    else own.push(...findingOf(subject, said));
    return said;
  });
  const marked = verdicts.flatMap((verdict): Verdict[] => {
    const said = verdict.policy === BUCKET_POLICY ? marks.get(verdict.urn) : undefined;
    if (said === undefined) return [verdict];
    if (isAccepted(said, terms)) return [];
    return [{ ...verdict, message: `${verdict.message}\n${liveLine(said)}`, live: said }];
  });
  return { live, verdicts: [...marked, ...own] };
}

function isAccepted({ word }: Live, { rule }: Terms): boolean {
  return word === "covered by the account" && rule.options.acceptAccountPublicAccessBlock === true;
}

function findingsOf(terms: Terms): (subject: Subject, live: Live) => Verdict[] {
  const { rule, today, acceptUnknown } = terms;
  return (subject, live) => {
    const { word, details } = live;
    const { cause: words, advice = "" } = LIVE_WORDS[word];
    if (words === undefined || isAccepted(live, terms)) return [];
    const isUnknown = word === "not known";
    const cause = isUnknown ? neutral(`${words}: ${details.join("; ")}`) : words;
    const match =
      exemptionFor(rule.exempting, subject.urn, today) ??
      exemptionFor(rule.exceptions, subject.placedAt ?? subject.urn, today);
    const isExempt = match?.holds === true;
    const until = match?.exemption.expires === undefined ? "" : ` until ${match.exemption.expires}`;
    const head = isExempt ? [`Exempt${until}: ${neutralName(match.exemption.reason)}`] : [];
    const problem = [...head, cause, advice].join("\n");
    return [
      {
        ...subject,
        ...{ severity: "high", cause, problem, message: `${problem}\n${neutral(liveLine(live))}`, live },
        kind: isExempt ? "exempt" : isUnknown ? "unverified" : "violation",
        blocks: rule.level === "mandatory" && !isExempt && !(isUnknown && acceptUnknown),
        ...(match && { exemption: match.exemption }),
      },
    ];
  };
}

/** The buckets of an account that are in no stack, as a report of their own. */
export function ofAccount({ account, unmanaged, problem }: Account, { of }: Answers, terms: Terms): Report {
  const nothing = noVerdict([], `account ${account}`, terms.manifest);
  if (problem !== undefined && !terms.acceptUnknown)
    return { ...nothing, problems: [`its buckets can't be listed: ${problem}`] };
  const live = unmanaged.map((target): LiveBucket => {
    const urn = `arn:${target.partition ?? "aws"}:s3:::${target.name ?? ""}`;
    return { urn, bucket: target.name, ...judged(undefined, of(target)) };
  });
  const findingOf = findingsOf(terms);
  const findings = live.flatMap((said) => {
    const type = "aws:s3/bucket:Bucket";
    const names = { urn: said.urn, physicalId: said.urn, name: neutralName(said.bucket ?? "") };
    return findingOf({ pack: OWN, policy: LIVE, type, ...names }, said);
  });
  const verdict = findings.some(({ blocks }) => blocks) ? "blocked" : "passed";
  const counts = { resources: 0, buckets: live.length, onlyRead: 0 };
  return { ...nothing, verdict, findings, ...counts, live, isAccount: true };
}

/** `380 of 412 buckets are in stacks; 32 are in none, 3 of them open` */
export function coverageOf(accounts: readonly Account[], reports: readonly Report[]): string {
  if (accounts.length === 0) return "No account was reached, so that nothing is known of buckets in no stack";
  const total = accounts.reduce((sum, account) => sum + account.total, 0);
  const live = reports.flatMap((report) => (report.isAccount === true ? (report.live ?? []) : []));
  const open = live.filter(({ word }) => word === "open").length;
  const unlisted = accounts.filter(({ problem }) => problem !== undefined).map(({ account }) => account);
  return [
    `${thousands(total - live.length)} of ${plural(total, "bucket")} are in stacks`,
    ...(live.length === 0 ? [] : [`${thousands(live.length)} are in none, ${thousands(open)} of them open`]),
    ...(unlisted.length === 0 ? [] : [`the buckets of ${unlisted.join(", ")} can't be listed`]),
  ].join("; ");
}
