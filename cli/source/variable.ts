import { capitalized } from "../../policypack/face";
import { textOf } from "./nodes";
import { type Call, isLiteral, nameArgument, type Source } from "./syntax";

/** Words that can be no variable in one of the languages, and names that programs import under. */
const RESERVED = new Set(
  (
    "abstract and any as assert async await bool break byte case catch chan class const continue def default defer del delete " +
    "do elif else enum error except export extends fallthrough false finally float for from func function global go goto if " +
    "implements import in instanceof int interface is lambda let map new nil none nonlocal not null or package pass private " +
    "protected public raise range return select static string struct super switch this throw true try type typeof var void " +
    "while with yield aws pulumi s3 ctx module exports require arguments eval undefined process console self"
  ).split(" "),
);

/** A name that the file doesn't have yet, made of the bucket's logical name where the program has that as it is. */
export function variableFor(source: Source, call: Call): string {
  const { text, grammar, calls } = source;
  const base = baseName(source, call);
  const ending = grammar === "python" ? "_bucket" : "Bucket";
  const other = base === "bucket" ? `new${grammar === "python" ? "_bucket" : "Bucket"}` : base + ending;
  const isFree = (name: string): boolean =>
    !RESERVED.has(name.toLowerCase()) && !new RegExp(`(?<![\\w$"'\`.-])${name}(?![\\w$"'\`-])`).test(text);
  const numbered = Array.from({ length: calls.length }, (_, at) => `${other}${at + 2}`);
  // Each change is made for itself: a name is left to the bucket before it that would be called the same.
  const before = calls.filter(
    (each) => each.from < call.from && each.word === call.word && baseName(source, each) === base,
  );
  return [base, other, ...numbered].filter(isFree)[before.length] ?? other;
}

function baseName({ text, grammar }: Source, call: Call): string {
  const node = nameArgument(call, grammar)?.node;
  const given = node !== undefined && isLiteral(node) ? textOf(node, text).slice(1, -1) : "";
  const words = (/^[a-z]/i.test(given) ? given.match(/[a-z0-9]+/gi) : null) ?? ["bucket"];
  if (grammar === "python") return words.join("_").toLowerCase();
  const [first = "", ...others] = words;
  return first.charAt(0).toLowerCase() + first.slice(1) + others.map(capitalized).join("");
}
