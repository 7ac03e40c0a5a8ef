import type { SyntaxNode } from "@lezer/common";
import { children, textOf } from "./nodes";
import type { Call, Source } from "./syntax";

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
    source.grammar === "python"
      ? pythonArguments(call, source)
      : call.args[source.grammar === "go" ? 2 : 1]?.node;
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
export function isCallOf(ending: string, node: SyntaxNode, { calls, names }: Source): boolean {
  const call = calls.find((each) => each.from === node.from && each.to === node.to);
  const called = call?.node.firstChild;
  return (
    call !== undefined && called != null && (names.originOf(called)?.at(-1) ?? call.word).endsWith(ending)
  );
}

/** The entries of `{ … }`, `Args{…}`, or `Options(…)` by keywords; undefined where one of them isn't plain. */
export function entriesOf(node: SyntaxNode, { text, grammar }: Source): Entry[] | undefined {
  const isHolder = { javascript: "ObjectExpression", python: "CallExpression", go: "UnaryExp" }[grammar];
  if (node.name !== isHolder) return undefined;
  const entries = grammar === "python" ? keywordsOf(node, text) : fieldsOf(node, text);
  return entries.some((entry) => entry === undefined) ? undefined : (entries as Entry[]);
}

function fieldsOf(node: SyntaxNode, text: string): (Entry | undefined)[] {
  const literal = node.getChild("TypedLiteral")?.getChild("LiteralValue") ?? node;
  return children(literal)
    .filter(({ name }) => !/^([{},]|.*Comment|DerefOp)$/.test(name))
    .map((field) => {
      const [key, colon, value] = children(field).filter(({ name }) => !name.endsWith("Comment"));
      if (!/^(Property|Element)$/.test(field.name) || key === undefined) return undefined;
      const name = textOf(key, text).replace(/^["']|["']$/g, "");
      if (!/^(PropertyDefinition|String|Key)$/.test(key.name)) return undefined;
      if (colon === undefined) return { key: name, first: field, last: field };
      return colon.name === ":" && value !== undefined
        ? { key: name, first: field, last: field, value }
        : undefined;
    });
}

function keywordsOf(node: SyntaxNode, text: string): (Entry | undefined)[] {
  const parts = children(node.getChild("ArgList") ?? node).filter(
    ({ name }) => !/^([(),]|Comment)$/.test(name),
  );
  const entries: (Entry | undefined)[] = [];
  parts.forEach((part, at) => {
    if (part.name === "AssignOp") {
      const [key, value] = [parts[at - 1], parts[at + 1]];
      entries.push(
        key === undefined || value === undefined
          ? undefined
          : { key: textOf(key, text), first: key, last: value, value },
      );
    }
    if (/^\*\*?$/.test(textOf(part, text))) entries.push(undefined);
    const isAlone = ![part, parts[at - 1], parts[at + 1]].some((near) => near?.name === "AssignOp");
    if (isAlone) entries.push({ key: "", first: part, last: part, value: part });
  });
  return entries;
}
