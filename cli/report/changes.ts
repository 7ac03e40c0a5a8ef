import { capitalized } from "../../policypack/face";
import { type Audit, findingsOf, type Located, type Section } from "./audit";
import WORDS from "./changes.json";
import { countsOf, EFFECTS, natural } from "./groups";
import type { Report } from "./report";
import { plural, thousands } from "./words";

/* Who owns what, and what has changed since an earlier report. */

/** The outcome for a finding. Not known: its stack wasn't read this time, or its policy wasn't evaluated. */
export type Change = keyof typeof WORDS;

/** A finding that blocks or did, and whether it said, and says today, of a bucket that it can be opened. */
export interface Changed extends Pick<Located, "stack" | "policy" | "urn" | "type" | "name" | "owner"> {
  readonly change: Change;
  readonly wasOpen: boolean;
  readonly isOpen: boolean;
}

export interface Comparison {
  /** The day of the earlier report (UTC, YYYY-MM-DD). */
  readonly since: string;
  readonly changes: readonly Changed[];
  /** How many open buckets each owner had on each day, the first day first. */
  readonly curve: readonly { readonly date: string; readonly owner: string | undefined; readonly open: number }[];
}

type Owned = Pick<Report, "owner">;

export const isOf = (name: string | undefined) => (each: Owned) => each.owner === name;

/** The owners of anything; undefined, which comes last, where some has none. */
export function ownersIn({ reports, comparison }: Audit): (string | undefined)[] {
  const all: Owned[] = [...reports, ...findingsOf({ reports }), ...(comparison?.changes ?? [])];
  const names = new Set(all.map(({ owner }) => owner));
  return [...names].sort((one, other) => natural(one ?? "\uffff", other ?? "\uffff"));
}

type Words = Partial<Pick<Section, "title" | "kind">>;
const CHANGES: readonly (readonly [string, Words])[] = Object.entries(WORDS as Record<Change, Words>);

/** `30 open buckets became 12 since 2026-10-01: 19 fixed, 1 new (acme/website/prod, of team web)` */
export function curveOf({ since, changes }: Comparison, tag: string | undefined): string {
  // The owners in CODEOWNERS are users, teams and addresses.
  const named = (owner: string): string => (tag === undefined || owner.includes("@") ? owner : `${tag} ${owner}`);
  const parts = CHANGES.flatMap(([change]) => {
    const found = changes.filter((each) => each.change === change && each.wasOpen !== each.isOpen);
    const all = found.map(({ stack, owner }) => (owner === undefined ? stack : `${stack}, of ${named(owner)}`));
    const [first = "", second, third, ...others] = new Set(all);
    const more = others.length === 0 ? undefined : `${others.length} more`;
    const places = [first, second, third, more].filter((each) => each !== undefined).join("; ");
    return found.length === 0 ? [] : `${thousands(found.length)} ${change}${change === "new" ? ` (${places})` : ""}`;
  });
  const then = plural(changes.filter(({ wasOpen }) => wasOpen).length, "open bucket");
  const now = thousands(changes.filter(({ isOpen }) => isOpen).length);
  return parts.length === 0 ? `${then}, as on ${since}` : `${then} became ${now} since ${since}: ${parts.join(", ")}`;
}

/** How much each owner has, and what has changed, the new first: of what is there still, nothing else. */
export function changeSections(audit: Audit): Section[] {
  const { reports, owners, comparison: { since = "", changes = [] } = {} } = audit;
  const found = findingsOf(audit);
  const lists = CHANGES.map(([change, words]) => {
    return { ...words, change, list: changes.filter((each) => each.change === change) };
  }).filter(({ list }) => list.length > 0);
  const rows = (owners ? ownersIn(audit) : []).map((name) => {
    const counts = countsOf(found.filter(isOf(name)));
    const changed = lists.map(({ list }) => list.filter(isOf(name)).length);
    const numbers = [reports.filter(isOf(name)).length, ...EFFECTS.map((effect) => counts[effect]), ...changed];
    return [{ code: name ?? "no owner" }, ...numbers.map(thousands)];
  });
  const heads = ["owner", "stacks", ...EFFECTS, ...lists.map(({ change }) => change)].map(capitalized);
  const title = since === "" ? "Owners" : `Owners, and changes since ${since}`;
  const sections = lists.toReversed().map(({ title = "", kind = "stacks", list }): Section => ({
    ...{ title: title.replace("{}", since), kind },
    heads: ["Stack", "Resource", "Policy", ...(owners ? ["Owner"] : [])],
    rows: (title === "" ? [] : list).map(({ stack, policy, owner, ...each }) => {
      return [{ code: stack }, { first: each, others: [] }, policy, ...(owners ? [owner] : [])];
    }),
  }));
  return [{ title, kind: "stacks", heads, rows }, ...sections];
}
