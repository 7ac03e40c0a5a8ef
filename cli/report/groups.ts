import { firstLine, groupBy } from "../../policypack/shared/lists";
import { QUOTED } from "../../policypack/findings/finding";
import type { Finding } from "./finding";
import { rankOf } from "./order";

/** Findings that say the same of several resources: of one policy, in the same words, at one place. Never empty. */
export type Alike = readonly [Finding, ...Finding[]];

/** What has one cause: findings that are alike and, after them, those on the resource that is to blame. Never empty. */
export type Group = readonly [Alike, ...Alike[]];

/**
 * The findings in groups, in their order: the buckets of a loop or of a component make one, and so do a bucket and the
 * block that lacks a flag for it.
 */
export function grouped(findings: readonly Finding[]): Group[] {
  const all = alikes(findings);
  const places = new Map(all.map((alike, at) => [alike, at]));
  const placeOf = ([alike]: Group): number => places.get(alike) ?? 0;
  return gathered(all, ([finding], at) => [rankOf(finding), fixOf(finding) ?? at])
    .flatMap(oneCause)
    .sort((one, other) => placeOf(one) - placeOf(other));
}

/** Of findings with one and the same fix, joins those whose first line names the other's resource. */
function oneCause(sameFix: readonly Alike[]): Group[] {
  if (sameFix.length === 1) return [sameFix as [Alike]];
  const byName = new Map(sameFix.map((alike) => [alike[0].name, alike]));
  const blamed = (alike: Alike): Alike[] => {
    const named = [...headOf(alike[0]).matchAll(QUOTED)].map(([, name = ""]) => byName.get(name));
    return named.filter((each): each is Alike => each !== undefined && each !== alike);
  };
  const taken = new Set<Alike>();
  const group = (alike: Alike): Group[] => {
    if (taken.has(alike)) return [];
    taken.add(alike);
    const others = [...new Set(blamed(alike))].filter((each) => !taken.has(each));
    for (const each of others) taken.add(each);
    return [[alike, ...others]];
  };
  // First what names another: that other would else be a group before it.
  return [...sameFix.filter((alike) => blamed(alike).length > 0), ...sameFix].flatMap(group);
}

/** The findings that are alike, in their order. */
export function alikes(findings: readonly Finding[]): Alike[] {
  return gathered(findings, (finding) => {
    const { pack, policy, severity, position, problem, name, urn, published } = finding;
    // Only of this package all names are between quotes, and no name has one in it.
    const plain = published ? problem : problem.replaceAll(urn, "").replaceAll(`'${name}'`, "''");
    return [rankOf(finding), pack, policy, severity, position, plain.replaceAll(QUOTED, "''")];
  });
}

/** The first line of what is wrong. */
export function headOf({ problem }: Finding): string {
  return firstLine(problem);
}

/** The lines of what is wrong that follow the first. */
export function restOf({ problem }: Finding): string {
  return problem.slice(problem.indexOf("\n") + 1 || problem.length);
}

function fixOf(finding: Finding): string | undefined {
  return finding.fix === undefined ? undefined : `${restOf(finding)}\n${finding.fix}`;
}

/** What has the same key, in the order of the first of each. */
export function gathered<T>(items: readonly T[], keyOf: (item: T, at: number) => unknown): [T, ...T[]][] {
  return [...groupBy(items, (item, at) => JSON.stringify(keyOf(item, at))).values()];
}

/** How many are named before the rest is only counted. */
const NAMED = 50;

/** The findings' resources, each shown in the given way: as many as one reads, and how many more there are. */
export function resourceList(findings: readonly Finding[], show: (name: string) => string): string {
  // In components of one kind the same names come again.
  const areNames = new Set(findings.map(({ name }) => name)).size === findings.length;
  const shown = findings.slice(0, NAMED).map(({ name, urn }) => show(areNames ? name : urn));
  const left = findings.length - shown.length;
  return `${shown.join(", ")}${left === 0 ? "" : ` and ${left} more`}`;
}
