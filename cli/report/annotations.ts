import { withoutEmbedded } from "./neutral";
import type { Finding, Report } from "./report";

/** GitHub shows no more than ten annotations of each type that a step prints, and says nothing of the others. */
const SHOWN = 10;

type Type = "error" | "warning" | "notice";

/** The workflow commands that make GitHub mark the lines: errors first. */
export function annotations(report: Report): string[] {
  const failures = report.problems.map((problem) => command("error", { title: "No verdict" }, problem));
  const notes = report.notes.map((note) => command("warning", { title: "Not evaluated" }, note));
  const commands = (type: Type): string[] =>
    report.findings.filter((each) => typeOf(each) === type).map(annotation);
  return [
    ...limited("error", [...failures, ...commands("error")]),
    ...limited("warning", [...notes, ...commands("warning")]),
    ...limited("notice", commands("notice")),
  ];
}

function limited(type: Type, commands: string[]): string[] {
  if (commands.length <= SHOWN) return commands;
  const hidden = commands.length - (SHOWN - 1);
  const note = `GitHub shows ${SHOWN} annotations of a type. The summary and the log have ${hidden} more like these.`;
  return [...commands.slice(0, SHOWN - 1), command(type, { title: `${hidden} more findings` }, note)];
}

function annotation(finding: Finding): string {
  const { position, policy, name, urn, problem, fix } = finding;
  const properties = {
    ...(position === undefined ? {} : { file: position.file, line: String(position.line) }),
    ...(position?.column === undefined ? {} : { col: String(position.column) }),
    title: `${policy}: ${name}`,
  };
  const lines = [problem, fix, position === undefined ? urn : undefined];
  return command(typeOf(finding), properties, lines.filter((line) => line !== undefined).join("\n"));
}

function typeOf({ blocks, kind }: Finding): Type {
  if (blocks) return "error";
  return kind === "exempt" ? "notice" : "warning";
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
