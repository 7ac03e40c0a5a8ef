import type { SyntaxNode } from "@lezer/common";
import { applied, type Change, type Given, indentAt, insert, lineEnd, lineStart } from "./edit";
import { children, itemsOf, textOf } from "./nodes";
import { type Call, type Source, SYNTAX } from "./syntax";

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
  return callOf(node, source)?.args.map(({ first, node: last, keyword: key = "", isSpread }) => ({
    key,
    first,
    last,
    value: last,
    isSpread,
  }));
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

/** What can follow the last item on its line, so that another line can follow: a comma and comments. */
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
  return hasComma(last) ? [more] : [insert(last.to, ","), more];
}

function hasComma(last: SyntaxNode): boolean {
  let next = last.nextSibling;
  while (next?.name.endsWith("Comment")) next = next.nextSibling;
  return next?.name === ",";
}

/** New values of entries, and more entries behind the last of them. */
function withEntries(
  source: Source,
  entries: readonly Entry[],
  values: ReadonlyMap<string, string>,
): Change[] | undefined {
  const { text, grammar } = source;
  const [head, last] = [entries[0], entries.at(-1)];
  if (head === undefined || last === undefined) return undefined;
  const written = (key: string, put: string): string => key + SYNTAX[grammar].colon + put;
  const changes = entries.flatMap(({ key, first, last: end, value: node }) => {
    const put = values.get(key);
    if (put === undefined) return [];
    return node
      ? { from: node.from, to: node.to, text: put }
      : { from: first.from, to: end.to, text: written(key, put) };
  });
  const added = [...values].filter(([key]) => !entries.some((entry) => entry.key === key));
  const all = [
    ...changes,
    ...addedBehind(
      source,
      last.first,
      last.last,
      added.map((each) => written(...each)),
    ),
  ];
  if (grammar !== "go") return all;
  const [from, to] = [lineStart(text, head.first.from), lineEnd(text, last.last.to)];
  const before = text.slice(from, to).replaceAll("\r", "");
  const after = applied(
    text.slice(from, to),
    all.map((each) => ({ ...each, from: each.from - from, to: each.to - from })),
  ).replaceAll("\r", "");
  const inColumns = aligned(after);
  return aligned(before) === before && inColumns !== after ? [{ from, to, text: inColumns }] : all;
}

/** A field of a Go literal on a line of its own: indentation, key, value, comment. */
const FIELD = /^(\t*)(\w+): +((?:[^"`]|"(?:[^"\\]|\\.)*"|`[^`]*`)*?),(?:[ \t]+(\/\/.*))?$/;

/** Go code with the values and comments of neighboring fields in columns, as gofmt has them. */
function aligned(code: string): string {
  const rows = code.split("\n").map((line) => [line, ...(FIELD.exec(line)?.slice(1) ?? [])]);
  const inColumns = runsOf(rows, ([, indent]) => indent ?? "none").map((run) => {
    const width = Math.max(...run.map(([, , key = ""]) => key.length)) + 1;
    return run.map(([line = "", indent, key, value, comment = ""]) => ({
      line: indent === undefined ? line : `${indent}${`${key}:`.padEnd(width)} ${value},`,
      comment,
    }));
  });
  return inColumns
    .flatMap((run) => runsOf(run, ({ comment }) => comment !== ""))
    .flatMap((run) => {
      const column = Math.max(...run.map(({ line }) => line.length));
      return run.map(({ line, comment }) => (comment === "" ? line : `${line.padEnd(column)} ${comment}`));
    })
    .join("\n");
}

/** A list cut where the key of its items changes. */
function runsOf<T>(list: readonly T[], keyOf: (item: T) => unknown): T[][] {
  const runs: T[][] = [];
  list.forEach((item, at) => {
    const before = list[at - 1];
    if (before !== undefined && keyOf(before) === keyOf(item)) runs.at(-1)?.push(item);
    else runs.push([item]);
  });
  return runs;
}
