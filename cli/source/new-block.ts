import type { SyntaxNode } from "@lezer/common";
import { endingLike, LANGUAGES } from "../../policypack/face";
import { placeOf } from "./block-place";
import { indentUnit, type SourceFix } from "./edit";
import { inNamesOf, makerAt, NO_SDK } from "./maker";
import { children, isRepeatable, textOf } from "./nodes";
import { optionsFor } from "./options";
import { type Call, nameArgument, type Source } from "./syntax";
import SYNTAX from "./syntax.json";

/**
 * Endings of the block's name, as the program writes its names: it takes the first that no other block of the stack has.
 * @param names those of the program, the most telling first
 * @param otherwise what is between words where they show nothing
 */
export function endingsFor(names: readonly string[], otherwise = ""): string[] {
  const joined = (...words: string[]): string => endingLike(names, words, otherwise);
  const numbered = Array.from({ length: 98 }, (_, at) => `${joined("access", "block")}${at + 2}`);
  return [joined("access", "block"), joined("public", "access", "block"), ...numbered];
}

/** The texts in an expression, without what is computed. */
function knownIn(node: SyntaxNode, text: string): string {
  const texts = textOf(node, text).match(/(["'`])(?:(?!\1).)*\1/g) ?? [];
  return texts.join("").replaceAll(/\$?\{[^}]*\}/g, "");
}

/** Facts of the other resources that the program makes. */
export interface Known {
  /** Whether the stack has a block whose name is that of a bucket that the call makes, with this ending. */
  readonly isTaken: (ending: string) => boolean;
  /** The logical names of the resources that the call makes. */
  readonly names: readonly string[];
  /** All properties that any finding wants of the resource, so that all have the same edit. */
  readonly properties: readonly string[];
}

/** A block for the bucket that the call makes, where it can stand, with the import that it needs. */
export function newBlock(
  source: Source,
  call: Call,
  properties: readonly string[],
  known: Known,
): SourceFix | undefined {
  const { text, grammar, calls } = source;
  const node = nameArgument(call, grammar)?.node;
  if (node === undefined)
    return { lines: [], groups: [], why: "its arguments are spread, so its name isn't known here" };
  const given = calls.map((each) => ({ origin: each.origin, node: nameArgument(each, grammar)?.node }));
  const names = new Set(given.map((each) => each.node && textOf(each.node, text)));
  const others = given.map(({ origin, node }) => (origin?.[0] === "aws" && node ? knownIn(node, text) : ""));
  const endings = endingsFor([knownIn(node, text), ...known.names, ...others], grammar === "python" ? "_" : "");
  const name = endings
    .filter((ending) => !known.isTaken(ending))
    .map((ending) => blockName(source, node, ending))
    .find((each) => each !== undefined && !names.has(each));
  if (name === undefined) return undefined;
  const language = LANGUAGES[grammar];
  const options = optionsFor(source, call);
  const { bucket, binding = [], changes, ...handling } = placeOf(source, call) ?? {};
  const { maker, imports = [], why: unknown } = makerAt(source, call);
  const unit = indentUnit(text, SYNTAX[grammar].unit);
  const written = language.block({
    maker: maker ?? language.maker({ package: "aws", module: "s3", name: "BucketPublicAccessBlock" }),
    name,
    // Placeholders stand for the bucket that is in no variable, and for the provider that isn't known.
    bucket: language.output(bucket ?? language.variable("your", "bucket"), "id"),
    options: options ?? [language.provider(language.variable("your", "provider"))],
    properties,
    unit,
    ...handling,
    ...(grammar === "go" && call.args[0] && { context: textOf(call.args[0].node, text) }),
  });
  const lines = inNamesOf(source, call, written);
  const why =
    unknown ??
    (lines === undefined ? NO_SDK : undefined) ??
    (isRepeatable(node, text) ? undefined : "its name is another one each time it is computed") ??
    (options === undefined ? "its options are computed" : undefined);
  return {
    lines: [...binding, ...(lines ?? written)],
    hasPlaceholder: bucket === undefined || options === undefined,
    groups: why !== undefined || changes === undefined || lines === undefined ? [] : [changes(lines), imports],
    ...(why !== undefined && { why }),
  };
}

/** The bucket's own name with an ending, as an expression. */
function blockName({ text, grammar }: Source, node: SyntaxNode, ending: string): string | undefined {
  const given = textOf(node, text);
  const quote = /^\w?(["'`])(?!\1\1)/.exec(given)?.[1];
  if (/^(Template|Format)?String$/.test(node.name))
    return quote === undefined ? undefined : given.slice(0, -1) + ending + quote;
  if (grammar === "javascript") return `\`\${${given}}${ending}\``;
  const [, operator] = children(node);
  const isSum = node.name === "BinaryExpression" && operator !== undefined && textOf(operator, text) === "+";
  const isSimple = /^(VariableName|MemberExpression|SelectorExpr|BinaryExp|CallExpr(ession)?)$/.test(node.name);
  const sum = grammar === "go" ? "+" : " + ";
  return `${isSimple || isSum ? given : `(${given})`}${sum}"${ending}"`;
}
