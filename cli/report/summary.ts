import type { Format } from "./formats";
import type { Link } from "./links";
import type { Finding, Report, Subject } from "./report";

/** GitHub takes 65 536 characters in a comment. */
const LIMIT = 60_000;

export const summaryFormat = {
  name: "summary",
  help: "write a Markdown summary",
  tellsNoVerdict: true,
  render: (report, { link }) => summary(report, link),
} as const satisfies Format;

/**
 * The report as Markdown, for a job's page and for a comment. It begins with a hidden line that is the same in every
 * summary of this stack and in no other's, by which an earlier comment is found.
 */
export function summary(report: Report, link: Link | undefined): string {
  const section = (title: string, wanted: (finding: Finding) => boolean): string[] => {
    const findings = report.findings.filter(wanted);
    const row = (each: Finding): string[] => [subject(each), problem(each), place(each, link)];
    const heads = ["Resource", "What is wrong", "Where"];
    return findings.some(({ fix }) => fix !== undefined)
      ? table(
          title,
          [...heads, "Fix"],
          findings.map((each) => [...row(each), fix(each)]),
        )
      : table(title, heads, findings.map(row));
  };
  return fitted([
    `<!-- s3-public-access-block ${encodeURIComponent(`${report.manifest} ${report.stack}`)} -->`,
    `## ${verdict(report)}`,
    "",
    ...report.problems.map((each) => `- ${prose(each)}`),
    ...report.notes.map((each) => `- Not evaluated: ${prose(each)}`),
    "",
    ...packs(report),
    ...section("Blocking", ({ blocks }) => blocks),
    ...section("Advisory", ({ kind, blocks }) => kind === "violation" && !blocks),
    ...section("Could not be verified", ({ kind, blocks }) => kind === "unverified" && !blocks),
    ...section("Exempt", ({ kind, blocks }) => kind === "exempt" && !blocks),
    ...table(
      "Remediated",
      ["Resource", "Policy", "Where"],
      report.remediations.map((each) => [subject(each), code(each.policy), place(each, link)]),
    ),
  ]);
}

function verdict({ verdict, findings, stack, notes }: Report): string {
  const blocking = findings.filter(({ blocks }) => blocks).length;
  switch (verdict) {
    case "passed":
      return notes.length > 0
        ? `⚠️ Passed as far as it was evaluated: no policy blocks ${code(stack)}${advisories(findings)}`
        : `✅ Passed: no policy blocks ${code(stack)}${advisories(findings)}`;
    case "blocked":
      return `❌ Blocked: ${blocking} mandatory ${blocking === 1 ? "finding" : "findings"} in ${code(stack)}`;
    case "failed":
      return `❌ No verdict on ${code(stack)}, which is not a pass: see the job's log`;
  }
}

/** What a policy of the level advisory finds passes: that must be said where the pass is. */
function advisories(findings: readonly Finding[]): string {
  const open = findings.filter(({ kind }) => kind !== "exempt").length;
  return open === 0 ? "" : `, though ${open} ${open === 1 ? "finding is" : "findings are"} advisory`;
}

function packs({ packs }: Report): string[] {
  const names = packs.map(({ name, version }) => code(`${name} ${version}`.trim()));
  return names.length === 0 ? [] : [`Policy packs: ${names.join(", ")}`, ""];
}

function subject({ name, type, urn }: Subject): string {
  return `<span title="${escape(urn)}">${code(name)}<br>${code(type)}</span>`;
}

function problem({ problem, more, policy, blocks, severity }: Finding): string {
  const rank = [blocks ? "mandatory" : "advisory", ...(severity === undefined ? [] : [severity])].join(", ");
  const rest = more === undefined ? "" : `<details><summary>More</summary>${text(more)}</details>`;
  return `${text(problem)}<br>${code(policy)} (${rank})${rest}`;
}

function fix({ fix }: Finding): string {
  return fix === undefined ? "" : `<pre>${escape(fix)}</pre>`;
}

function place({ position }: Subject, link: Link | undefined): string {
  if (position === undefined) return "not known";
  const { file, line, column } = position;
  const text = code(column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`);
  return link === undefined ? text : `<a href="${escape(link(position))}">${text}</a>`;
}

export function table(title: string, heads: readonly string[], rows: readonly string[][]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    `### ${title} (${rows.length})`,
    "",
    line(heads),
    line(heads.map(() => "---")),
    ...rows.map(line),
    "",
  ];
}

/** Leaves out the lines past the limit, and says so: half a row would no longer be a table. */
export function fitted(lines: readonly string[]): string {
  let length = 0;
  const kept = lines.filter((line) => (length += line.length + 1) <= LIMIT);
  const left = lines.length - kept.length;
  const note =
    left === 0 ? [] : ["", `${left} more lines are left out here; the job's log has every finding.`];
  return `${[...kept, ...note]
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trimEnd()}\n`;
}

/** Lines of a message; those that are indented are something to copy, or a list. */
function text(message: string): string {
  return message
    .split("\n")
    .map((line) => (/^\s/.test(line) ? code(line.trim()) : prose(line)))
    .join("<br>");
}

export function code(text: string): string {
  return `<code>${escape(text)}</code>`;
}

/** Outside of code and pre elements GitHub makes mentions, references and links of text: a zero-width space prevents it. */
export function prose(text: string): string {
  return escape(text.replace(/@|#|:(?=\/\/)|www(?=\.)/gi, "$&\u200b"));
}

/** Names and messages come from the program under review: as entities they are never markup nor the end of a row. */
export function escape(text: string): string {
  return text.replace(
    /[&<>"'`*_{}[\]()#!|~\\@:$\n]|(?<=www)\./gi,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}
