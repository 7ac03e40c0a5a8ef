import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { groupBy, isObject, parseJson } from "../../policypack/face";
import { UsageError } from "../command";
import type { Audit } from "../report/audit";
import type { Change, Changed } from "../report/changes";
import { ofAudit, VERSION } from "../report/json";
import { BUCKET_POLICY, LIVE } from "../report/rules";
import { type Fitting, fits } from "../shape";
import type { Options } from "./args";
import { SourceError } from "./files";

/* An audit held against earlier ones, as `--json` wrote them. What isn't known any more isn't fixed. */

const NAMES = { stack: "string", policy: "string", urn: "string", type: "string", name: "string" } as const;
const FINDING = { ...NAMES, kind: /^(blocking|advisory|exempt)$/, owner: "string?", physicalId: "string?" } as const;
const COVERED = [{ policy: "string", urn: "string" }] as const;
const REPORT = { date: /^\d{4}-\d\d-\d\d$/, stacks: [{ name: "string" }] as const, findings: [FINDING] as const };

export type Former = Fitting<typeof REPORT>;
type Item = Readonly<Fitting<typeof FINDING>> & { readonly open?: unknown; readonly covers?: unknown };

/** @throws SourceError */
function readFormer(file: string): Former {
  const report = existsSync(file) ? parseJson(readFileSync(file, "utf8")) : undefined;
  const version = isObject(report) ? report.version : undefined;
  if (version === VERSION && fits(report, REPORT)) return report;
  const isOther = typeof version === "number" && version !== VERSION;
  const other = `it is of version ${String(version)} of the report, and this release reads ${VERSION}`;
  const why = isOther ? other : "it is no report of s3-public-access-block audit --json";
  throw new SourceError(`${file} can't be compared with: ${existsSync(file) ? why : "there is no such file"}`);
}

export const historyFile = (folder: string, day: string): string => join(folder, `audit-${day}.json`);

/** The earlier reports that are asked for, the last one last. Today's takes the place of one of the same day. */
export function formersOf({ compare, history }: Pick<Options, "compare" | "history">, today: string): Former[] {
  if (compare !== undefined) return [readFormer(compare)];
  if (history === undefined) return [];
  if (!existsSync(history)) throw new UsageError(`there is no folder ${history}: make it first`);
  const names = readdirSync(history).filter((name) => /^audit-\d{4}-\d\d-\d\d\.json$/.test(name));
  const first = `Write the first: --json ${historyFile(history, today)}`;
  if (names.length === 0) throw new UsageError(`there is no audit-YYYY-MM-DD.json in ${history} yet. ${first}`);
  const all = names.map((name) => readFormer(join(history, name)));
  const earlier = all.filter(({ date }) => date !== today).sort((one, other) => (one.date < other.date ? -1 : 1));
  return earlier.length === 0 ? all : earlier;
}

/**
 * The audit, with what has changed since the last of the earlier reports.
 * @param isOff whether a policy isn't evaluated any more
 * @throws SourceError when that has nothing in common with the audit
 */
export function compared(audit: Audit, formers: readonly Former[], isOff: (policy: string) => boolean): Audit {
  const last = formers.at(-1);
  if (last === undefined) return audit;
  const today = ofAudit(audit.reports, audit);
  const pairs = paired(withCovered(last.findings), withCovered(today.findings));
  const owners = new Map(audit.reports.map(({ stack, owner }) => [stack, owner]));
  if (last.stacks.length > 0 && pairs.size === 0 && !last.stacks.some(({ name }) => owners.has(name))) {
    const why = `has none of the stacks of the report of ${last.date}, such as ${last.stacks[0]?.name ?? ""}`;
    throw new SourceError(`This audit ${why}. Is that of another organization or backend?`);
  }
  const read = new Set(today.stacks.map(({ name }) => name));
  const isKnown = ({ stack, policy }: Item): boolean =>
    read.has(stack) && !isOff(policy) && (policy !== LIVE || today.live !== undefined);
  const changeOf = (now: Item | undefined, before: Item | undefined): Change | undefined => {
    if (before?.kind !== "blocking") return now?.kind === "blocking" ? "new" : undefined;
    if (now === undefined) return isKnown(before) ? "fixed" : "not known";
    if (now.kind === "exempt") return "exempted";
    if (before.open === true && now.open !== true) return "not known";
    if (now.kind === "advisory") return "made advisory";
    return now.open === true && before.open !== true ? "new" : "still open";
  };
  const ownerOf = ({ owner, stack }: Item): string | undefined => owner ?? owners.get(stack);
  const changed = (item: Item, now?: Item, before?: Item): Changed[] => {
    const { stack, policy, urn, type, name } = item;
    const change = changeOf(now, before);
    const about = { stack, policy, urn, type, name, owner: ownerOf(item) };
    return change === undefined ? [] : [{ change, ...about, wasOpen: isOpen(before), isOpen: isOpen(now) }];
  };
  const matched = new Set(pairs.values());
  const gone = last.findings.filter((item) => !matched.has(item)).flatMap((item) => changed(item, undefined, item));
  const changes = today.findings.flatMap((item) => changed(item, item, pairs.get(item)));
  const curve = [...formers, today].flatMap(({ date, findings }: { date: string; findings: readonly Item[] }) => {
    const open = [...groupBy(findings.filter(isOpen), ownerOf)];
    return [{ date, owner: undefined, open: 0 }, ...open.map(([owner, { length }]) => ({ date, owner, open: length }))];
  });
  return { ...audit, comparison: { since: last.date, changes: [...changes, ...gone], curve } };
}

const isOpen = (item: Item | undefined): boolean => item?.open === true && item.kind === "blocking";

/** A finding that another one covers may have been one of its own, or become one. */
function withCovered(items: readonly Item[]): Item[] {
  return items.flatMap((item) => {
    const covers = fits(item.covers, COVERED) ? item.covers : [];
    return [item, ...covers.map((each) => ({ ...item, ...each, open: false }))];
  });
}

/** Both say of a bucket whether it is open, by its program and by S3. */
const topicOf = (policy: string): string => (policy === LIVE ? BUCKET_POLICY : policy);

/** The keys by which two findings are the same, the surest first. AWS's name for a bucket outlives every new name in a program. */
const KEYS: readonly ((item: Item) => readonly string[] | undefined)[] = [
  ({ stack, policy, urn }) => [stack, policy, urn],
  ({ stack, policy, urn }) => [stack, topicOf(policy), urn],
  ({ policy, physicalId }) => (physicalId === undefined ? undefined : [topicOf(policy), physicalId]),
];

/** For each finding of today the one that it was, which is no other one's. */
function paired(then: readonly Item[], today: readonly Item[]): Map<Item, Item> {
  const pairs = new Map<Item, Item>();
  const taken = new Set<Item>();
  for (const keyOf of KEYS) {
    const keyed = (items: readonly Item[]) => groupBy(items.filter(keyOf), (item) => JSON.stringify(keyOf(item)));
    const before = keyed(then.filter((item) => !taken.has(item)));
    for (const [key, items] of keyed(today.filter((item) => !pairs.has(item))))
      for (const [at, was] of (before.get(key) ?? []).slice(0, items.length).entries()) {
        pairs.set(items[at] ?? was, was);
        taken.add(was);
      }
  }
  return pairs;
}
