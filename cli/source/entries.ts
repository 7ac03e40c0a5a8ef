import type { SyntaxNode } from "@lezer/common";
import { children, type Source, textOf } from "./syntax";

/** An option or argument that a program gives by its name. */
export interface Entry {
  /** Empty for a positional argument. */
  readonly key: string;
  readonly from: number;
  readonly to: number;
  /** Not there in `{ provider }`. */
  readonly value?: SyntaxNode;
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
      const [key, colon, value] = children(field);
      if (!/^(Property|Element)$/.test(field.name) || key === undefined) return undefined;
      const { from, to } = field;
      const name = textOf(key, text).replace(/^["']|["']$/g, "");
      if (!/^(PropertyDefinition|String|Key)$/.test(key.name)) return undefined;
      if (colon === undefined) return { key: name, from, to };
      return colon.name === ":" && value !== undefined ? { key: name, from, to, value } : undefined;
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
          : { key: textOf(key, text), from: key.from, to: value.to, value },
      );
    }
    if (/^\*\*?$/.test(textOf(part, text))) entries.push(undefined);
    const isAlone = ![part, parts[at - 1], parts[at + 1]].some((near) => near?.name === "AssignOp");
    if (isAlone) entries.push({ key: "", from: part.from, to: part.to, value: part });
  });
  return entries;
}
