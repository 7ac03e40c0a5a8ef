import type { SyntaxNode } from "@lezer/common";
import { LANGUAGES } from "../../policypack/shared/languages";
import { placeOf, outdented } from "./block-place";
import { type Change, indentAt, indentUnit, insert, lineEnd } from "./edit";
import { entriesOf } from "./entries";
import type { Mend } from "./mend";
import { type Call, children, nameArgument, type Source, textOf } from "./syntax";

const BLOCK = "BucketPublicAccessBlock";

/** A block for the bucket that the call makes, where it can stand, with the import that it needs. */
export function newBlock(source: Source, call: Call, properties: readonly string[]): Mend | undefined {
  const { text, grammar } = source;
  const name = blockName(source, call);
  const options = optionsOf(source, call);
  const place = placeOf(source, call);
  if (name === undefined) return undefined;
  const qualifier = call.callee.slice(0, -call.word.length);
  const language = LANGUAGES[grammar];
  const lines = language.block({
    maker: `${qualifier}${grammar === "go" ? "New" : ""}${BLOCK}`,
    name,
    // Where the program has the bucket in no variable, a placeholder stands for it.
    bucket: language.output(place?.bucket ?? language.variable("your", "bucket"), "id"),
    options: options ?? [],
    properties,
    unit: indentUnit(text, { javascript: "  ", python: "    ", go: "\t" }[grammar]),
    ...(place?.onError && { onError: place.onError }),
  });
  const shown =
    place?.binding === undefined ? lines : [...outdented(place.binding, indentAt(text, call.from)), ...lines];
  const imports = qualifier === "" ? importOf(source, call.word) : [];
  // With options that can't be read, a provider may be among them.
  if (place?.changes === undefined || options === undefined || imports === undefined) {
    return { lines: shown, hasPlaceholder: place === undefined, groups: [] };
  }
  return { lines: shown, groups: [place.changes(lines), ...(imports.length === 0 ? [] : [imports])] };
}

/** The bucket's own name with an ending, as an expression. */
function blockName({ text, grammar }: Source, call: Call): string | undefined {
  const node = nameArgument(call, grammar)?.node;
  if (node === undefined) return undefined;
  const given = text.slice(node.from, node.to);
  const quote = /^\w?(["'`])(?!\1\1)/.exec(given)?.[1];
  const isText = ["String", "TemplateString", "FormatString"].includes(node.name);
  if (isText) return quote === undefined ? undefined : `${given.slice(0, -1)}AccessBlock${quote}`;
  if (grammar === "javascript") return `\`\${${given}}AccessBlock\``;
  const isSimple = /^(VariableName|MemberExpression|SelectorExpr|BinaryExp|CallExpr(ession)?)$/.test(
    node.name,
  );
  const sum = grammar === "go" ? "+" : " + ";
  return `${isSimple || isSum(node, text) ? given : `(${given})`}${sum}"AccessBlock"`;
}

function isSum(node: SyntaxNode, text: string): boolean {
  const [, operator] = children(node);
  return (
    node.name === "BinaryExpression" &&
    operator !== undefined &&
    text.slice(operator.from, operator.to) === "+"
  );
}

/** The options that a block has to share with its bucket: provider and parent. Undefined where they can't be read. */
function optionsOf(source: Source, call: Call): string[] | undefined {
  const { text, grammar } = source;
  if (call.args.some(({ isSpread }) => isSpread)) return undefined;
  if (grammar === "go") {
    const given = call.args.slice(3).map(({ node }) => node);
    const isCall = given.every(({ name }) => name === "CallExpr");
    const shared = given
      .map((node) => textOf(node, text))
      .filter((each) => /\b(Provider|Parent)\(/.test(each));
    return isCall ? shared : undefined;
  }
  const argument = grammar === "python" ? call.args.find(({ keyword }) => keyword === "opts") : call.args[2];
  if (grammar === "python" && call.args.filter(({ keyword }) => keyword === undefined).length > 1)
    return undefined;
  if (argument === undefined) return [];
  const entries = entriesOf(argument.node, source);
  if (entries === undefined || entries.some(({ key }) => key === "")) return undefined;
  const shared = entries.filter(({ key }) => key === "provider" || key === "parent");
  const texts = shared.map(({ from, to }) => text.slice(from, to));
  if (grammar === "javascript" || texts.length === 0) return texts;
  const maker = argument.node.firstChild;
  return maker === null ? undefined : [`opts=${textOf(maker, text)}(${texts.join(", ")})`];
}

/** What imports the block's class beside the bucket's; nothing where it is there, undefined where that isn't to be seen. */
function importOf({ text, grammar }: Source, bucket: string): Change[] | undefined {
  if (new RegExp(`(?<![\\w.])${BLOCK}(?=[^\\w\\n]*(,|}|$|\\n|\\)))`).test(importsIn(text))) return [];
  if (grammar === "python") {
    const found = new RegExp(`^from [\\w.]+ import [^#\\n]*\\b${bucket}\\b(?! as)`, "m").exec(text);
    return found === null ? undefined : [insert(found.index + found[0].length, `, ${BLOCK}`)];
  }
  const from = new RegExp(
    `^(?:import|const)\\s*\\{[^}]*\\b${bucket}\\b(?!\\s*(?:as|:)\\s)[^}]*\\}\\s*(?:from|=\\s*require\\()\\s*["']([^"']+)["']\\)?;?`,
    "m",
  ).exec(text);
  const [line, module = ""] = from ?? [];
  if (from === null || line === undefined) return undefined;
  if (/\/s3\/bucket(?:V2)?(?:\.js)?$/.test(module)) {
    const other = line
      .replace(/\{[^}]*\}/, `{ ${BLOCK} }`)
      .replace(module, module.replace(/bucket(?:V2)?(?=(?:\.js)?$)/, "bucketPublicAccessBlock"));
    return [insert(lineEnd(text, from.index + line.length), `\n${other}`)];
  }
  const at = from.index + (new RegExp(`\\b${bucket}\\b`).exec(line)?.index ?? 0) + bucket.length;
  return [insert(at, `, ${BLOCK}`)];
}

function importsIn(text: string): string {
  return [...text.matchAll(/^(?:import|from|const\s*\{)[^;]*?(?:["'][^"'\n]+["']|import [^\n]+)/gm)]
    .map(([found]) => found)
    .join("\n");
}
