import { type Alike, alikes, effectOf, gathered, resourceList } from "./groups";
import { withoutEmbedded } from "./neutral";
import type { Report } from "./report";

/** GitHub shows no more than ten annotations of each type that a step prints, and says nothing of the others. */
const SHOWN = 10;

const TYPES = { blocking: "error", advisory: "warning", exempt: "notice" } as const;
type Type = (typeof TYPES)[keyof typeof TYPES];

interface Annotation {
  readonly command: string;
  /** How many findings it tells of. */
  readonly count: number;
}

/** The workflow commands that make GitHub mark the lines: errors first, and one a line, so that a loop hides no other line. */
export function annotations(report: Report): string[] {
  const plain = (type: Type, title: string) => (text: string) => ({
    command: command(type, { title }, text),
    count: 1,
  });
  const ofFindings = (type: Type): Annotation[] => {
    const lines = gathered(
      alikes(report.findings.filter((each) => TYPES[effectOf(each)] === type)),
      // What has no line is apart.
      ([{ position }], at) => (position === undefined ? at : [position.file, position.line]),
    );
    return lines.map((alike) => annotation(type, alike));
  };
  return [
    ...limited("error", [...report.problems.map(plain("error", "No verdict")), ...ofFindings("error")]),
    ...limited("warning", [...report.notes.map(plain("warning", "Not evaluated")), ...ofFindings("warning")]),
    ...limited("notice", ofFindings("notice")),
  ];
}

function limited(type: Type, all: readonly Annotation[]): string[] {
  const commands = all.map((each) => each.command);
  if (commands.length <= SHOWN) return commands;
  const hidden = all.slice(SHOWN - 1).reduce((sum, { count }) => sum + count, 0);
  const note = `GitHub shows ${SHOWN} annotations of a type. ${hidden} more are in the summary and the log.`;
  return [...commands.slice(0, SHOWN - 1), command(type, { title: `${hidden} more findings` }, note)];
}

/** All that is found on one line, first what comes first. */
function annotation(type: Type, onLine: readonly [Alike, ...Alike[]]): Annotation {
  const [[{ position, policy, name }]] = onLine;
  const count = onLine.flat().length;
  const properties = {
    ...(position === undefined ? {} : { file: position.file, line: String(position.line) }),
    ...(position?.column === undefined ? {} : { col: String(position.column) }),
    title: `${policy}: ${name}${count === 1 ? "" : ` and ${count - 1} more`}`,
  };
  return { command: command(type, properties, onLine.map(said).join("\n\n")), count };
}

function said([{ position, urn, problem, fix }, ...others]: Alike): string {
  const same = others.length === 0 ? undefined : `The same for ${resourceList(others, (name) => name)}.`;
  const lines = [problem, fix, position === undefined ? urn : undefined, same];
  return lines.filter((line) => line !== undefined).join("\n");
}

/** `::error file=…,line=…::message`, escaped as the runner unescapes it: a value can't end its property or the line. */
function command(type: Type, properties: Record<string, string>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return withoutEmbedded(`::${type} ${list.join(",")}::${escapeData(message)}`);
}

function escapeData(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
