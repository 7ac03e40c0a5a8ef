import { firstLine } from "../../policypack/face";
import type { Line } from "../report/log";
import { neutral } from "../report/neutral";
import type { Style } from "../terminal";
import { adviceOn } from "./advice";
import {
  exitCodeOf,
  grouped,
  groupsOf,
  headline,
  KINDS,
  plural,
  remarkOn,
  totalsOf,
  type Audit,
  type ExemptionCheck,
  type Kind,
  type Listed,
  type Located,
} from "./report";

const TITLES: Record<Kind, string> = {
  blocking: "Blocking",
  advisory: "Shown, blocks nothing",
  exempt: "Exempt",
};

const STYLES: Record<Kind, Style> = { blocking: "red", advisory: "yellow", exempt: "dim" };

/** The report that is printed: a row a stack, what was found by its cause, and the verdict last. */
export function text(audit: Audit): Line[] {
  const lines: Line[] = [
    ...stacks(audit),
    ...KINDS.flatMap((kind) => findings(audit, kind)),
    ...exemptions(audit.exemptions),
    ...unreadable(audit),
    { text: `${headline(audit)}.`, style: exitCodeOf(audit) === 0 ? "green" : "red" },
  ];
  return lines.map(({ text, ...rest }) => ({ text: onOneLine(text), ...rest }));
}

/** Each is one line; the way to print it sees to the commands that a job's log would take. */
function onOneLine(line: string): string {
  return neutral(line).replace(/\n/g, " ");
}

function plain(lines: readonly string[]): Line[] {
  return lines.map((text) => ({ text }));
}

/** Those in which nothing was found are told in one line: there may be hundreds. */
function stacks(audit: Audit): Line[] {
  const { stacks } = audit;
  const shown = stacks.filter(({ verdicts }) => verdicts.length > 0);
  const clean = stacks.length - shown.length;
  const heads = ["stack", "buckets", "blocking", "advisory", "exempt"];
  const rows = shown.map(({ name, buckets, blocking, advisory, exempt }) => [
    neutral(name),
    ...[buckets, blocking, advisory, exempt].map(String),
  ]);
  const { onlyRead, resources } = totalsOf(audit);
  const [head, ...table] = rows.length === 0 ? [] : aligned([heads, ...rows]);
  return [
    ...(head === undefined ? [] : [{ text: head, style: "bold" } as const]),
    ...plain(table),
    ...plain(clean === 0 ? [] : [`${plural(clean, "stack")} without a finding`]),
    ...plain([
      `${plural(resources, "resource")} in all${onlyRead === 0 ? "" : `; not evaluated: ${plural(onlyRead, "resource")} that a program only reads`}`,
      "",
    ]),
  ];
}

function aligned(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
}

function findings(audit: Audit, kind: Kind): Line[] {
  return groupsOf(audit, kind).flatMap(({ cause, policy, verdicts }) => {
    const [first] = verdicts;
    return [
      { text: `${TITLES[kind]}: ${cause} (${grouped(verdicts.length)}, ${policy})`, style: STYLES[kind] },
      ...plain([...verdicts.flatMap(entry), ...(first === undefined ? [] : advice(first)), ""]),
    ];
  });
}

function advice(verdict: Located): string[] {
  const found = adviceOn(verdict);
  if (found === undefined) return [];
  const { heading, before, code, after } = found;
  return [
    `  ${heading}`,
    ...before.map((line) => `    ${line}`),
    ...(code === undefined ? [] : code.split("\n").map((line) => `        ${line}`)),
    ...after.map((line) => `    ${line}`),
  ];
}

function entry(verdict: Located): string[] {
  const { stack, urn, kind, problem } = verdict;
  const remark = remarkOn(verdict);
  return [
    `  - ${stack}  ${urn}${placeOf(verdict)}`,
    ...(kind === "exempt" ? [`      ${firstLine(problem)}`] : []),
    ...(remark === undefined ? [] : [`      ${remark}`]),
  ];
}

function placeOf({ position }: Located): string {
  if (position === undefined) return "";
  return `  ${[position.file, position.line, ...(position.column === undefined ? [] : [position.column])].join(":")}`;
}

function exemptions(check: ExemptionCheck | undefined): Line[] {
  return exemptionLists(check).flatMap(({ title, list }) => [
    { text: `${title} (${grouped(list.length)})`, style: "yellow" },
    ...plain([
      ...list.map(
        ({ policy, urn, reason, expires }) =>
          `  - ${policy}  ${urn}${expires === undefined ? "" : `  ${expires}`}  ${reason}`,
      ),
      "",
    ]),
  ]);
}

/** What is to be said of the exemptions, by title; nothing of those that need no attention. */
export function exemptionLists(
  check: ExemptionCheck | undefined,
): { title: string; list: readonly Listed[] }[] {
  if (check === undefined) return [];
  const { within, expired, expiring, reaching, unused } = check;
  const counted = reaching.map(({ findings, reason, ...rest }) => ({
    ...rest,
    reason: `${reason} (it covers ${plural(findings, "finding")})`,
  }));
  return [
    { title: "Exemptions that have run out", list: expired },
    { title: `Exemptions that run out within ${plural(within, "day")}`, list: expiring },
    { title: "Exemptions that reach inside of a resource", list: counted },
    { title: "Exemptions that no finding falls under", list: unused },
  ].filter(({ list }) => list.length > 0);
}

function unreadable({ unreadable }: Audit): Line[] {
  if (unreadable.length === 0) return [];
  return [
    { text: `Not evaluated, which is not a pass (${grouped(unreadable.length)})`, style: "red" },
    ...plain([
      ...unreadable.flatMap(({ name, reason }) => [
        `  - ${name}`,
        ...reason.split("\n").map((line) => `      ${line}`),
      ]),
      "",
    ]),
  ];
}
