import { firstLine, groupBy, QUOTED } from "../../policypack/face";
import { shown } from "./message";
import { type Finding, noVerdict, type Report, type Subject, worst } from "./report";

/* The order of findings, and what belongs together. */

/** The order for a reader: 0 for blocking findings, then unverified, advisory and exempt ones. */
export function rankOf({ blocks, kind }: Pick<Finding, "blocks" | "kind">): 0 | 1 | 2 | 3 {
  return blocks ? 0 : ({ unverified: 1, violation: 2, exempt: 3 } as const)[kind];
}

export const EFFECTS = ["blocking", "advisory", "exempt"] as const;
export type Effect = (typeof EFFECTS)[number];

/** The effect of a finding: an unverified one is advisory if it doesn't block. */
export function effectOf(finding: Pick<Finding, "blocks" | "kind">): Effect {
  return (["blocking", "advisory", "advisory", "exempt"] as const)[rankOf(finding)];
}

/** How many findings have each effect. */
export function countsOf(findings: readonly Finding[]): Record<Effect, number> {
  const counts = { blocking: 0, advisory: 0, exempt: 0 };
  for (const finding of findings) counts[effectOf(finding)] += 1;
  return counts;
}

/** By rank, then in the order of the files and of their lines. What has no place comes last. */
export function sorted(findings: readonly Finding[]): Finding[] {
  const byName = (one: Finding, other: Finding): number =>
    natural(one.urn, other.urn) || natural(one.policy, other.policy);
  return findings.toSorted((one, other) => rankOf(one) - rankOf(other) || byPlace(one, other) || byName(one, other));
}

function byPlace({ position: one }: Subject, { position: other }: Subject): number {
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
  return natural(one.file, other.file) || one.line - other.line || (one.column ?? 0) - (other.column ?? 0);
}

/** Compares texts as people count: bucket-2 comes before bucket-10. Zero only for the same text. */
export function natural(one: string, other: string): number {
  return compare(counted(one), counted(other)) || compare(one, other);
}

/** Each number after its length, so that of two the greater one comes later: of any length, as numbers they would be rounded. */
const counted = (text: string): string =>
  text.replace(/[0-9]+/g, (digits) => {
    const plain = digits.replace(/^0+/, "");
    return `${String(plain.length).padStart(9, "0")}${plain}`;
  });

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** The policies that were evaluated and found nothing. */
export function quietIn({ findings, policies = [] }: Pick<Report, "findings" | "policies">) {
  return policies.filter((one) => !findings.some(({ pack, policy }) => pack === one.pack && policy === one.policy));
}

/** Findings that say the same of several resources: of one policy, in the same words, at one place. Never empty. */
export type Alike = readonly [Finding, ...Finding[]];

/** Findings with one cause: those that are alike, then those on the resource that causes them. Never empty. */
export type Group = readonly [Alike, ...Alike[]];

/**
 * The findings in groups, in their order: the buckets of a loop or of a component make one, and so do a bucket and the
 * block that lacks a flag for it.
 */
export function grouped(findings: readonly Finding[]): Group[] {
  const all = alikes(findings);
  const places = new Map(all.map((alike, at) => [alike, at]));
  const placeOf = ([alike]: Group): number => places.get(alike) ?? 0;
  return gathered(all, ([finding], at) => [rankOf(finding), finding.fix ? `${restOf(finding)}\n${finding.fix}` : at])
    .flatMap(oneCause)
    .sort((one, other) => placeOf(one) - placeOf(other));
}

/** Of findings with one and the same fix, joins those whose first line names the other's resource. */
function oneCause(sameFix: readonly Alike[]): Group[] {
  const byName = new Map(sameFix.map((alike) => [alike[0].name, alike]));
  const blamed = (alike: Alike): Alike[] => {
    const named = [...headOf(alike[0]).matchAll(QUOTED)].map(([, name = ""]) => byName.get(name));
    return named.filter((each): each is Alike => each !== undefined && each !== alike);
  };
  const taken = new Set<Alike>();
  const group = (alike: Alike): Group[] => {
    if (taken.has(alike)) return [];
    const others = new Set(blamed(alike).filter((each) => !taken.has(each)));
    for (const each of [alike, ...others]) taken.add(each);
    return [[alike, ...others]];
  };
  // First what names another: that other would else be a group before it.
  return [...sameFix.filter((alike) => blamed(alike).length > 0), ...sameFix].flatMap(group);
}

export function alikes(findings: readonly Finding[]): Alike[] {
  return gathered(findings, (finding) => {
    const { pack, policy, severity, position, name, urn, published } = finding;
    // Each says how to exempt its own resource.
    const { problem } = published?.howToExempt ? shown({ ...published, howToExempt: undefined }) : finding;
    // Only of this package all names are between quotes, and no name has one in it.
    const plain = published ? problem : problem.replaceAll(urn, "").replaceAll(`'${name}'`, "''");
    return [rankOf(finding), pack, policy, severity, position, plain.replaceAll(QUOTED, "''")];
  });
}

export const headOf = ({ problem }: Finding): string => firstLine(problem);

/** The lines of what is wrong that follow the first. */
export const restOf = ({ problem }: Finding): string => problem.slice(problem.indexOf("\n") + 1 || problem.length);

/** Items with the same key, in the order of the first of each. */
export function gathered<T>(items: readonly T[], keyOf: (item: T, at: number) => unknown): [T, ...T[]][] {
  return [...groupBy(items, (item, at) => JSON.stringify(keyOf(item, at))).values()];
}

export type Named = Pick<Subject, "name" | "urn">;

/** The findings' resources, each shown in the given way: as many as one reads, and how many more there are. */
export function resourceList(findings: readonly Named[], show: (name: string) => string, most = 50): string {
  // In components of one kind the same names come again.
  const areNames = new Set(findings.map(({ name }) => name)).size === findings.length;
  const shown = findings.slice(0, most).map(({ name, urn }) => show(areNames ? name : urn));
  const left = findings.length - shown.length;
  return `${shown.join(", ")}${left === 0 ? "" : ` and ${left} more`}`;
}

/** How a stack is called among those of several projects. */
export function nameOf({ stack, manifest }: Pick<Report, "stack" | "manifest">): string {
  const folder = manifest.replace(/\/?Pulumi\.ya?ml$/, "");
  return folder === "" ? stack : `${folder} ${stack}`;
}

/** The reports as one, for what marks lines: a problem and a note name their stack. */
export function together(reports: readonly Report[]): Report {
  const [first = noVerdict([], "", "")] = reports;
  if (reports.length === 1) return first;
  const named = (key: "problems" | "notes"): string[] =>
    reports.flatMap((report) => report[key].map((text) => `${nameOf(report)}: ${text}`));
  const findings = sorted(reports.flatMap((each) => each.findings));
  return { ...first, verdict: worst(reports), problems: named("problems"), notes: named("notes"), findings };
}
