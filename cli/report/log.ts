import { quoted } from "../../policypack/face";
import { shellQuoted } from "../options";
import { type Audit, type Cell, documentOf, headlines, openings, type Section } from "./audit";
import { effectOf, type Group, grouped, headOf, type Named, nameOf, resourceList } from "./groups";
import { shown } from "./message";
import { neutral, neutralName, type Style } from "./neutral";
import type { Finding, Report } from "./report";
import { OWN } from "./rules";
import { overall, placed, plural, styleOf, thousands, verdictOf } from "./words";

/** A line of the log, and how it looks on a terminal. */
export type Line = Readonly<{ text: string; style?: Style }>;

const STYLES: Record<Section["kind"], Style> = {
  ...{ blocking: "red", advisory: "yellow", exempt: "dim" },
  ...{ unreadable: "red", exemptions: "yellow", stacks: "bold", live: "bold" },
};

/** How this command is called, the words for each stack, and whether `exempt` finds the configuration by them. */
type Calls = Readonly<{ program: string; stacks: readonly string[]; isExemptable: boolean }>;

/** The commands that go on from a report, where they are of use. */
function commandsOf({ findings, packs }: Report, stack: string, calls: Calls): Line[] {
  const blocking = findings.filter(({ blocks }) => blocks);
  const isHere = calls.isExemptable && !packs.some(({ isRequired }) => isRequired === true);
  const open = isHere ? blocking.find(({ published }) => published?.howToExempt !== undefined) : undefined;
  const own = blocking.find(({ pack }) => pack === OWN);
  const name = open && shellQuoted(open.name.startsWith("-") ? open.urn : open.name);
  const commands = {
    "fix them": findings.some(({ edits }) => edits) && `fix ${stack}`,
    "exempt one": name && `exempt ${name} --reason "…" --expires 90 ${stack}`,
    "read why": own && `explain ${own.policy}`,
  };
  return Object.entries(commands).flatMap(([label, words]) =>
    words ? { text: commandLine(label, `${calls.program} ${words}`) } : [],
  );
}

/** The reports for the job's log: what was found, by its cause, then the verdict and what to do; and the verdict on all at the end. */
export function logOf(reports: readonly Report[], calls?: Calls): Line[] {
  const logs = reports.map((report, at) => {
    const lines = log(report, calls, at);
    return reports.length === 1 ? lines : [{ text: `${nameOf(report)}:`, style: "bold" as const }, ...lines];
  });
  if (reports.length === 1) return logs.flat();
  const all = overall(reports, (some) => some.map(nameOf).join(", "));
  return [...logs.flat(), { text: `${all}.`, style: styleOf(reports) }];
}

export function log(report: Report, calls?: Calls, at = 0): Line[] {
  const { verdict, findings, notes, problems } = report;
  const commands = calls === undefined || verdict === "failed" ? [] : commandsOf(report, calls.stacks[at] ?? "", calls);
  return [
    ...grouped(findings).flatMap(entry),
    ...notes.map((note): Line => ({ text: `not evaluated: ${note}`, style: "yellow" })),
    ...problems.map((problem): Line => ({ text: `no verdict: ${problem}`, style: "red" })),
    ...(report.configuration === undefined ? [] : [{ text: `Configuration: ${report.configuration}` }]),
    { text: verdictOf(report), style: styleOf([report]) },
    ...commands,
  ];
}

/** A command to go on with, and what it is for. */
export const commandLine = (label: string, command: string): string => `  ${label.padEnd(12)}  ${command}`.trimEnd();

/** The lines of a finding begin with a bar: a job's log takes one that begins with two colons for a command. */
function entry([alike, ...others]: Group): Line[] {
  const [first, ...more] = alike;
  const { pack, policy, urn, published } = first;
  const count = more.length === 0 ? "" : `${alike.length} × `;
  // How to exempt it takes several lines.
  const said = published === undefined ? first : shown({ ...published, howToExempt: undefined });
  const [head = "", ...lines] = said.message.split("\n");
  const body = [
    ...lines,
    ...sameFor(more),
    ...others.flatMap(([other, ...rest]) => [`${title(other)}${named(other, headOf(other))}`, ...sameFor(rest)]),
    ...exempting(first),
  ];
  return [
    { text: `- ${title(first)}${count}${named(first, head)}`, style: STYLES[effectOf(first)] },
    { text: `  | ${pack}/${policy} ${urn}`, style: "dim" },
    ...body.map((line) => ({ text: `  | ${line}` })),
    { text: "" },
  ];
}

function title({ position, blocks, kind }: Finding): string {
  const label = kind === "violation" ? "" : `, ${kind}`;
  return `${position === undefined ? "" : `${placed({ column: 1, ...position })} `}[${blocks ? "mandatory" : "advisory"}${label}] `;
}

/** The line with the resource's name before it, where it isn't in it. */
function named({ name, urn, published }: Finding, line: string): string {
  return line.includes(published === undefined ? `'${name}'` : quoted(urn)) ? line : `${name}: ${line}`;
}

function sameFor(findings: readonly Named[]): string[] {
  // Nothing else has every finding for a person.
  return findings.length === 0 ? [] : [`The same for ${resourceList(findings, (name) => `'${name}'`, Infinity)}.`];
}

function exempting({ published, urn: own, request }: Finding): string[] {
  // In another pack's message it stands already.
  const asking = published === undefined || request === undefined ? [] : [request];
  if (published?.howToExempt === undefined) return asking;
  const { exempted, exemptIf } = published.howToExempt;
  const list = exempted.map(({ policy, urn }) => `${urn === own ? "it" : neutralName(urn)} from ${policy}`);
  return [`${exemptIf}, exempt ${list.join(" and ")}, by URN and with a reason, in the configuration.`, ...asking];
}

/** An audit's: one row per stack, what was found by its cause, and the verdict last. */
export function auditLog(audit: Audit): Line[] {
  const { sections, stacks, extent, isPass } = documentOf(audit);
  const style = isPass ? "green" : "red";
  const isLast = ({ kind }: Section): boolean => kind === "unreadable";
  const lines: Line[] = [
    ...openings(audit).map((each): Line => ({ text: `${each}.`, style })),
    ...stacksOf(stacks),
    ...[extent, ""].map((text) => ({ text })),
    ...[...sections.filter((each) => !isLast(each)), ...sections.filter(isLast)].flatMap(linesOfSection),
    ...headlines(audit).map((each): Line => ({ text: `${each}.`, style })),
  ];
  // Each is one line; the way to print it sees to the commands that a job's log would take.
  return lines.map((line) => ({ ...line, text: neutral(line.text).replace(/\n/g, " ") }));
}

/** Those in which nothing was found share one line: there may be hundreds. */
function stacksOf({ heads, rows }: Section): Line[] {
  const shown = rows.filter((row) => row.slice(-3).some((count) => count !== "0"));
  const clean = rows.length - shown.length;
  const table = tableOf(shown.length === 0 ? [] : [heads, ...shown].map(([name, , ...counts]) => [name, ...counts]));
  return [...table, ...(clean === 0 ? [] : [{ text: `${plural(clean, "stack")} without a finding` }])];
}

/** In columns, the heads first: names, then numbers. */
function tableOf(rows: readonly (readonly Cell[])[]): Line[] {
  const texts = rows.map((row) => row.map((cell) => partsOf(cell).text ?? ""));
  const width = (column: number): number => Math.max(...texts.map((row) => row[column]?.length ?? 0));
  return texts.map((row, number) => {
    const cells = row.map((cell, at) => (at === 0 ? cell.padEnd(width(at)) : cell.padStart(width(at))));
    return number > 0 ? { text: cells.join("  ") } : { text: cells.join("  ").toLowerCase(), style: STYLES.stacks };
  });
}

function linesOfSection({ title, kind, policy, advice, heads, rows, count = rows.length }: Section): Line[] {
  if (kind === "stacks") return [...tableOf([heads, ...rows]), { text: "" }];
  const about = thousands(count) + (policy === undefined ? "" : `, ${policy}`);
  const indented = (text: string, by: string): string[] =>
    text === "" ? [] : text.split("\n").map((line) => by + line);
  const fix = advice && [
    `  ${advice.heading}`,
    ...indented(advice.before, "    "),
    ...indented(advice.code ?? "", "        "),
    ...indented(advice.after, "    "),
  ];
  const entries = rows.flatMap((cells) => {
    const parts = cells.map(partsOf);
    const texts = parts.flatMap(({ text }) => text ?? []);
    return [`  - ${texts.join("  ")}`, ...parts.flatMap(({ below = [] }) => below.map((line) => `      ${line}`))];
  });
  return [
    { text: `${title} (${about})`, style: STYLES[kind] },
    ...[...entries, ...(fix ?? []), ""].map((text) => ({ text })),
  ];
}

/** A cell's text in its line, and below it. */
function partsOf(cell: Cell): { text?: string; below?: string[] } {
  if (cell === undefined) return {};
  if (typeof cell === "string") return { text: cell };
  if ("code" in cell) return { text: cell.code };
  if ("lines" in cell) return { below: cell.lines === "" ? [] : cell.lines.split("\n") };
  const { first, others } = cell;
  const count = others.length === 0 ? "" : `${others.length + 1} × `;
  return { text: count + first.urn, below: sameFor(others) };
}
