import { existsSync, readFileSync, realpathSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { isCollection, isNode, isPair, parseDocument } from "yaml";
import { didYouMean, type Exempted, type Exemption, nameIn, parseJson, today } from "../../policypack/face";
import { type Entries, entriesOf, withExemptions } from "../audit/baseline";
import { EXIT_CODES } from "../command";
import { type Config, isVersioned, readConfig } from "../config";
import { patchOf } from "../fix/plan";
import { writeWhole } from "../report/files";
import { print, printPatch } from "../report/neutral";
import type { Report } from "../report/report";
import { OWN } from "../report/rules";
import { plural } from "../report/words";

type Terms = Omit<Exemption, "urn">;

/**
 * All that must be exempt for the resource of that logical name or URN to be public; or why it can't be exempted. A bucket
 * comes before what else has its name, such as its ACL.
 */
export function meant(name: string, { findings, bucketUrns = [] }: Report): readonly Exempted[] | string {
  const own = findings.filter(({ pack }) => pack === OWN);
  const urns = [...new Set([...bucketUrns, ...own.map(({ urn }) => urn)])];
  const named = urns.filter((urn) => nameIn(urn) === name);
  const buckets = named.filter((urn) => bucketUrns.includes(urn));
  const [urn, ...others] = urns.includes(name) ? [name] : buckets.length > 0 ? buckets : named;
  if (urn === undefined) {
    const known = name.startsWith("urn:") ? urns : urns.map(nameIn);
    return `${name}: there is no such bucket in the stack${didYouMean(name, known, (each) => each)}`;
  }
  if (others.length > 0) return [`${name}: give the URN of one of these:`, urn, ...others].join("\n  ");
  if (urn.includes("*")) return `${name}: the * in its URN would stand for other resources too`;
  const about = own.filter((each) => each.urn === urn);
  const exempted = about.flatMap(({ policy, kind, published }) => {
    // How to exempt what was exempt until some day isn't said again.
    const again = kind !== "exempt" && published?.exemption !== undefined ? [{ policy, urn }] : [];
    return published?.howToExempt?.exempted ?? again;
  });
  if (exempted.length > 0) return exempted;
  const isExempt = about.some(({ kind }) => kind === "exempt");
  return `${name}: ${isExempt ? "it is exempt already" : "nothing blocks it"}`;
}

/** Adds the exemptions to the configuration, and prints the patch. @param shown its file, as the patch names it */
export function change(
  file: string,
  shown: string,
  wanted: readonly Exempted[],
  terms: Terms,
  dryRun: boolean,
): number {
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const { text: after, added } = changed(before, wanted, terms);
  const problems = problemsIn(after, wanted).map((problem) => `${shown}: ${problem}`);
  if (problems.length > 0) {
    for (const each of [...problems, "Nothing was changed."]) print(process.stderr, each);
    return EXIT_CODES.failed;
  }
  if (!dryRun && added > 0) writeWhole(existsSync(file) ? realpathSync(file) : file, after);
  if (added > 0) printPatch(process.stdout, patchOf([{ file: shown, before, after }]), process.env);
  print(process.stderr, `${plural(added, "exemption")} ${dryRun ? "would be added" : "added"} to ${shown}.`);
  return EXIT_CODES.passed;
}

/** Mistakes in the configuration, and the rules for exemptions that those of the resources break. */
export function problemsIn(text: string, wanted: readonly Exempted[]): string[] {
  const { problems, of } = readConfig(text);
  const added = wanted.flatMap(({ policy, urn }) => of(policy).exemptions.filter((each) => each.urn === urn));
  const broken = added.flatMap(({ breaks }) => (breaks ? [`all.${breaks.rule} doesn't allow it: ${breaks.why}`] : []));
  return [...new Set([...problems, ...broken])];
}

/** The text of the configuration with the exemptions, and how many it lacked. One of the same URN that has run out is replaced. */
export function changed(before: string, wanted: readonly Exempted[], terms: Terms): { text: string; added: number } {
  const config = readConfig(before);
  const holds = ({ expires = today(), breaks }: Terms): boolean => expires >= today() && breaks === undefined;
  const missing = wanted.filter(
    ({ policy, urn }) => !config.of(policy).exemptions.some((each) => each.urn === urn && holds(each)),
  );
  const { entries, added } = entriesOf(missing);
  const content = withExemptions(config.content, entries, terms, holds);
  const text = inserted(before, config, entries, terms);
  const isSame = text !== undefined && isDeepStrictEqual(parseJson(text), content);
  return { text: isSame ? text : `${JSON.stringify(content, undefined, 2)}\n`, added };
}

/** The same as text, laid out as what is there; undefined, or something else, where that takes more than to add at an end. */
function inserted(before: string, { content }: Config, entries: Entries, terms: Terms): string | undefined {
  const root = isVersioned(content) ? ["policies"] : [];
  return entries.reduce((text: string | undefined, [policy, urns]) => {
    const exemptions = urns.map((urn) => ({ urn, ...terms }));
    if (text === undefined) return undefined;
    return parseDocument(text).hasIn([...root, policy])
      ? append(text, [...root, policy, "exemptions"], exemptions)
      : append(text, root, [{ exemptions }], policy);
  }, before);
}

/** The text with values more at the end of a list or, by a key, of an object; undefined where that is empty, or isn't there. */
function append(text: string, path: readonly string[], values: readonly object[], key?: string): string | undefined {
  const document = parseDocument(text);
  const parent = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isCollection(parent)) return undefined;
  const [first, last] = [parent.items[0], parent.items.at(-1)].map((item) =>
    isPair(item) ? [item.key, item.value] : [item],
  );
  const [start, lastStart, lastEnd] = [first?.[0], last?.[0], last?.at(-1)];
  if (!isNode(start) || !isNode(lastStart) || !isNode(lastEnd)) return undefined;
  const to = lastEnd.range?.[1] ?? 0;
  const gap = text.slice((parent.range?.[0] ?? 0) + 1, start.range?.[0]);
  const isOnOneLine = !(key === undefined ? text.slice(lastStart.range?.[0], to) : gap).includes("\n");
  const added = values.map((value) => {
    const lines = JSON.stringify(value, undefined, 2).split("\n");
    const json = isOnOneLine
      ? lines.map((line) => line.trimStart()).join(" ")
      : lines.join(`\n${gap.split("\n").at(-1) ?? ""}`);
    return `,${gap || " "}${key === undefined ? "" : `${JSON.stringify(key)}: `}${json}`;
  });
  return text.slice(0, to) + added.join("") + text.slice(to);
}
