import { capitalized } from "../../policypack/face";
import { EXIT_CODES } from "../command";
import { changeSections, curveOf } from "./changes";
import { countsOf, type Effect, EFFECTS, effectOf, gathered, headOf, restOf } from "./groups";
import { neutralName } from "./neutral";
import LISTS from "./exemption-lists.json";
import type { AuditFacts, Context, Finding, Link, Report } from "./report";
import { worst } from "./report";
import { LIVE_WORDS, liveLine, openIn, openOf, placed, plural, thousands } from "./words";

/* An audit as people read it, before any format: tables, with how to fix what is in them. */

/** The result of an audit. Reports are sorted: most blocking findings first, then by name, unreadable stacks last. */
export interface Audit extends AuditFacts {
  readonly reports: readonly Report[];
}

/** 0 nothing blocks, 1 something does, 2 a stack could not be read, or S3 didn't say what it was asked. */
export function exitCodeOf(audit: Found): 0 | 1 | 2 {
  const verdict = unknownIn(audit) > 0 ? "failed" : worst(audit.reports);
  const isOld = audit.newOnly === true && !audit.comparison?.changes.some(({ change }) => change === "new");
  return EXIT_CODES[verdict === "blocked" && isOld ? "passed" : verdict];
}

type Found = Pick<Audit, "reports" | "acceptUnknown" | "comparison" | "newOnly">;

/** How many buckets are not known that have to be. */
function unknownIn({ reports, acceptUnknown = false }: Found): number {
  const unknown = findingsOf({ reports }).filter(({ live, blocks }) => blocks && live?.word === "not known");
  return acceptUnknown ? 0 : unknown.length;
}

const COUNTED = ["resources", "buckets", ...EFFECTS] as const;
type Counts = Record<(typeof COUNTED)[number] | "onlyRead", number>;
type Row = Counts & { readonly name: string; readonly owner: string | undefined };

type Reports = Pick<Audit, "reports">;

/** The stacks that were evaluated, with what there is to count of each. */
export function rowsOf({ reports }: Reports): Row[] {
  return reports
    .filter(({ verdict }) => verdict !== "failed")
    .map(({ stack: name, owner, resources = 0, buckets = 0, onlyRead = 0, findings }) => ({
      ...{ name, owner, resources, buckets, onlyRead },
      ...countsOf(findings),
    }));
}

export function totalsOf(audit: Reports): Counts {
  const sum = { resources: 0, buckets: 0, onlyRead: 0, blocking: 0, advisory: 0, exempt: 0 };
  for (const row of rowsOf(audit)) for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += row[key];
  return sum;
}

export type Located = Finding & Pick<Report, "stack">;

export function findingsOf({ reports }: Reports): Located[] {
  return reports.flatMap(({ stack, findings }) => findings.map((finding) => ({ ...finding, stack })));
}

/** The stacks that can't be read, and why. */
export function unreadableIn({ reports }: Reports): { name: string; reason: string }[] {
  return reports.flatMap(({ stack: name, problems }) => problems.map((reason) => ({ name, reason })));
}

/** The problem, in the same words for all its resources. */
export const causeOf = (finding: Finding): string => finding.cause ?? headOf(finding);

/** A finding's notes, in addition to its message. */
export function remarkOn({ elsewhere, live }: Finding): string {
  const { stack = "", urn = "", locks } = elsewhere ?? {};
  const inStack = locks
    ? `Locked by stack ${stack}: its public access block ${urn} names this bucket, and has the four flags on.`
    : `Stack ${stack} has a public access block that names this bucket, but doesn't prove that it is locked: ${urn}`;
  return [...(elsewhere ? [inStack] : []), ...(live ? [`${liveLine(live)}.`] : [])].join("\n");
}

/** S3's answers, as rows of a table: each word that any bucket has. */
function liveSection({ reports }: Reports): Section {
  const said = reports.flatMap(({ live = [] }) => live.map(({ word }) => word));
  const rows = Object.entries(LIVE_WORDS).flatMap(([word, { means }]) => {
    const count = said.filter((each) => each === word).length;
    return count === 0 ? [] : [[word, thousands(count), means]];
  });
  const heads = ["In S3", "Buckets", "Which means"];
  return { title: "What S3 says of the buckets", kind: "live", count: said.length, heads, rows };
}

/** The sentences before the verdict, without their ends: how much of the accounts is known, and the changes. */
export function openings({ coverage, comparison, owners }: AuditFacts): string[] {
  return [...(coverage === undefined ? [] : [coverage]), ...(comparison ? [curveOf(comparison, owners?.tag)] : [])];
}

/** The verdict in one or two sentences, without their ends. */
export function headlines(audit: Found): [string, ...string[]] {
  const rows = rowsOf(audit);
  const unreadable = unreadableIn(audit).length;
  const { blocking, buckets } = totalsOf(audit);
  const open = audit.reports.reduce((sum, { findings }) => sum + openIn(findings), 0);
  const accounts = audit.reports.filter(({ isAccount, verdict }) => isAccount === true && verdict !== "failed").length;
  const scope = plural(rows.length - accounts, "stack") + (accounts === 0 ? "" : ` and ${plural(accounts, "account")}`);
  const where = `${scope} with ${plural(buckets, "bucket")}`;
  const blocked = rows.filter((row) => row.blocking > 0).length;
  const unknown = unknownIn(audit);
  const parts = [
    [Number(blocking === 0), `Nothing blocks in ${where}`],
    [blocking, `${plural(blocking, "finding")} would block ${thousands(blocked)} of ${where}`],
    [unreadable, `${plural(unreadable, "stack")} could not be read`],
    [unknown, `S3 didn't say of ${plural(unknown, "bucket")}, which is not a pass`],
  ] as const;
  const whole = parts.flatMap(([count, text]) => (count === 0 ? [] : [text])).join("; ");
  return open === 0 ? [whole] : [openOf(open, buckets, scope), whole];
}

export interface Section {
  readonly title: string;
  readonly kind: Effect | "unreadable" | "exemptions" | "stacks" | "live";
  readonly policy?: string;
  /** How to fix the first finding: it stands once for all that is wrong in the same way. */
  readonly advice?: Advice;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** How many findings or buckets there are; several may share a row. */
  readonly count?: number;
}

type Resource = Pick<Finding, "name" | "type" | "urn">;

/** Words; a name, perhaps with a page; several lines; resources; or nothing, where nothing is known. */
export type Cell =
  | string
  | { readonly code: string; readonly href?: string | undefined }
  | { readonly lines: string }
  | { readonly first: Resource; readonly others: readonly Resource[] }
  | undefined;

/** Code, under the name of the finding whose names are in it, with what it is for before it; after it such as whom to ask. */
export type Advice = Readonly<Record<"heading" | "before" | "after", string> & { code: string | undefined }>;

/**
 * Gaps in the evaluation, findings, and the exemptions that need attention; then the stacks, and how much was evaluated.
 * @param link how a line of the program is linked, where its repository is known
 */
export function documentOf(audit: Audit, link?: Link) {
  const { onlyRead, resources } = totalsOf(audit);
  const unread = onlyRead === 0 ? "" : ` Not evaluated: ${plural(onlyRead, "resource")} that a program only reads.`;
  const found = audit.configuration === undefined ? "" : ` Configuration: ${neutralName(audit.configuration.file)}.`;
  const notes = (audit.notes ?? []).map((note) => ` ${neutralName(note)}.`).join("");
  const unreadable = unreadableIn(audit).map(({ name, reason }) => [{ code: name }, { lines: reason }]);
  const all: Section[] = [
    ...changeSections(audit),
    { title: "Not evaluated, which is not a pass", kind: "unreadable", heads: ["Stack", "Why"], rows: unreadable },
    liveSection(audit),
    ...EFFECTS.flatMap((effect) => sectionsOf(audit, effect, link)),
    ...exemptionsIn(audit),
  ];
  const stacks: Section = {
    title: "Stacks",
    kind: "stacks",
    heads: ["Stack", ...COUNTED.map(capitalized)],
    rows: rowsOf(audit).map((row) => [{ code: row.name }, ...COUNTED.map((each) => thousands(row[each]))]),
  };
  return {
    headlines: [...openings(audit), ...headlines(audit)] as [string, ...string[]],
    date: audit.date,
    isPass: exitCodeOf(audit) === 0,
    sections: all.filter(({ rows }) => rows.length > 0),
    stacks,
    extent: `${plural(resources, "resource")} in all.${unread}${found}${notes}`,
  };
}

export function auditDocument(reports: readonly Report[], { audit, link }: Pick<Context, "audit" | "link">) {
  return documentOf({ date: "", exemptions: undefined, ...audit, reports }, link);
}

/** Findings with the same problem together, the most frequent first, with a row for each line of a stack's program. */
function sectionsOf(audit: Audit, effect: Effect, link: Link | undefined): Section[] {
  const hasOwners = audit.owners !== undefined;
  const wanted = findingsOf(audit).filter((each) => effectOf(each) === effect);
  return gathered(wanted, (each) => [each.policy, causeOf(each)])
    .sort((one, other) => other.length - one.length)
    .map((alike) => {
      const [first] = alike;
      const hasNotes = alike.some((each) => noteOn(each) !== "");
      const lines = gathered(alike, (each) => [each.stack, each.position, each.owner, noteOn(each)]);
      return {
        title: `${capitalized(effect)}: ${causeOf(first)}`,
        kind: effect,
        policy: first.policy,
        ...adviceOn(first),
        count: alike.length,
        heads: ["Stack", "Resource", "Where", ...(hasOwners ? ["Owner"] : []), ...(hasNotes ? ["Note"] : [])],
        rows: lines.map(([first, ...others]): Cell[] => [
          { code: first.stack },
          { first, others },
          first.position && { code: placed(first.position), href: link?.(first.position, first.urn) },
          ...(hasOwners ? [first.owner] : []),
          ...(hasNotes ? [{ lines: noteOn(first) }] : []),
        ]),
      };
    });
}

function noteOn(finding: Located): string {
  const lines = [finding.kind === "exempt" ? headOf(finding) : "", remarkOn(finding)];
  return lines.filter((line) => line !== "").join("\n");
}

/** None for what is exempt, and where the cause has said it all. */
function adviceOn(finding: Finding): { advice?: Advice } {
  const { name, kind, fix, more: after = "" } = finding;
  const before = restOf(finding);
  if (kind === "exempt" || (fix ?? before + after) === "") return {};
  return { advice: { heading: `${fix === undefined ? "For" : "To fix"} '${name}':`, before, code: fix, after } };
}

function exemptionsIn({ exemptions: check }: Audit): Section[] {
  if (check === undefined) return [];
  const { within, undated } = check;
  const unknown = undated === 0 ? "" : `; ${plural(undated, "exemption")} of unknown age`;
  return Object.entries(LISTS).map(([name, title]) => ({
    title: title.replace("{}", plural(within, "day")) + (name === "oldest" ? unknown : ""),
    kind: "exemptions",
    heads: ["Policy", "URN", "Last day", "Reason"],
    rows: check[name as keyof typeof LISTS].map(({ policy, urn, since, expires, reason, findings, breaks }) => {
      const rule = name === "broken" && breaks ? ` (all.${breaks.rule}: ${breaks.why})` : "";
      const age = since === undefined ? "" : ` (since ${since})`;
      const count = findings === undefined ? "" : ` (it covers ${plural(findings, "finding")})`;
      return [{ code: policy }, { code: urn }, expires, `${reason}${rule}${age}${count}`];
    }),
  }));
}
