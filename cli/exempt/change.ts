import { existsSync, readFileSync, realpathSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { isCollection, isNode, isPair, parseDocument } from "yaml";
import { type Exempted, type Exemption, groupBy, today } from "../../policypack/face";
import { type Entries, withExemptions } from "../audit/baseline";
import { EXIT_CODES } from "../command";
import { type Config, isVersioned, readConfig } from "../config";
import { patchOf } from "../fix/plan";
import { writeWhole } from "../report/files";
import { print, printPatch } from "../report/neutral";
import { plural } from "../report/words";
import type { Options } from "./args";

/** Adds the exemptions to the configuration, and prints the patch. @param shown its file, as the patch names it */
export function change(file: string, shown: string, wanted: readonly Exempted[], { terms, dryRun }: Options): number {
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

type Terms = Options["terms"];

/** The text of the configuration with the exemptions, and how many it lacked. One of the same URN that has run out is replaced. */
export function changed(before: string, wanted: readonly Exempted[], terms: Terms): { text: string; added: number } {
  const config = readConfig(before);
  const holds = ({ expires = today(), breaks }: Terms & Pick<Exemption, "breaks">): boolean =>
    expires >= today() && breaks === undefined;
  const isThere = ({ policy, urn }: Exempted): boolean =>
    config.of(policy).exemptions.some((each) => each.urn === urn && holds(each));
  const missing = groupBy(
    wanted.filter((each) => !isThere(each)),
    ({ policy }) => policy,
  );
  const entries = [...missing].map(([policy, each]) => [policy, [...new Set(each.map(({ urn }) => urn))]] as const);
  const content = withExemptions(config.content, entries, terms, holds);
  const added = entries.reduce((sum, [, urns]) => sum + urns.length, 0);
  const text = inserted(before, config, entries, terms);
  const isSame = text !== undefined && isDeepStrictEqual(parsed(text), content);
  return { text: isSame ? text : `${JSON.stringify(content, undefined, 2)}\n`, added };
}

/** The same as text, laid out as what is there; undefined, or something else, where that takes more than to add at an end. */
function inserted(before: string, { content }: Config, entries: Entries, terms: Terms): string | undefined {
  const root = isVersioned(content) ? ["policies"] : [];
  let text: string | undefined = before;
  for (const [policy, urns] of entries) {
    const exemptions = urns.map((urn) => ({ urn, ...terms }));
    if (text === undefined) return undefined;
    text = parseDocument(text).hasIn([...root, policy])
      ? append(text, [...root, policy, "exemptions"], exemptions)
      : append(text, root, [{ exemptions }], policy);
  }
  return text;
}

/** The text with values more at the end of a list or, by a key, of an object; undefined where that is empty, or isn't there. */
function append(text: string, path: readonly string[], values: readonly object[], key?: string): string | undefined {
  const document = parseDocument(text);
  const parent = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isCollection(parent)) return undefined;
  const [first, last] = [parent.items[0], parent.items.at(-1)].map((item) =>
    isPair(item) ? { start: item.key, end: item.value } : { start: item, end: item },
  );
  if (!isNode(first?.start) || !isNode(last?.start) || !isNode(last.end)) return undefined;
  const [from = 0, start = 0, lastFrom = 0, to = 0] = [parent, first.start, last.start]
    .map(({ range }) => range?.[0])
    .concat(last.end.range?.[1]);
  const gap = text.slice(from + 1, start);
  const isOnOneLine = key === undefined ? !text.slice(lastFrom, to).includes("\n") : !gap.includes("\n");
  const added = values.map((value) => {
    const lines = JSON.stringify(value, undefined, 2).split("\n");
    const json = isOnOneLine
      ? lines.map((line) => line.trimStart()).join(" ")
      : lines.join(`\n${gap.split("\n").at(-1) ?? ""}`);
    return `,${gap === "" ? " " : gap}${key === undefined ? "" : `${JSON.stringify(key)}: `}${json}`;
  });
  return text.slice(0, to) + added.join("") + text.slice(to);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
