import { styleText } from "node:util";
import type { Report } from "./report";

/*
 * Texts of the program under review reach a job's log and the reports, and must not speak there in the gate's place.
 * Everything that the gate prints goes through here, and so does every text of a report.
 *
 * A backslash makes a command plain text, since it can be seen and survives being copied. A zero-width character would do
 * neither; and GitHub's runner compares as .NET does by default, which doesn't see such characters: "#", one of them,
 * "#[" is a command too.
 */

/**
 * A terminal's sequences with an end (colors and the like; links and titles), which mean nothing in a report; line breaks;
 * and what can't be seen but changes what is: controls of C0 and C1, those for bidirectional text, the line breaks of
 * Unicode, halves of characters. In one pass, so that what is left of a sequence never makes another one.
 */
const UNSEEN =
  // eslint-disable-next-line no-control-regex -- to find them is the point
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b\u009c\r\n]*(?:\u0007|\u001b\\|\u009c)|\r\n?|(?![\n\t])[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f]/gu;

/** A text that holds nothing but what one sees, on one or several lines. What is replaced reads `\u202e`. */
export function neutral(text: string): string {
  return text.replace(UNSEEN, (found) => {
    if (found.startsWith("\r")) return "\n";
    if (found.length > 1) return "";
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** The same on one line. */
export const neutralName = (text: string): string => neutral(text).replaceAll("\n", "\\n");

/** `##[command]` of GitHub's runner, `##vso[` of Azure's, which count anywhere in a line; the sections of GitLab's log. */
const EMBEDDED = /#[\p{DI}\p{Cf}]*#(?=[\p{DI}\p{Cf}]*(?:[\w-][\p{DI}\p{Cf}]*)*\[)|section_(?:start|end)(?=:\d)/gu;

/** `::command::` of GitHub's runner, which counts at the start of a line, after any space. */
const LEADING = /^[\s\p{DI}\p{Cf}]*(?=:[\p{DI}\p{Cf}]*:)/u;

/** A line without the commands that count anywhere in it. */
export const withoutEmbedded = (line: string): string => line.replace(EMBEDDED, "$&\\");

/** The lines of a text, made harmless: none is or contains a command to whatever shows the log. */
export function lines(text: string): string[] {
  return neutral(text)
    .split("\n")
    .map((line) => withoutEmbedded(line).replace(LEADING, "$&\\"));
}

export type Style = "bold" | "dim" | "green" | "red" | "yellow";

/**
 * The one way in which the gate prints what isn't a command of its own. A style is for terminals, as NO_COLOR and FORCE_COLOR say;
 * it comes last, since what makes a text neutral takes colors out.
 */
export function print(stream: NodeJS.WritableStream, text: string, style?: Style): void {
  const printed = lines(text).map((line) => (style === undefined ? line : styleText(style, line, { stream })));
  stream.write(`${printed.join("\n")}\n`);
}

/** A command to the runner that is the gate's own; its values are escaped. */
export function command(stream: NodeJS.WritableStream, line: string): void {
  stream.write(`${line}\n`);
}

/**
 * A patch or a report, which a program reads, and which is another one if a byte of it is: as it is where nobody sees it. What
 * a terminal or a job's log shows is the program's text like any other.
 */
export function printPatch(stream: NodeJS.WriteStream, text: string, env: NodeJS.ProcessEnv): void {
  if (stream.isTTY || env.CI !== undefined || env.GITHUB_ACTIONS !== undefined) print(stream, text.trimEnd());
  else stream.write(text);
}

/** The texts of a report that may have several lines. Names have one: a second could pass for the gate's own. */
const OF_SEVERAL_LINES = new Set(["message", "problem", "fix", "more"]);

/**
 * The report with every text in it neutral, but for the edits, which are for files, and the findings as data: nothing prints
 * these as they are.
 */
export const neutralReport = (report: Report): Report => neutralized(report, "") as Report;

function neutralized(value: unknown, key: string): unknown {
  if (key === "edits" || key === "published") return value;
  if (typeof value === "string") return OF_SEVERAL_LINES.has(key) ? neutral(value) : neutralName(value);
  if (Array.isArray(value)) return value.map((each) => neutralized(each, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, neutralized(inner, name)]));
}
