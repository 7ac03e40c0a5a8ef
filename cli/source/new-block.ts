import type { SyntaxNode } from "@lezer/common";
import { LANGUAGES } from "../../policypack/face";
import { outdented, placeOf } from "./block-place";
import { indentAt, indentUnit } from "./edit";
import { entriesOf, isCallOf } from "./entries";
import { inNamesOf, makerAt } from "./maker";
import type { SourceFix } from "./fix";
import { children, hasEffects, textOf } from "./nodes";
import { type Call, nameArgument, type Source, SYNTAX } from "./syntax";

/** What ends the block's name: the first that no other block of the stack has. */
export const ENDINGS = [
  "AccessBlock",
  "PublicAccessBlock",
  ...Array.from({ length: 98 }, (_, at) => `AccessBlock${at + 2}`),
];

/**
 * A block for the bucket that the call makes, where it can stand, with the import that it needs.
 * @param isTaken whether the stack has a block already of the bucket's name with this ending
 */
export function newBlock(
  source: Source,
  call: Call,
  properties: readonly string[],
  isTaken: (ending: string) => boolean,
): SourceFix | undefined {
  const { text, grammar, calls } = source;
  const node = nameArgument(call, grammar)?.node;
  const names = new Set(
    calls.flatMap((each) => nameArgument(each, grammar)?.node ?? []).map((each) => textOf(each, text)),
  );
  const name = ENDINGS.filter((ending) => !isTaken(ending))
    .map((ending) => blockName(source, call, ending))
    .find((each) => each !== undefined && !names.has(each));
  if (node === undefined || name === undefined) return undefined;
  const options = optionsOf(source, call);
  const place = placeOf(source, call);
  const found = makerAt(source, call);
  const language = LANGUAGES[grammar];
  const inPlace = typeof found === "string" ? undefined : found;
  const { bucket = language.variable("your", "bucket"), binding, changes, ...handling } = place ?? {};
  const written = language.block({
    maker: inPlace?.maker ?? language.maker({ package: "aws", module: "s3", name: "BucketPublicAccessBlock" }),
    name,
    // Where the program has the bucket in no variable, a placeholder stands for it.
    bucket: language.output(bucket, "id"),
    options: options ?? [],
    properties,
    unit: indentUnit(text, SYNTAX[grammar].unit),
    ...handling,
    ...(grammar === "go" && call.args[0] && { context: textOf(call.args[0].node, text) }),
  });
  const lines = inNamesOf(source, call, written);
  const shown = [
    ...(binding === undefined ? [] : outdented(binding, indentAt(text, call.from))),
    ...(lines ?? written),
  ];
  const why =
    (typeof found === "string" ? found : undefined) ??
    (lines === undefined ? "the file doesn't import Pulumi's SDK" : undefined) ??
    (hasEffects(node, text, true) ? "its name is another one each time it is computed" : undefined) ??
    (options === undefined ? "its options are computed" : undefined);
  const hasPlaceholder = place?.bucket === undefined;
  if (why !== undefined) return { lines: shown, hasPlaceholder, groups: [], why };
  if (changes === undefined || lines === undefined || inPlace === undefined)
    return { lines: shown, hasPlaceholder, groups: [] };
  const { imports } = inPlace;
  return { lines: shown, groups: [changes(lines), ...(imports.length === 0 ? [] : [imports])] };
}

/** The bucket's own name with an ending, as an expression. */
function blockName({ text, grammar }: Source, call: Call, ending: string): string | undefined {
  const node = nameArgument(call, grammar)?.node;
  if (node === undefined) return undefined;
  const given = text.slice(node.from, node.to);
  const quote = /^\w?(["'`])(?!\1\1)/.exec(given)?.[1];
  const isText = ["String", "TemplateString", "FormatString"].includes(node.name);
  if (isText) return quote === undefined ? undefined : given.slice(0, -1) + ending + quote;
  if (grammar === "javascript") return `\`\${${given}}${ending}\``;
  const isSimple = /^(VariableName|MemberExpression|SelectorExpr|BinaryExp|CallExpr(ession)?)$/.test(node.name);
  const sum = grammar === "go" ? "+" : " + ";
  return `${isSimple || isSum(node, text) ? given : `(${given})`}${sum}"${ending}"`;
}

function isSum(node: SyntaxNode, text: string): boolean {
  const [, operator] = children(node);
  return node.name === "BinaryExpression" && operator !== undefined && text.slice(operator.from, operator.to) === "+";
}

/** The options that a block has to share with its bucket: provider and parent. Undefined where they can't be read. */
function optionsOf(source: Source, call: Call): string[] | undefined {
  const { text, grammar } = source;
  if (call.args.some(({ isSpread }) => isSpread)) return undefined;
  if (grammar === "go") {
    const given = call.args.slice(3).map(({ node }) => node);
    const isCall = given.every(({ name }) => name === "CallExpr");
    const shared = given.filter((node) => /\b(Provider|Parent)\(/.test(textOf(node, text)));
    const isPlain = shared.every(
      (node) => !children(node.getChild("Arguments") ?? node).some((each) => hasEffects(each, text)),
    );
    return isCall && isPlain ? shared.map((node) => textOf(node, text)) : undefined;
  }
  const positional = call.args.filter(({ keyword }) => keyword === undefined).slice(1);
  const isOptions = (node: SyntaxNode): boolean => isCallOf("ResourceOptions", node, source);
  const isArguments = (node: SyntaxNode): boolean => isCallOf("Args", node, source);
  const inPython =
    call.args.find(({ keyword }) => keyword === "opts") ?? positional.find(({ node }) => isOptions(node));
  const argument = grammar === "python" ? inPython : call.args[2];
  const isOther = grammar === "python" && positional.some((each) => each !== argument && !isArguments(each.node));
  if (isOther) return undefined;
  if (argument === undefined) return [];
  if (grammar === "python" && !isOptions(argument.node)) return undefined;
  const entries = entriesOf(argument.node, source);
  if (entries === undefined || entries.some(({ key }) => key === "")) return undefined;
  const shared = entries.filter(({ key }) => key === "provider" || key === "parent");
  if (shared.some(({ value }) => value !== undefined && hasEffects(value, text))) return undefined;
  const texts = shared.map(({ first, last }) => text.slice(first.from, last.to));
  if (grammar === "javascript" || texts.length === 0) return texts;
  const maker = argument.node.firstChild;
  return maker === null ? undefined : [`opts=${textOf(maker, text)}(${texts.join(", ")})`];
}
