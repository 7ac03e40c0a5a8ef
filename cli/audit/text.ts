import { type Line, STYLES as OF_FINDINGS } from "../report/log";
import { neutral, type Style } from "../report/neutral";
import { thousands, plural } from "../report/words";
import { type Cell, documentOf, type Row, type Section } from "./document";
import type { Audit } from "./report";

const STYLES: Record<Section["kind"], Style> = {
  ...OF_FINDINGS,
  ...{ unreadable: "red", exemptions: "yellow", stacks: "bold" },
};

/** The report that is printed: one row per stack, what was found by its cause, and the verdict last. */
export function text(audit: Audit): Line[] {
  const { sections, extent, headline, isPass } = documentOf(audit);
  const isLast = ({ kind }: Section): boolean => kind === "unreadable";
  const lines: Line[] = [
    ...stacks(audit),
    ...[extent, ""].map((text) => ({ text })),
    ...[...sections.filter((each) => !isLast(each)), ...sections.filter(isLast)].flatMap(section),
    { text: `${headline}.`, style: isPass ? "green" : "red" },
  ];
  // Each is one line; the way to print it sees to the commands that a job's log would take.
  return lines.map((line) => ({ ...line, text: neutral(line.text).replace(/\n/g, " ") }));
}

/** Those in which nothing was found are told in one line: there may be hundreds. */
function stacks({ stacks }: Audit): Line[] {
  const shown = stacks.filter(({ verdicts }) => verdicts.length > 0);
  const clean = stacks.length - shown.length;
  const rows = shown.map(({ name, buckets, blocking, advisory, exempt }) => [
    neutral(name),
    ...[buckets, blocking, advisory, exempt].map(String),
  ]);
  const table = rows.length === 0 ? [] : [["stack", "buckets", "blocking", "advisory", "exempt"], ...rows];
  const width = (column: number): number => Math.max(...table.map((row) => row[column]?.length ?? 0));
  const aligned = table.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(width(at)) : cell.padStart(width(at)))).join("  "),
  );
  return [
    ...aligned.map((text, at): Line => (at === 0 ? { text, style: STYLES.stacks } : { text })),
    ...(clean === 0 ? [] : [{ text: `${plural(clean, "stack")} without a finding` }]),
  ];
}

function section({ title, kind, policy, advice, rows }: Section): Line[] {
  const count = [thousands(rows.length), ...(policy === undefined ? [] : [policy])].join(", ");
  const fix = advice && [
    `  ${advice.heading}`,
    ...advice.before.map((line) => `    ${line}`),
    ...(advice.code?.split("\n") ?? []).map((line) => `        ${line}`),
    ...advice.after.map((line) => `    ${line}`),
  ];
  return [
    { text: `${title} (${count})`, style: STYLES[kind] },
    ...[...rows.flatMap(entry), ...(fix ?? []), ""].map((text) => ({ text })),
  ];
}

function entry({ cells, note }: Row): string[] {
  const told = cells.filter((each) => each !== undefined).map(shown);
  return [`  - ${told.join("  ")}`, ...(note?.split("\n") ?? []).map((line) => `      ${line}`)];
}

function shown(cell: Exclude<Cell, undefined>): string {
  if (typeof cell === "string") return cell;
  return "code" in cell ? cell.code : cell.urn;
}
