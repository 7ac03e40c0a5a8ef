import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { groupBy, isObject, parseJson } from "../../policypack/face";
import { UsageError } from "../command";
import type { Json } from "../gate/output";
import type { Audit, Located } from "../report/audit";
import { effectOf } from "../report/groups";
import { VERSION } from "../report/json";
import type { Change, Changed, Finding } from "../report/report";
import { BUCKET_POLICY, LIVE } from "../report/rules";
import { isOpenBucket, plural } from "../report/words";
import { fits } from "../shape";
import type { Options } from "./args";
import { SourceError } from "./files";

/*
 * An audit held against earlier ones, as `--json` wrote them. What isn't known any more isn't fixed.
 */

const FINDING = { stack: "string", policy: "string", urn: "string", type: "string", name: "string" } as const;
const EFFECT = /^(blocking|advisory|exempt)$/;
const ENTRY = { ...FINDING, kind: EFFECT } as const;
const REPORT = { date: /^\d{4}-\d\d-\d\d$/, stacks: [{ name: "string" }], findings: [ENTRY] } as const;

/** A finding of either report, as far as they are held against each other. */
interface Item extends Pick<Located, keyof typeof FINDING | "owner" | "physicalId" | "covers"> {
  readonly effect: string;
  readonly isOpen: boolean;
}

export interface Former {
  readonly date: string;
  readonly stacks: readonly string[];
  readonly items: readonly Item[];
  readonly isLive: boolean;
}

/** Reads a report. @throws SourceError */
export function readFormer(file: string): Former {
  const unlike = (why: string): SourceError => new SourceError(`${file} can't be compared with: ${why}`);
  if (!existsSync(file)) throw unlike("there is no such file");
  const report = parseJson(textIn(file, unlike));
  const { version, live } = isObject(report) ? report : {};
  if (typeof version === "number" && version !== VERSION)
    throw unlike(`it is of version ${version} of the report, and this release reads ${VERSION}`);
  if (version === undefined || !fits(report, REPORT))
    throw unlike("it is no report of s3-public-access-block audit --json");
  const items = report.findings.map((finding): Item => {
    const { owner, physicalId, covers, open = finding.policy === BUCKET_POLICY }: Json = finding;
    return {
      ...finding,
      owner: typeof owner === "string" ? owner : undefined,
      ...(typeof physicalId === "string" && { physicalId }),
      covers: fits(covers, [{ policy: "string", urn: "string" }]) ? covers : [],
      ...{ effect: finding.kind, isOpen: open === true && finding.kind === "blocking" },
    };
  });
  return { date: report.date, stacks: report.stacks.map(({ name }) => name), items, isLive: live !== undefined };
}

function textIn(file: string, unlike: (why: string) => SourceError): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unlike((error as Error).message);
  }
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
  all.sort((one, other) => (one.date < other.date ? -1 : 1));
  const earlier = all.filter(({ date }) => date !== today);
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
  const items = new Map(
    audit.reports.flatMap(({ stack, findings }) => findings.map((each) => [each, itemOf(stack, each)])),
  );
  const today = [...items.values()];
  const pairs = paired(withCovered(last.items), withCovered(today));
  const stacks = new Map(audit.reports.map((report) => [report.stack, report]));
  const [some] = last.stacks;
  if (some !== undefined && pairs.size === 0 && !last.stacks.some((name) => stacks.has(name))) {
    const count = plural(last.stacks.length, "stack");
    const why = `This audit has none of its stacks. Is it of another organization or backend?`;
    throw new SourceError(`The report of ${last.date} is of ${count}, such as ${some}. ${why}`);
  }
  const isLive = audit.reports.some(({ live }) => live !== undefined);
  const isKnown = ({ stack, policy }: Item): boolean =>
    (stacks.get(stack)?.verdict ?? "failed") !== "failed" && !isOff(policy) && (policy !== LIVE || isLive);
  const owned = <Each extends Item>(item: Each): Each => ({
    ...item,
    owner: item.owner ?? stacks.get(item.stack)?.owner,
  });
  const changes = today.flatMap((item): Changed[] => {
    const before = pairs.get(item);
    const change = changeOf(item, before);
    return change === undefined ? [] : [{ ...item, change, wasOpen: before?.isOpen ?? false }];
  });
  const matched = new Set(pairs.values());
  const gone = last.items.filter((item) => item.effect === "blocking" && !matched.has(item));
  const missing = gone.map((item): Changed => {
    return { ...owned(item), change: isKnown(item) ? "fixed" : "not known", wasOpen: item.isOpen, isOpen: false };
  });
  const curve = [...formers, { date: audit.date, items: today }].flatMap(({ date, items }) => {
    const open = groupBy(items.filter(({ isOpen }) => isOpen).map(owned), ({ owner }) => owner);
    return [
      { date, owner: undefined, open: 0 },
      ...[...open].map(([owner, each]) => ({ date, owner, open: each.length })),
    ];
  });
  return {
    ...audit,
    comparison: { since: last.date, changes: [...changes, ...missing], curve },
    reports: audit.reports.map((report) => ({
      ...report,
      findings: report.findings.map((finding) => {
        const item = items.get(finding);
        return { ...finding, change: item && changeOf(item, pairs.get(item)) };
      }),
    })),
  };
}

/** What was exempt or advisory and blocks today is new, and so is a bucket that nobody knew to be open. */
function changeOf({ effect, isOpen }: Item, before: Item | undefined): Change | undefined {
  const didBlock = before?.effect === "blocking";
  if (effect !== "blocking") return didBlock ? (effect === "exempt" ? "exempted" : "advisory") : undefined;
  if (!didBlock || (isOpen && !before.isOpen)) return "new";
  return before.isOpen && !isOpen ? "not known" : "still open";
}

function itemOf(stack: string, finding: Finding): Item {
  const { policy, urn, type, name, owner, physicalId = urn.startsWith("arn:") ? urn : undefined, covers } = finding;
  const given = { ...(physicalId && { physicalId }), ...(covers && { covers }) };
  const isOpen = finding.blocks && isOpenBucket(finding);
  return { stack, policy, urn, type, name, owner, ...given, effect: effectOf(finding), isOpen };
}

/** What a finding stands for may have been a finding of its own, or become one. */
function withCovered(items: readonly Item[]): Item[] {
  return items.flatMap(({ covers = [], physicalId, ...item }, at) => [
    items[at] ?? item,
    ...covers.map((covered) => ({ ...item, ...covered, isOpen: false })),
  ]);
}

/** Both say of a bucket whether it is open, by its program and by S3. */
const aboutBucket = (policy: string): string => (policy === LIVE ? BUCKET_POLICY : policy);

/** What makes two findings the same, the surest first. What AWS calls a bucket outlives every new name in a program. */
const KEYS: readonly ((item: Item) => readonly string[] | undefined)[] = [
  ({ stack, policy, urn }) => [stack, policy, urn],
  ({ stack, policy, urn }) => [stack, aboutBucket(policy), urn],
  ({ policy, physicalId }) => (physicalId === undefined ? undefined : [aboutBucket(policy), physicalId]),
];

/** For each finding of today the one that it was, which is no other one's. */
function paired(then: readonly Item[], today: readonly Item[]): Map<Item, Item> {
  const pairs = new Map<Item, Item>();
  const taken = new Set<Item>();
  for (const keyOf of KEYS) {
    const keyed = (items: readonly Item[]) => groupBy(items, (item) => JSON.stringify(keyOf(item)));
    const before = keyed(then.filter((item) => !taken.has(item) && keyOf(item)));
    for (const [key, items] of keyed(today.filter((item) => !pairs.has(item) && keyOf(item))))
      for (const [at, was] of (before.get(key) ?? []).slice(0, items.length).entries()) {
        pairs.set(items[at] ?? was, was);
        taken.add(was);
      }
  }
  return pairs;
}
