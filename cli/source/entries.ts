import type { SyntaxNode } from "@lezer/common";
import { type Change, indentAt, insert, lineEnd, lineStart } from "./edit";
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
}

/** The arguments that the resource of the call is made of, by their names; undefined where one of them isn't plain. */
export function argumentsOf(call: Call, source: Source): Entry[] | undefined {
  const holder =
    source.grammar === "python" ? pythonArguments(call, source) : call.args[SYNTAX[source.grammar].name + 1]?.node;
  return holder && entriesOf(holder, source);
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
  const callee = call?.node.firstChild;
  return callee != null && (source.names.originOf(callee)?.at(-1) ?? call?.word)?.endsWith(ending) === true;
}

function callOf(node: SyntaxNode, { calls }: Source): Call | undefined {
  return calls.find(({ from, to }) => from === node.from && to === node.to);
}

/** The entries of `{ … }`, `Args{…}`, or `Options(…)` by keywords; undefined where one of them isn't plain. */
export function entriesOf(node: SyntaxNode, source: Source): Entry[] | undefined {
  if (node.name !== SYNTAX[source.grammar].holder) return undefined;
  const entries = source.grammar === "python" ? keywordsOf(node, source) : fieldsOf(node, source.text);
  return entries.some((entry) => entry === undefined) ? undefined : (entries as Entry[]);
}

function keywordsOf(node: SyntaxNode, source: Source): (Entry | undefined)[] {
  return (callOf(node, source)?.args ?? []).map(({ first, node: last, keyword: key = "", isSpread }) =>
    isSpread ? undefined : { key, first, last, value: last },
  );
}

function fieldsOf(node: SyntaxNode, text: string): (Entry | undefined)[] {
  const literal = node.getChild("TypedLiteral")?.getChild("LiteralValue") ?? node;
  return itemsOf(children(literal)).map(([field]) => {
    const [key, colon, value] = children(field).filter(({ name }) => !name.endsWith("Comment"));
    if (!/^(Property|Element)$/.test(field.name) || key === undefined) return undefined;
    const name = textOf(key, text).replace(/^["']|["']$/g, "");
    if (!/^(PropertyDefinition|String|Key)$/.test(key.name)) return undefined;
    if (colon === undefined) return { key: name, first: field, last: field };
    return colon.name === ":" && value !== undefined ? { key: name, first: field, last: field, value } : undefined;
  });
}

/** What can follow the last item on its line: nothing of the program's, so that another line can come behind it. */
const END = /^(?:\s|\/\*(?:(?!\*\/).)*\*\/)*(?:,(?:\s|\/\*(?:(?!\*\/).)*\*\/)*)?(?:(?:\/\/|#).*)?$/;

/** More items of a list, behind one of it. A comment stays at its line. */
export function addedBehind({ text }: Source, first: SyntaxNode, last: SyntaxNode, items: readonly string[]): Change[] {
  const end = lineEnd(text, last.to);
  const isOwnLine = text.slice(lineStart(text, first.from), first.from).trim() === "";
  if (!isOwnLine) return [insert(last.to, items.map((item) => `, ${item}`).join(""))];
  const gap = `\n${indentAt(text, first.from)}`;
  if (!END.test(text.slice(last.to, end))) return [insert(last.to, items.map((item) => `,${gap}${item}`).join(""))];
  const more = insert(end, items.map((item) => `${gap}${item},`).join(""));
  return hasComma(last) ? [more] : [insert(last.to, ","), more];
}

function hasComma(last: SyntaxNode): boolean {
  let next = last.nextSibling;
  while (next?.name.endsWith("Comment")) next = next.nextSibling;
  return next?.name === ",";
}

/** New values of entries, and more entries behind the last of them. */
export function withEntries(
  source: Source,
  entries: readonly Entry[],
  value: (entry: Entry) => string | undefined,
  added: readonly (readonly [key: string, value: string])[],
): Change[] | undefined {
  const last = entries.at(-1);
  if (last === undefined) return added.length === 0 ? [] : undefined;
  const aligned = source.grammar === "go" ? alignedRows(source, entries, value, added) : undefined;
  if (aligned !== undefined) return aligned;
  const changes = entries.flatMap((entry) => {
    const put = value(entry);
    const node = entry.value;
    if (put === undefined) return [];
    return node
      ? { from: node.from, to: node.to, text: put }
      : { from: entry.first.from, to: entry.last.to, text: `${entry.key}: ${put}` };
  });
  const items = added.map(([key, text]) => key + SYNTAX[source.grammar].colon + text);
  return [...changes, ...(items.length === 0 ? [] : addedBehind(source, last.first, last.last, items))];
}

interface Row {
  readonly key: string;
  readonly value: string;
  readonly comment: string;
  /** Of its whole line. */
  readonly from: number;
  readonly to: number;
}

/** As gofmt lines up keys, values and comments; undefined where the program isn't so itself. */
function alignedRows(
  { text }: Source,
  entries: readonly Entry[],
  value: (entry: Entry) => string | undefined,
  added: readonly (readonly [key: string, value: string])[],
): Change[] | undefined {
  const changes: Change[] = [];
  for (const run of runsOf(entries, text)) {
    const [first, last] = [run[0]?.row, run.at(-1)?.row];
    if (first === undefined || last === undefined) return undefined;
    const indent = indentAt(text, first.from);
    const before = run.map(({ row }) => row);
    const isLast = run.at(-1)?.entry === entries.at(-1);
    const more = isLast ? added.map(([key, given]) => ({ key, value: given, comment: "" })) : [];
    const after = [...run.map(({ row, entry }) => ({ ...row, value: value(entry) ?? row.value })), ...more];
    if (written(before, indent) !== text.slice(first.from, last.to).replaceAll("\r", "")) return undefined;
    if (written(before, indent) !== written(after, indent))
      changes.push({ from: first.from, to: last.to, text: written(after, indent) });
  }
  return changes;
}

/** Entries of one line each without anything between them. An empty one stands for what is longer. */
function runsOf(entries: readonly Entry[], text: string): { entry: Entry; row: Row }[][] {
  const runs: { entry: Entry; row: Row }[][] = [];
  for (const entry of entries) {
    const row = rowOf(entry, text);
    const before = runs.at(-1)?.at(-1)?.row;
    if (row === undefined) runs.push([]);
    else if (before !== undefined && lineEnd(text, before.to) + (text[before.to] === "\r" ? 2 : 1) === row.from)
      runs.at(-1)?.push({ entry, row });
    else runs.push([{ entry, row }]);
  }
  return runs.filter((run) => run.length > 0 || runs.at(-1) === run);
}

function rowOf({ key, first, last, value }: Entry, text: string): Row | undefined {
  const [from, to] = [lineStart(text, first.from), lineEnd(text, last.to)];
  const isAlone = text.slice(from, first.from).trim() === "" && lineEnd(text, first.from) === to;
  const [, comment] = /^,[ \t]*(\/\/.*)?$/.exec(text.slice(last.to, to)) ?? [];
  const isRow = isAlone && value !== undefined && text[last.to] === ",";
  if (!isRow || (comment === undefined && text.slice(last.to, to) !== ",")) return undefined;
  return { key, value: textOf(value, text), comment: comment ?? "", from, to };
}

function written(rows: readonly Pick<Row, "key" | "value" | "comment">[], indent: string): string {
  const width = Math.max(...rows.map(({ key }) => key.length)) + 1;
  const values = rows.map(({ key, value }) => `${indent}${`${key}:`.padEnd(width)} ${value},`);
  return rows
    .map(({ comment }, at) => {
      if (comment === "") return values[at];
      let [start, end] = [at, at];
      while (rows[start - 1]?.comment) start -= 1;
      while (rows[end + 1]?.comment) end += 1;
      const column = Math.max(...values.slice(start, end + 1).map((each) => each.length));
      return `${(values[at] ?? "").padEnd(column)} ${comment}`;
    })
    .join("\n");
}
