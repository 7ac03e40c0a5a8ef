import { gathered, headOf } from "../report/groups";
import { EFFECTS, type Effect, effectOf } from "../report/order";
import { placed, plural, thousands } from "../report/words";
import { type Audit, exitCodeOf, findingsOf, headline, type Listed, type Located, remarkOn, totalsOf } from "./report";

/** An audit as people read it, before any format. */
export interface Document {
  readonly headline: string;
  readonly isPass: boolean;
  /** What was not evaluated, what was found, and the exemptions that need attention. */
  readonly sections: readonly Section[];
  readonly stacks: Section;
  /** How much was evaluated, and how much was not. */
  readonly extent: string;
}

/** A table under a heading. */
export interface Section {
  readonly title: string;
  readonly kind: Effect | "unreadable" | "exemptions" | "stacks";
  readonly policy?: string;
  readonly advice?: Advice;
  /** One more than a row has cells where rows have notes. */
  readonly heads: readonly string[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly cells: readonly Cell[];
  readonly note?: string;
}

/** Words; a name; a resource; or nothing, where nothing is known. */
export type Cell = string | { readonly code: string } | Pick<Located, "name" | "type" | "urn"> | undefined;

/** How to fix a finding: it stands once for all that is wrong in the same way. */
export interface Advice {
  /** The finding whose names are in it. */
  readonly heading: string;
  /** What the code is for, and what a placeholder in it stands for. */
  readonly before: readonly string[];
  readonly code: string | undefined;
  /** Such as whom to ask. */
  readonly after: readonly string[];
}

export function documentOf(audit: Audit): Document {
  const { onlyRead, resources } = totalsOf(audit);
  const unread = onlyRead === 0 ? "" : ` Not evaluated: ${plural(onlyRead, "resource")} that a program only reads.`;
  return {
    headline: headline(audit),
    isPass: exitCodeOf(audit) === 0,
    sections: [...unreadable(audit), ...EFFECTS.flatMap((effect) => findings(audit, effect)), ...exemptions(audit)],
    stacks: {
      title: "Stacks",
      kind: "stacks",
      heads: ["Stack", "Resources", "Buckets", "Blocking", "Advisory", "Exempt"],
      rows: audit.stacks.map(({ name, resources, buckets, blocking, advisory, exempt }) => ({
        cells: [{ code: name }, ...[resources, buckets, blocking, advisory, exempt].map(thousands)],
      })),
    },
    extent: `${plural(resources, "resource")} in all.${unread}`,
  };
}

function unreadable({ unreadable }: Audit): Section[] {
  const rows = unreadable.map(({ name, reason }) => ({ cells: [{ code: name }], note: reason }));
  return rows.length === 0
    ? []
    : [{ title: "Not evaluated, which is not a pass", kind: "unreadable", heads: ["Stack", "Why"], rows }];
}

const TITLES: Record<Effect, string> = { blocking: "Blocking", advisory: "Advisory", exempt: "Exempt" };

/** What is wrong in the same way is together, the most frequent first. */
function findings(audit: Audit, effect: Effect): Section[] {
  const wanted = findingsOf(audit).filter((each) => effectOf(each) === effect);
  return gathered(wanted, ({ policy, cause }) => [policy, cause])
    .sort((one, other) => other.length - one.length)
    .map((alike) => {
      const [first] = alike;
      const rows = alike.map((each) => row(each));
      const heads = ["Stack", "Resource", "Where", ...(rows.some(({ note }) => note) ? ["Note"] : [])];
      const { policy, cause } = first;
      return { title: `${TITLES[effect]}: ${cause}`, kind: effect, policy, ...adviceOn(first), heads, rows };
    });
}

function row(finding: Located): Row {
  const { stack, position, kind } = finding;
  const notes = [kind === "exempt" ? headOf(finding) : undefined, remarkOn(finding)];
  const note = notes.filter((each) => each !== undefined).join("\n");
  return {
    cells: [{ code: stack }, finding, position && { code: placed(position) }],
    ...(note === "" ? {} : { note }),
  };
}

/** None for what is exempt, and where the cause has said it all. */
function adviceOn({ name, kind, problem, fix, more }: Located): { advice?: Advice } {
  const [, ...before] = problem.split("\n");
  const after = more === undefined ? [] : more.split("\n");
  if (kind === "exempt" || (fix === undefined && before.length + after.length === 0)) return {};
  return { advice: { heading: fix === undefined ? `'${name}':` : `To fix '${name}':`, before, code: fix, after } };
}

/** Those that need attention. */
function exemptions({ exemptions: check }: Audit): Section[] {
  if (check === undefined) return [];
  const { within, expired, expiring, reaching, unused } = check;
  const counted = reaching.map(({ findings, reason, ...rest }) => ({
    ...rest,
    reason: `${reason} (it covers ${plural(findings, "finding")})`,
  }));
  const lists: readonly (readonly [string, readonly Listed[]])[] = [
    ["Expired exemptions", expired],
    [`Exemptions that expire within ${plural(within, "day")}`, expiring],
    ["Exemptions that reach inside of a resource", counted],
    ["Unused exemptions", unused],
  ];
  return lists
    .filter(([, list]) => list.length > 0)
    .map(([title, list]) => ({
      title,
      kind: "exemptions",
      heads: ["Policy", "URN", "Last day", "Reason"],
      rows: list.map(({ policy, urn, expires, reason }) => ({
        cells: [{ code: policy }, { code: urn }, expires, reason],
      })),
    }));
}
