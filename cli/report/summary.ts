import { documentFor, exceptionsFor, firstLine, quoted, QUOTED } from "../../policypack/face";
import type { Format } from "./formats";
import { grouped, type Group, headOf, resourceList, restOf } from "./groups";
import type { Link } from "./links";
import { code, escape, prose, text } from "./markdown";
import { neutral } from "./neutral";
import { countsOf, rankOf } from "./order";
import { type Finding, type Report, type Subject, worst } from "./report";
import { byVerdict, nameOf } from "./several";
import { OWN, ruleOf } from "./rules";
import { document, type Entry, type Section } from "./sections";
import { plural } from "./words";

export const summaryFormat = {
  name: "summary",
  help: "write a Markdown summary",
  tells: "no verdict",
  render: (reports, { link }) => summaries(reports, link),
} as const satisfies Format;

/**
 * The report as Markdown, for a job's page and for a comment. It begins with a hidden line that is the same in every
 * summary of this stack and in no other's, by which an earlier comment is found.
 */
export function summary(report: Report, link: Link | undefined): string {
  const head = [
    `<!-- s3-public-access-block ${encodeURIComponent(`${report.manifest} ${report.stack}`)} -->`,
    `## ${verdict(report)}`,
    "",
    ...report.problems.map((each) => `- ${prose(each)}`),
    ...report.notes.map((each) => `- Not evaluated: ${prose(each)}`),
    "",
    ...packs(report),
  ];
  return document(head, sections(report, link));
}

/** The hidden line that a summary begins with. */
export const markerOf = firstLine;

export const isSummary = (text: string): boolean => /^<!-- s3-public-access-block .* -->$/.test(markerOf(text));

/** The same of several stacks: the verdict on each in a list, then what was found, stack by stack. */
export function summaries(reports: readonly Report[], link: Link | undefined): string {
  const [first] = reports;
  if (reports.length === 1 && first !== undefined) return summary(first, link);
  const manifests = [...new Set(reports.map(({ manifest }) => manifest))].sort();
  const head = [
    `<!-- s3-public-access-block ${encodeURIComponent(`${manifests.join(" ")} stacks`)} -->`,
    `## ${overall(reports)}`,
    "",
    ...reports.flatMap((report) => [
      `- ${verdict(report, nameOf(report.stack, report.manifest))}`,
      ...report.problems.map((each) => `  - ${prose(each)}`),
      ...report.notes.map((each) => `  - Not evaluated: ${prose(each)}`),
    ]),
    "",
    ...packs({ packs: distinct(reports.flatMap((report) => report.packs)) }),
  ];
  const all = reports.flatMap((report) =>
    sections(report, link).map((section) => ({
      ...section,
      title: `${code(nameOf(report.stack, report.manifest))}: ${section.title}`,
    })),
  );
  return document(head, all);
}

function overall(reports: readonly Report[]): string {
  const words = { blocked: "blocked", failed: "without a verdict, which is not a pass", passed: "passed" };
  const told = byVerdict(reports).map(([verdict, { length }]) => `${length} ${words[verdict]}`);
  return `${worst(reports) === "passed" ? "✅" : "❌"} ${reports.length} stacks: ${told.join(", ")}`;
}

function distinct(packs: Report["packs"]): Report["packs"] {
  return [...new Map(packs.map((pack) => [`${pack.name} ${pack.version}`, pack])).values()];
}

const TITLES = ["Blocking", "Could not be verified", "Advisory", "Exempt"] as const;

/** More than this many of what doesn't block would push it out of sight. */
const UNFOLDED = 10;

/** What was found, most important first: a line a group of findings, with the fix folded away behind it. */
function sections({ findings, remediations }: Report, link: Link | undefined): Section[] {
  const ofFindings = TITLES.map((title, rank) => {
    const ranked = findings.filter((each) => rankOf(each) === rank);
    const entries = grouped(ranked).map((group) => entry(group, link));
    const isFolded = title === "Exempt" || (rank > 0 && entries.length > UNFOLDED);
    return { title: `${title} (${ranked.length})`, isFolded, entries };
  });
  const changed = remediations.map((each) => ({
    line: `${code(each.name)} by ${code(each.policy)} ${places([each], link)}`.trimEnd(),
    folded: `<p>${code(each.urn)}</p>`,
  }));
  const after = { title: `Remediated (${remediations.length})`, isFolded: true, entries: changed };
  return [...ofFindings, after, ...exemptions(findings)];
}

/** One document that exempts all that blocks: of those in the findings, the second would take the first one's place. */
function exemptions(findings: readonly Finding[]): Section[] {
  const blocking = findings.filter(({ blocks, pack }) => blocks && pack === OWN);
  const exempted = blocking.flatMap(({ published }) => published?.howToExempt?.exempted ?? []);
  if (blocking.length < 2 || exempted.length === 0) return [];
  // The engine knows nothing of what the gate itself finds, nor of what is inside of a resource.
  const known = blocking.flatMap(({ published }) =>
    published?.howToExempt?.isExceptable === true ? published.howToExempt.exempted : [],
  );
  const entries = [
    {
      line: prose("For a file of --policy-pack-config, or the organization's policy group. Each needs its reason."),
      folded: preformatted(documentFor(exempted)),
    },
    {
      line: prose("Or as Pulumi CLI exceptions (3.274+). They take no patterns; only Pulumi Cloud's can expire."),
      folded: preformatted(exceptionsFor(known)),
    },
  ].slice(0, known.length === 0 ? 1 : 2);
  return [{ title: "Exemptions, if all of these must be public", isFolded: true, entries }];
}

/** What can't be seen was an escape in the findings' JSON, and is one again. */
function preformatted(lines: readonly string[]): string {
  return `<pre>${escape(neutral(lines.join("\n")))}</pre>`;
}

function verdict({ verdict, findings, stack: name, notes }: Report, stack = name): string {
  switch (verdict) {
    case "passed": {
      const passed = notes.length > 0 ? "⚠️ Passed as far as it was evaluated" : "✅ Passed";
      return `${passed}: no policy blocks ${code(stack)}${advisories(findings)}`;
    }
    case "blocked":
      return `❌ Blocked: ${plural(countsOf(findings).blocking, "mandatory finding")} in ${code(stack)}`;
    case "failed":
      return `❌ No verdict on ${code(stack)}, which is not a pass: see the job's log`;
  }
}

/** What a policy of the level advisory finds passes: that must be said where the pass is. */
function advisories(findings: readonly Finding[]): string {
  const { advisory } = countsOf(findings);
  return advisory === 0 ? "" : `, though ${plural(advisory, "finding")} ${advisory === 1 ? "is" : "are"} advisory`;
}

function packs({ packs }: Pick<Report, "packs">): string[] {
  const names = packs.map(
    ({ name, version, isRequired = false }) =>
      `${code(`${name} ${version}`.trim())}${isRequired ? " (required by the organization)" : ""}`,
  );
  return names.length === 0 ? [] : [`Policy packs: ${names.join(", ")}`, ""];
}

function entry(group: Group, link: Link | undefined): Entry {
  const [alike, ...others] = group;
  const [first, ...more] = alike;
  const all = group.flat();
  const count = all.length === 1 ? "" : `<b>${all.length} ×</b> `;
  const folded = [
    text(restOf(first)),
    first.fix === undefined ? "" : `<pre>${escape(first.fix)}</pre>`,
    text(first.more ?? ""),
    sameFor(more),
    ...others.map(([other, ...rest]) => `${headline(other)} ${policy(other)} ${sameFor(rest)}`),
    `${policy(first)} ${first.message.includes(first.urn) ? "" : code(first.urn)}`,
  ];
  return { line: `${count}${headline(first)} ${places(all, link)}`.trimEnd(), folded: paragraphs(folded) };
}

/** What is wrong, with the names in it as code; with the resource's before it where it isn't among them. */
function headline(finding: Finding): string {
  const { name, published } = finding;
  const head = headOf(finding);
  const own = head.split(published === undefined ? `'${name}'` : quoted(name));
  if (own.length === 1) return `${code(name)}: ${quotedAsCode(head)}`;
  return own.map(quotedAsCode).join(code(name));
}

function quotedAsCode(line: string): string {
  // What is between two matches, and what the group matched, take turns.
  return line
    .split(QUOTED)
    .map((part, at) => (at % 2 === 0 ? prose(part) : code(part)))
    .join("");
}

function sameFor(findings: readonly Finding[]): string {
  return findings.length === 0 ? "" : `The same for ${resourceList(findings, code)}.`;
}

/** Of the policy: its name, with its page where it is known, its level and its severity. */
function policy({ pack, policy, blocks, severity }: Finding): string {
  const { url } = ruleOf(pack, policy);
  const rank = [blocks ? "mandatory" : "advisory", ...(severity === undefined ? [] : [severity])].join(", ");
  return `${linked(code(policy), url)} (${rank})`;
}

/** Pieces of HTML below each other. A pre element stands apart as it is. */
function paragraphs(pieces: readonly string[]): string {
  return pieces
    .filter((piece) => piece !== "")
    .map((piece) => (piece.startsWith("<pre>") ? piece : `<p>${piece.trimEnd()}</p>`))
    .join("");
}

/** The lines that they are on, each once. */
function places(subjects: readonly Subject[], link: Link | undefined): string {
  const all = subjects.flatMap(({ position }) => {
    if (position === undefined) return [];
    return [linked(code(`${position.file}:${position.line}`), link?.(position))];
  });
  return [...new Set(all)].join(" ");
}

function linked(html: string, address: string | undefined): string {
  return address === undefined ? html : `<a href="${escape(address)}">${html}</a>`;
}
