import { documentFor, type Exempted } from "../exemptions/entry";
import { GUESSED } from "../languages";
import { FLAGS } from "../aws/flags";
import {
  type Facts,
  type Fix,
  type HowToExempt,
  type Kind,
  onOneLine,
  type Published,
  QUOTED,
  type Said,
} from "./finding";
import { HEADINGS, HEADLINES } from "./words";

/*
 * A finding as the text that travels through the engine, and back. Each line is of one kind:
 *
 *   Exempt until 2027-03-31: reason            if an exemption holds
 *   Unverified: headline                       or the headline alone (words.ts)
 *   another line                               any number of them, and of
 *   a heading                                  headings (words.ts) with their code below
 *         code
 *   This is TypeScript: …                      if nothing told the language of the code
 *   Its exemption ran out on 2026-11-30: reason
 *   Whom to ask: contact
 *   If it must be public, say why in …:        with the exemptions below
 *     {"policy": …}
 *   The CLI's own exceptions …
 *   Address: "urn:…#/Resources/…"              if the engine shows it on another URN
 *   This only shows: …                         if the run makes nothing
 */

const CODE = "      ";
const UNVERIFIED = "Unverified: ";
const EXEMPT = /^Exempt(?: until (\d{4}-\d\d-\d\d))?: (.*)$/;
const RAN_OUT = /^Its exemption ran out on (\d{4}-\d\d-\d\d): (.*)$/;
const CONTACT = /^Whom to ask: (.*)$/;
const ADDRESS = /^Address: (".*")$/;
const ONLY_SHOWN =
  "This only shows: the program made no resource in this run, as in a refresh or a destroy with --run-program.";

const SAY_WHY =
  ", say why in a file for --policy-pack-config, or in the configuration of the organization's policy group:";
const OR_EXCEPT = "Pulumi CLI exceptions (3.274+) also work, but take no patterns; only Pulumi Cloud's can expire.";

/** A line of a message. */
export interface Line {
  readonly text: string;
  readonly isCode: boolean;
}

export function headlineOf({ cause, facts }: Pick<Said, "cause" | "facts">): string {
  return filled(HEADLINES[cause], facts);
}

/** What is wrong, in words that are the same for all resources that it is wrong with. */
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
  const until = exemption?.expires === undefined ? "" : ` until ${exemption.expires}`;
  return [
    ...(kind === "exempt" ? [`Exempt${until}: ${exemption?.reason ?? ""}`] : []),
    (isUnverified ? UNVERIFIED : "") + headlineOf(published),
    ...lines,
    ...(isGuessed ? [GUESSED] : []),
    ...(kind === "exempt" || exemption === undefined
      ? []
      : [`Its exemption ran out on ${exemption.expires ?? ""}: ${exemption.reason}`]),
    ...(contact === undefined ? [] : [`Whom to ask: ${contact}`]),
    ...(howToExempt === undefined ? [] : linesOfExempting(howToExempt)),
    ...(address === undefined ? [] : [onOneLine(`Address: ${JSON.stringify(address)}`)]),
    ...(isOnlyShown ? [ONLY_SHOWN] : []),
  ].flatMap((line): Line[] =>
    typeof line === "string"
      ? [{ text: line, isCode: false }]
      : [
          { text: filled(HEADINGS[line.kind], line.facts), isCode: false },
          ...line.code.map((text) => ({ text: CODE + text, isCode: true })),
        ],
  );
}

function linesOfExempting({ exempted, exemptIf, isExceptable }: HowToExempt): string[] {
  const document = documentFor(exempted).map((line) => onOneLine(`  ${line}`));
  return [exemptIf + SAY_WHY, ...document, ...(isExceptable ? [OR_EXCEPT] : [])];
}

export function write(published: Published): string {
  return linesOf(published)
    .map(({ text }) => text)
    .join("\n");
}

/** A message of a run that makes nothing. */
export function onlyShown(message: string): string {
  return `${message}\n${ONLY_SHOWN}`;
}

/** What was written. A text of another version of the pack is read as far as it has these lines. */
export function read(text: string): Published {
  const lines = text.split("\n");
  const isLast = (line: string): boolean => lines.at(-1) === line && lines.pop() !== undefined;
  const last = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(lines.at(-1) ?? "");
    if (found !== null) lines.pop();
    return found;
  };
  const holding = EXEMPT.exec(lines[0] ?? "");
  if (holding !== null) lines.shift();
  const first = lines.shift() ?? "";
  const isUnverified = first.startsWith(UNVERIFIED);
  const kind: Kind = holding ? "exempt" : isUnverified ? "unverified" : "violation";
  const isOnlyShown = isLast(ONLY_SHOWN);
  const address = last(ADDRESS)?.[1];
  const howToExempt = readExempting(lines, isLast(OR_EXCEPT));
  const contact = last(CONTACT)?.[1];
  const ranOut = last(RAN_OUT);
  const [, expires, reason] = holding ?? ranOut ?? [];
  const isGuessed = isLast(GUESSED);
  const { key: cause, facts } = parsed(HEADLINES, isUnverified ? first.slice(UNVERIFIED.length) : first);
  return {
    ...{ kind, cause, facts, isUnverified, isGuessed, isOnlyShown, contact, howToExempt },
    lines: readBody(lines),
    exemption: reason === undefined ? undefined : { reason, expires },
    address: address === undefined ? undefined : textOf(address),
  };
}

function textOf(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json;
  }
}

/** Takes the lines on exemptions off the end, if they are there. */
function readExempting(lines: string[], isExceptable: boolean): HowToExempt | undefined {
  const start = lines.findLastIndex((line) => line.endsWith(SAY_WHY));
  if (start === -1) return undefined;
  try {
    const document = JSON.parse(lines.slice(start + 1).join("\n")) as Record<string, { exemptions: { urn: string }[] }>;
    const exempted = Object.entries(document).flatMap(([policy, { exemptions }]) =>
      exemptions.map(({ urn }): Exempted => ({ policy, urn })),
    );
    const [line = ""] = lines.splice(start);
    return { exempted, exemptIf: line.slice(0, -SAY_WHY.length), isExceptable };
  } catch {
    return undefined;
  }
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

function filled(sentence: string, facts: Facts): string {
  return sentence.replace(/\{(\w+)\}/g, (_, hole: string) => facts[hole] ?? "");
}

const patterns = new Map<string, RegExp>();

/** What some facts look like; others are any text. */
const HOLES: Readonly<Record<string, string>> = { it: "'\\d+'", verb: "\\S+", where: "(?:, .*)?" };

/** A sentence with holes, of a line whose names are numbers. */
function patternOf(sentence: string): RegExp {
  const known = patterns.get(sentence);
  if (known !== undefined) return known;
  const source = sentence
    .replace(/[.*+?^$|()[\]\\]/g, "\\$&")
    .replace(/\{(\w+)\}/g, (_, hole: string) => `(?<${hole}>${HOLES[hole] ?? ".*?"})`);
  const pattern = new RegExp(`^${source}$`);
  patterns.set(sentence, pattern);
  return pattern;
}

/** Which of the sentences it is, the last of which is any, and what stands in its holes. */
function parsed<Key extends string>(
  sentences: Readonly<Record<Key, string>>,
  line: string,
): { key: Key; facts: Facts } {
  const names: string[] = [];
  // What a name says is not read as a part of the sentence.
  const plain = line.replace(QUOTED, (name) => `'${names.push(name) - 1}'`);
  const named = (text: string): string => text.replace(QUOTED, (_, at: string) => names[Number(at)] ?? "");
  for (const [key, sentence] of Object.entries(sentences) as [Key, string][]) {
    const found = patternOf(sentence).exec(plain);
    if (found === null) continue;
    const facts = Object.entries(found.groups ?? {}).map(([hole, text]) => [hole, named(text)]);
    return { key, facts: Object.fromEntries(facts) as Facts };
  }
  return { key: "other" as Key, facts: { text: line } };
}
