import { documentFor, exceptionsFor, firstLine, quoted, QUOTED } from "../../policypack/face";
import { type Advice, auditDocument, type Cell, type Section as Table } from "./audit";
import { grouped, type Group, headOf, type Named, nameOf, rankOf, resourceList, restOf } from "./groups";
import { code, document, type Entry, escape, fitted, prose, type Section, table, text } from "./markdown";
import { neutral } from "./neutral";
import type { Context, Finding, Link, Render, Report, Subject } from "./report";
import { OWN, ruleOf } from "./rules";
import { headline, overall, styleOf, tally, verdictOf } from "./words";

/* The reports as Markdown, for a job's page, a comment, an issue or a wiki. */

export const summary: Render = (reports, context) =>
  context.audit === undefined ? summaries(reports, context.link) : tables(reports, context);

/** The hidden line that a summary begins with. */
export const markerOf = firstLine;

export const isSummary = (text: string): boolean => /^<!-- s3-public-access-block .* -->$/.test(markerOf(text));

/**
 * The verdict on each stack, then what was found, stack by stack. It begins with a hidden line that is the same in every
 * summary of these stacks and in no other's, by which an earlier comment is found.
 */
function summaries(reports: readonly Report[], link: Link | undefined): string {
  const [first] = reports;
  const isOne = reports.length === 1 && first !== undefined;
  const manifests = [...new Set(reports.map(({ manifest }) => manifest))].sort();
  const of = isOne ? `${first.manifest} ${first.stack}` : `${manifests.join(" ")} stacks`;
  const shown = (report: Report): string => code(isOne ? report.stack : nameOf(report));
  const reasons = ({ problems, notes }: Report): string[] => [
    ...problems.map((each) => `- ${prose(each)}`),
    ...notes.map((each) => `- Not evaluated: ${prose(each)}`),
  ];
  const listItem = (each: Report): string[] => [
    `- ${MARKS[styleOf([each])]} ${verdictOf(each, shown(each))}`,
    ...reasons(each).map((line) => `  ${line}`),
  ];
  const counted = isOne ? tally(first) : "";
  const configurations = reports.flatMap(({ configuration }) => configuration ?? []);
  const packs = reports.flatMap((report) => report.packs);
  const head = [
    `<!-- s3-public-access-block ${encodeURIComponent(of)} -->`,
    `## ${MARKS[styleOf(reports)]} ${isOne ? headline(first, shown(first)) : overall(reports, ({ length }) => String(length))}`,
    ...["", ...(counted === "" ? [] : [`${counted}.`, ""])],
    ...(isOne ? reasons(first) : reports.flatMap(listItem)),
    "",
    ...listed("Policy packs", packs.map(packName)),
    ...listed("Configuration", configurations.map(code)),
  ];
  const all = reports.flatMap((report) =>
    sections(report, link).map((each) => (isOne ? each : { ...each, title: `${shown(report)}: ${each.title}` })),
  );
  return document(head, all);
}

const MARKS = { green: "✅", yellow: "⚠️", red: "❌" } as const;

const TITLES = ["Blocking", "Could not be verified", "Advisory", "Exempt"] as const;

/** More than this many of what doesn't block would push it out of sight. */
const UNFOLDED = 10;

/** The findings, most important first: one line per group, with the fix folded away behind it. */
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
  const how = blocking.flatMap(({ published }) => published?.howToExempt ?? []);
  const exempted = how.flatMap((each) => each.exempted);
  if (blocking.length < 2 || exempted.length === 0) return [];
  // The engine knows nothing of what the gate itself finds, nor of what is inside of a resource.
  const known = how.filter(({ isExceptable }) => isExceptable).flatMap((each) => each.exempted);
  const ofPack = "For a file of --policy-pack-config, or the organization's policy group. Each needs its reason.";
  const ofEngine = "Or as Pulumi CLI exceptions (3.274+). They take no patterns; only Pulumi Cloud's can expire.";
  // An invisible character was an escape in the findings' JSON, and is one again.
  const form = (about: string, lines: readonly string[]): Entry => {
    return { line: prose(about), folded: `<pre>${escape(neutral(lines.join("\n")))}</pre>` };
  };
  const entries = [form(ofPack, documentFor(exempted))];
  if (known.length > 0) entries.push(form(ofEngine, exceptionsFor(known)));
  return [{ title: "Exemptions, if all of these must be public", isFolded: true, entries }];
}

function packName({ name, version, isRequired = false }: Report["packs"][number]): string {
  return `${code(`${name} ${version}`.trim())}${isRequired ? " (required by the organization)" : ""}`;
}

function listed(title: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${title}: ${[...new Set(names)].join(", ")}`, ""];
}

function entry(group: Group, link: Link | undefined): Entry {
  const [alike, ...others] = group;
  const [first, ...more] = alike;
  const all = group.flat();
  const count = all.length === 1 ? "" : `<b>${all.length} ×</b> `;
  const folded = [
    text(restOf(first)),
    first.fix === undefined ? "" : `<pre>${escape(first.fix)}</pre>`,
    // How to exempt it ends with JSON, which is code.
    (first.more ?? "")
      .split(/(?<=: )(\{".+\})$/m)
      .map((part, at) => (at % 2 === 0 ? text(part) : code(part)))
      .join(""),
    sameFor(more),
    ...others.map(([other, ...rest]) => `${headed(other)} ${policy(other)} ${sameFor(rest)}`),
    `${policy(first)} ${first.message.includes(first.urn) ? "" : code(first.urn)}`,
  ];
  return { line: `${count}${headed(first)} ${places(all, link)}`.trimEnd(), folded: paragraphs(folded) };
}

/** The problem, with names as code, and the resource's name first if it isn't among them. */
function headed(finding: Finding): string {
  const { name, published } = finding;
  const head = headOf(finding).replace(/:$/, ".");
  const own = head.split(published === undefined ? `'${name}'` : quoted(name));
  if (own.length === 1) return `${code(name)}: ${quotedAsCode(head)}`;
  return own.map(quotedAsCode).join(code(name));
}

/** The text between two matches and the text of the group take turns. */
function quotedAsCode(line: string): string {
  return line
    .split(QUOTED)
    .map((part, at) => (at % 2 === 0 ? prose(part) : code(part)))
    .join("");
}

function sameFor(findings: readonly Named[]): string {
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
  const all = subjects.flatMap(({ position, urn }) => {
    if (position === undefined) return [];
    return [linked(code(`${position.file}:${position.line}`), link?.(position, urn))];
  });
  return [...new Set(all)].join(" ");
}

function linked(html: string, address: string | undefined): string {
  return address === undefined ? html : `<a href="${escape(address)}">${html}</a>`;
}

/** An audit's, without a fold: each cause is a table. */
function tables(reports: readonly Report[], context: Context): string {
  const { headlines, date, isPass, sections, stacks, extent } = auditDocument(reports, context);
  const [headline, ...others] = headlines.map(prose);
  const lines = [
    `## ${isPass ? "✅" : "❌"} ${headline ?? ""}`,
    ...["", ...others.map((each) => `${each}. `), `Audited on ${date}.`, ""],
    ...[...sections, stacks].flatMap(tableOf),
    extent,
  ];
  return neutral(fitted(lines));
}

function tableOf({ title, heads, rows, policy, advice, count = rows.length }: Table): string[] {
  const cells = rows.map((row) => row.map(shown));
  return [
    ...(rows.length === 0 ? [] : table(`${prose(title)} (${count})`, heads, cells)),
    ...(policy === undefined ? [] : [`Policy: ${code(policy)}.`, ""]),
    ...(advice === undefined ? [] : adviceLines(advice)),
  ];
}

function adviceLines({ heading, before, code, after }: Advice): string[] {
  return [
    ...[text(before === "" ? heading : `${heading}\n${before}`), ""],
    ...(code === undefined ? [] : [`<pre>${escape(code)}</pre>`, ""]),
    ...(after === "" ? [] : [text(after), ""]),
  ];
}

function shown(cell: Cell): string {
  if (cell === undefined) return "–";
  if (typeof cell === "string") return prose(cell);
  if ("code" in cell) return linked(code(cell.code), cell.href);
  if ("lines" in cell) return text(cell.lines);
  const { first, others } = cell;
  const more = others.length === 0 ? "" : `<br>${sameFor(others)}`;
  return `<span title="${escape(first.urn)}">${code(first.name)}<br>${code(first.type)}</span>${more}`;
}
