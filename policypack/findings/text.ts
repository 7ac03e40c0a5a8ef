import { FLAGS } from "../aws/flags";
import { documentFor } from "../exemptions/entry";
import { filled } from "../lib/case";
import { parseJson } from "../lib/json-text";
import { memoized } from "../lib/lists";
import {
  type Facts,
  type Fix,
  type HowToExempt,
  onOneLine,
  type Published,
  QUOTED,
  type Said,
  toExempt,
} from "./finding";
import SENTENCES from "./sentences.json";

/*
 * A finding as the text that travels through the engine, and back. Each line is of one kind:
 *
 *   Exempt until 2027-03-31: reason            if an exemption holds
 *   Unverified: headline                       or the headline alone (sentences.json)
 *   another line                               any number of them, and of
 *   a heading                                  headings (sentences.json) with their code below
 *         code
 *   and at its end some of TAIL
 */

const CODE = "      ";
const UNVERIFIED = "Unverified: ";
const EXEMPT = "Exempt{until}: {reason}";

/** The lines at the end, in their order. */
const { headlines: HEADLINES, headings: HEADINGS, tail: TAIL } = SENTENCES;

type Tail = keyof typeof TAIL;

/** A line of a message. */
export type Line = Readonly<{ text: string; isCode: boolean }>;

export function headlineOf({ cause, facts }: Pick<Said, "cause" | "facts">): string {
  return filled(HEADLINES[cause], facts);
}

/** The problem, in the same words for all its resources. */
export function titleOf({ cause, facts, isUnverified }: Said): string {
  const title = filled(HEADLINES[cause], facts)
    .replace(QUOTED, (name, _, at: number) => (at === 0 ? "A resource" : name))
    .replace(QUOTED, "…")
    .replace(/… and …( and (…|(?:\d+|many) more))*/g, "…")
    .replace(/( (of|in))? …/g, "")
    .replace(/[.:]{1,2}$/, "");
  return (isUnverified ? UNVERIFIED : "") + title;
}

/** The lines of a finding, in their order. */
export function linesOf(published: Published): Line[] {
  const { kind, isUnverified, lines, isGuessed, exemption, contact, howToExempt, address, isOnlyShown } = published;
  const { reason = "", expires, breaks } = exemption ?? {};
  const isExempt = kind === "exempt";
  const tail: Record<Tail, Facts | false | undefined> = {
    guessed: isGuessed && {},
    ranOut: !isExempt && exemption !== undefined && breaks === undefined && { expires: expires ?? "", reason },
    broken: !isExempt && breaks !== undefined && { breaks, reason },
    contact: contact !== undefined && { contact },
    howToExempt: howToExempt && {
      exemptIf: howToExempt.exemptIf,
      document: documentFor(howToExempt.exempted).join(""),
    },
    address: address !== undefined && { address: JSON.stringify(address) },
    onlyShown: isOnlyShown && {},
  };
  const until = expires === undefined ? "" : ` until ${expires}`;
  return [
    ...(isExempt ? [filled(EXEMPT, { until, reason })] : []),
    (isUnverified ? UNVERIFIED : "") + headlineOf(published),
    ...lines,
    ...keysOf(TAIL).flatMap((key) => (tail[key] ? [onOneLine(filled(TAIL[key], tail[key]))] : [])),
  ].flatMap((line): Line[] =>
    typeof line === "string"
      ? [{ text: line, isCode: false }]
      : [
          { text: filled(HEADINGS[line.kind], line.facts), isCode: false },
          ...line.code.map((text) => ({ text: CODE + text, isCode: true })),
        ],
  );
}

export function write(published: Published): string {
  return linesOf(published)
    .map(({ text }) => text)
    .join("\n");
}

/** A message of a run that makes nothing. */
export function onlyShown(message: string): string {
  return `${message}\n${TAIL.onlyShown}`;
}

/** Parses a written finding. A text of another version of the pack is read as far as it has these lines. */
export function read(text: string): Published {
  const lines = text.split("\n");
  while (lines.at(-1) === "") lines.pop();
  const holding = patternOf(EXEMPT).exec(lines[0] ?? "")?.groups;
  if (holding !== undefined) lines.shift();
  const first = lines.shift() ?? "";
  const isUnverified = first.startsWith(UNVERIFIED);
  const tail: Partial<Record<Tail, Facts>> = {};
  for (const key of keysOf(TAIL).reverse()) {
    const found = patternOf(TAIL[key]).exec(lines.at(-1) ?? "");
    if (found === null) continue;
    tail[key] = found.groups ?? {};
    lines.pop();
  }
  const { key: cause, facts } = parsed(HEADLINES, isUnverified ? first.slice(UNVERIFIED.length) : first);
  const [until] = /\d\S*/.exec(holding?.until ?? "") ?? [];
  const { reason, expires = until, breaks }: Facts = holding ?? tail.ranOut ?? tail.broken ?? {};
  const address = tail.address?.address;
  const place = parseJson(address ?? "");
  return {
    kind: holding ? "exempt" : isUnverified ? "unverified" : "violation",
    cause,
    facts,
    isUnverified,
    lines: readBody(lines),
    exemption: reason === undefined ? undefined : { reason, expires, ...(breaks !== undefined && { breaks }) },
    contact: tail.contact?.contact,
    howToExempt: readExempting(tail.howToExempt, address),
    address: typeof place === "string" ? place : address,
    isGuessed: tail.guessed !== undefined,
    isOnlyShown: tail.onlyShown !== undefined,
  };
}

function readExempting(facts: Facts | undefined, address: string | undefined): HowToExempt | undefined {
  const document = parseJson(facts?.document ?? "") as Record<string, { exemptions: { urn: string }[] }> | undefined;
  if (document === undefined) return undefined;
  const exempted = Object.entries(document).flatMap(([policy, { exemptions }]) =>
    exemptions.map(({ urn }) => ({ policy, urn })),
  );
  return toExempt(exempted, facts?.exemptIf ?? "", address);
}

function readBody(lines: readonly string[]): (string | Fix)[] {
  const body: (string | Fix)[] = [];
  for (const line of lines) {
    const before = line.startsWith(CODE) ? body.pop() : undefined;
    if (before === undefined) body.push(line);
    else body.push(withCode(before, line.slice(CODE.length)));
  }
  return body;
}

function withCode(before: string | Fix, line: string): Fix {
  const { key: kind, facts } =
    typeof before === "string" ? parsed(HEADINGS, before) : { key: before.kind, facts: before.facts };
  const code = [...(typeof before === "string" ? [] : before.code), line];
  return { kind, facts, code, properties: TURNS_ON.has(kind) ? propertiesIn(code) : [] };
}

const TURNS_ON = new Set<string>(["add", "add-inside", "put-inside", "set", "set-or-leave-out", "set-in-others"]);

/** The names of properties are the same words in all languages; a text among them is none of them. */
function propertiesIn(code: readonly string[]): string[] {
  const plain = code.join("\n").replace(/"(?:[^"\\\n]|\\.)*"(?!:)/g, '""');
  const words = plain.match(/(?<![\w-])\w+(?="?\s*[:=(])/g) ?? [];
  const found = new Set(words.map((word) => word.toLowerCase().replaceAll("_", "")));
  return [...FLAGS, "skipDestroy"].filter((property) => found.has(property.toLowerCase()));
}

/** The patterns of some facts; the others are any text. */
const HOLES: Readonly<Record<string, string>> = SENTENCES.holes;

function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(table) as Key[];
}

/** A sentence with holes, of a line whose names are numbers. */
const patternOf = memoized((sentence: string) => {
  const plain = sentence.replace(/[.*+?^$|()[\]\\]/g, "\\$&");
  return new RegExp(`^${plain.replace(/\{(\w+)\}/g, (_, hole: string) => `(?<${hole}>${HOLES[hole] ?? ".*?"})`)}$`);
});

/** Which of the sentences it is (the last one matches anything), and the values in its holes. */
function parsed<Key extends string>(sentences: Readonly<Record<Key, string>>, line: string) {
  const names: string[] = [];
  // The text of a name is not read as a part of the sentence.
  const plain = line.replace(QUOTED, (name) => `'${names.push(name) - 1}'`);
  const named = (text: string): string => text.replace(QUOTED, (_, at: string) => names[Number(at)] ?? "");
  for (const key of keysOf(sentences)) {
    const found = patternOf(sentences[key]).exec(plain);
    if (found === null) continue;
    const facts = Object.entries(found.groups ?? {}).map(([hole, text]) => [hole, named(text)]);
    return { key, facts: Object.fromEntries(facts) as Facts };
  }
  return { key: "other" as Key, facts: { text: line } };
}
