import type { SyntaxNode } from "@lezer/common";
import { type Change, type Given, indentAt, insert, lineEnd, lineStart, withoutComment } from "./edit";
import { children, itemsOf, siblingsOf, textOf } from "./nodes";
import { type Call, type Source } from "./syntax";
import SYNTAX from "./syntax.json";

/** An option or argument that a program gives by its name. */
export interface Entry {
  /** Empty for a positional argument. */
  readonly key: string;
  readonly first: SyntaxNode;
  readonly last: SyntaxNode;
  /** Not there in `{ provider }`. */
  readonly value?: SyntaxNode;
  /** `...options`, `**options` */
  readonly isSpread?: boolean;
}

/** The arguments of the resource that the call makes; undefined where one of them isn't plain. */
export function argumentsOf(call: Call, source: Source): Given | undefined {
  const { text, grammar } = source;
  const holder = grammar === "python" ? pythonArguments(call, source) : call.args[SYNTAX[grammar].name + 1]?.node;
  const entries = holder && entriesOf(holder, source);
  if (entries === undefined || entries.some(({ isSpread }) => isSpread)) return undefined;
  return {
    values: new Map(entries.map(({ key, value }) => [key, value ? textOf(value, text) : key])),
    withValues: (values) => withEntries(source, entries, values),
  };
}

/** The call itself, or the `Args(…)` in it. */
function pythonArguments({ node, args }: Call, source: Source): SyntaxNode | undefined {
  const [, second] = args.filter(({ keyword }) => keyword === undefined);
  const given = args.find(({ keyword }) => keyword === "args") ?? second;
  if (given === undefined || isCallOf("ResourceOptions", given.node, source)) return node;
  return isCallOf("Args", given.node, source) ? given.node : undefined;
}

/** Whether the node calls a class whose own name has the ending. */
export function isCallOf(ending: string, node: SyntaxNode, source: Source): boolean {
  const call = callOf(node, source);
  return (call?.origin?.at(-1) ?? call?.word)?.endsWith(ending) === true;
}

/** The call at a node. */
export function callOf(node: SyntaxNode, { calls }: Source): Call | undefined {
  return calls.find(({ from, to }) => from === node.from && to === node.to);
}

/** The entries of `{ … }`, `Args{…}`, or `Options(…)`; undefined for another expression, or where one of them isn't plain. */
export function entriesOf(node: SyntaxNode, source: Source): Entry[] | undefined {
  if (node.name !== SYNTAX[source.grammar].holder) return undefined;
  if (source.grammar !== "python") return fieldsOf(node, source.text);
  const args = callOf(node, source)?.args;
  return args?.map(({ node: last, keyword: key = "", ...each }) => ({ ...each, key, last, value: last }));
}

function fieldsOf(node: SyntaxNode, text: string): Entry[] | undefined {
  const literal = node.getChild("TypedLiteral")?.getChild("LiteralValue") ?? node;
  const entries = itemsOf(children(literal)).map(([field]): Entry | undefined => {
    const [key, colon, value] = children(field);
    if (!/^(Property|Element)$/.test(field.name) || key === undefined) return undefined;
    const name = textOf(key, text).replace(/^["']|["']$/g, "");
    const entry = { key: name, first: field, last: field };
    if (key.name === "Spread") return { ...entry, key: "", isSpread: true, ...(colon && { value: colon }) };
    if (!/^(PropertyDefinition|String|Key)$/.test(key.name)) return undefined;
    if (colon === undefined) return entry;
    return colon.name === ":" && value !== undefined ? { ...entry, value } : undefined;
  });
  return entries.some((entry) => entry === undefined) ? undefined : (entries as Entry[]);
}

/** Text that may follow the last item on its line: a comma and comments. */
const END = /^(?:\s|\/\*(?:(?!\*\/).)*\*\/)*(?:,(?:\s|\/\*(?:(?!\*\/).)*\*\/)*)?(?:(?:\/\/|#).*)?$/;

/** More items of a list, behind one of it. A comment stays at its line. */
export function addedBehind({ text }: Source, first: SyntaxNode, last: SyntaxNode, items: readonly string[]): Change[] {
  if (items.length === 0) return [];
  const end = lineEnd(text, last.to);
  const isOwnLine = text.slice(lineStart(text, first.from), first.from).trim() === "";
  const gap = isOwnLine ? `\n${indentAt(text, first.from)}` : " ";
  if (!isOwnLine || !END.test(text.slice(last.to, end)))
    return [insert(last.to, items.map((item) => `,${gap}${item}`).join(""))];
  const more = insert(end, items.map((item) => `${gap}${item},`).join(""));
  return siblingsOf(last)[0]?.name === "," ? [more] : [insert(last.to, ","), more];
}

/** New values of entries, and more entries behind the last of them; Python's options stay the last. */
function withEntries(source: Source, entries: readonly Entry[], values: Given["values"]): Change[] | undefined {
  const { text, grammar } = source;
  const last = entries.filter(({ key }) => key !== "opts").at(-1);
  if (last === undefined) return undefined;
  const written = (key: string, put: string): string => key + SYNTAX[grammar].colon + put;
  const changes = entries.flatMap(({ key, first, last: end, value: node }) => {
    const put = values.get(key);
    if (put === undefined || (node && textOf(node, text) === put)) return [];
    if (!node) return [{ from: first.from, to: end.to, text: written(key, put) }];
    const before = node.prevSibling?.name.endsWith("Comment") ? node.prevSibling : node;
    return [{ from: before.from, to: node.to, text: put }, ...withoutComment(text, end.to)];
  });
  const added = [...values].filter(([key]) => !entries.some((entry) => entry.key === key));
  const items = added.map((each) => written(...each));
  return [...changes, ...addedBehind(source, last.first, last.last, items)];
}
