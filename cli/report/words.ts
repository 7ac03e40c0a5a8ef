import { ACCOUNT_BLOCK } from "../../policypack/face";
import { countsOf, grouped } from "./groups";
import WORDS from "./live-words.json";
import { type Finding, type Live, type Position, type Report, worst } from "./report";
import { BUCKET_POLICY, LIVE, LOST, OWN } from "./rules";

/* The sentences that every report opens with. */

export const plural = (count: number, word: string): string => `${thousands(count)} ${word}${count === 1 ? "" : "s"}`;

/** 12,345. Node.js takes longer to load what it knows of languages than a small audit takes. */
export const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** A place as editors and terminals take it. */
export function placed({ file, line, column }: Position): string {
  return [file, line, ...(column === undefined ? [] : [column])].join(":");
}

/** Whether this package's own policies say of a bucket, or of what may hold one, that it can be opened or may be. */
export function isOnBucket({ pack, policy, type }: Finding): boolean {
  return pack === OWN && ([BUCKET_POLICY, LIVE].includes(policy) || (policy === LOST && type !== ACCOUNT_BLOCK));
}

/** An unreadable stack may have a bucket, but doesn't count as one. */
const UNSEEN = new Set<string | undefined>(["unverified", "unreadable", "unreadable-host"]);
const isSeen = ({ published, policy, live }: Finding): boolean =>
  !UNSEEN.has(published?.cause) && (policy !== LIVE || live?.word === "open" || live?.word === "drifted");

/** Whether it says of a bucket, for all that is known, that it can be opened. */
export const isOpenBucket = (finding: Finding): boolean => isOnBucket(finding) && isSeen(finding);

/** How many buckets the findings that block say can be opened. */
export function openIn(findings: readonly Finding[]): number {
  const open = findings.filter((each) => each.blocks && isOpenBucket(each));
  return new Set(open.map(({ urn }) => urn)).size;
}

/** The meaning of each word for S3's answers, and the text for a bucket that only S3 has. */
export const LIVE_WORDS: Readonly<Record<Live["word"], { means: string; cause?: string; advice?: string }>> = WORDS;

/** `In S3: drifted (no public access block; public now by its policy)` */
export function liveLine({ word, details }: Live): string {
  return `In S3: ${word}${details.length === 0 ? "" : ` (${details.join("; ")})`}`;
}

/** The verdict in a sentence, without its end. `name` is how the stack is shown. */
export function headline(report: Report, name = report.stack): string {
  const { verdict, findings, buckets, notes } = report;
  if (verdict === "failed") return `No verdict on ${name}: that is not a pass`;
  const open = openIn(findings);
  const mandatory = `${plural(countsOf(findings).blocking, "mandatory finding")} in ${name}`;
  if (verdict === "blocked")
    return `Blocked: ${open === 0 || buckets === undefined ? mandatory : openOf(open, buckets, name)}`;
  if (notes.length > 0) return `Passed as far as it was evaluated: no policy blocks ${name}`;
  return `Passed: ${passed(report, name)}`;
}

/** `7 of 9 buckets in dev can be opened to the public` */
export function openOf(open: number, buckets: number, name: string): string {
  return `${thousands(open)} of ${plural(Math.max(open, buckets), "bucket")} in ${name} can be opened to the public`;
}

/** Nothing is called locked that a finding is about. */
function passed({ findings, buckets }: Report, name: string): string {
  const onBuckets = findings.filter(isOnBucket);
  const exempt = onBuckets.filter((each) => each.kind === "exempt" && isSeen(each));
  if (buckets === undefined || onBuckets.length > exempt.length) return `no policy blocks ${name}`;
  if (buckets === 0) return `there is no bucket in ${name}`;
  const open = new Set(exempt.map(({ urn }) => urn)).size;
  const days = exempt.map(({ published }) => published?.exemption?.expires ?? "").sort();
  const until = days[0] ? ` until ${days[0]}${days[0] === days.at(-1) ? "" : " at the earliest"}` : "";
  const locked = buckets - open;
  if (locked <= 0) return `${plural(open, "bucket")} in ${name}, exempt${until}`;
  const more = open === 0 ? "" : ` (${thousands(open)} more exempt${until})`;
  return `${plural(locked, "bucket")} in ${name}, ${locked === 1 ? "" : "each "}locked${more}`;
}

/** The counts: `5 causes, 8 findings, 8 can be fixed, 1 advisory`. Empty where that is nothing, or no verdict. */
export function tally({ verdict, findings }: Report): string {
  const blocking = findings.filter(({ blocks }) => blocks);
  const { advisory, exempt } = countsOf(findings);
  const fixable = blocking.filter(({ edits }) => edits !== undefined).length;
  const counts = [
    [blocking.length, plural(grouped(blocking).length, "cause")],
    // Without an open bucket, the headline counts the findings.
    [openIn(findings), plural(blocking.length, "finding")],
    [fixable, `${thousands(fixable)} can be fixed`],
    [advisory, `${thousands(advisory)} advisory`],
    [exempt, `${thousands(exempt)} exempt`],
  ] as const;
  return verdict === "failed" ? "" : counts.flatMap(([count, text]) => (count === 0 ? [] : [text])).join(", ");
}

export function verdictOf(report: Report, name?: string): string {
  const counted = tally(report);
  return `${headline(report, name)}.${counted === "" ? "" : ` ${counted}.`}`;
}

/** The verdict on several stacks, the worst for a reader first: `3 stacks. Blocked: infra dev; Passed: web prod` */
export function overall(reports: readonly Report[], show: (some: readonly Report[]) => string): string {
  const words = Object.entries({ blocked: "Blocked", failed: "No verdict", passed: "Passed" });
  const parts = words.flatMap(([wanted, word]) => {
    const some = reports.filter(({ verdict }) => verdict === wanted);
    return some.length === 0 ? [] : [`${word}: ${show(some)}`];
  });
  return `${plural(reports.length, "stack")}. ${parts.join("; ")}`;
}

/** How a verdict looks on a terminal. */
export function styleOf(reports: readonly Report[]): "green" | "yellow" | "red" {
  if (worst(reports) !== "passed") return "red";
  return reports.some(({ notes }) => notes.length > 0) ? "yellow" : "green";
}
