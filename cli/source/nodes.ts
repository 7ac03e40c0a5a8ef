import type { SyntaxNode, SyntaxNodeRef } from "@lezer/common";

export type Grammar = "javascript" | "python" | "go";

/** The children of a node, without comments. */
export function children(node: SyntaxNode): SyntaxNode[] {
  const all: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) all.push(child);
  return all.filter(({ name }) => !name.endsWith("Comment"));
}

/** The nodes around a node, the innermost first, and the node itself before them. */
export function around(node: SyntaxNode | null): SyntaxNode[] {
  const all: SyntaxNode[] = [];
  for (let each = node; each !== null; each = each.parent) all.push(each);
  return all;
}

/** A node and the nodes below it, as far as they pass the test. */
export function below(node: SyntaxNode, test: (each: SyntaxNodeRef) => boolean): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  node.cursor().iterate((each) => {
    if (test(each)) found.push(each.node);
  });
  return found;
}

/** The children of the parent behind a node. */
export function siblingsOf(node: SyntaxNode): SyntaxNode[] {
  return node.parent === null ? [] : children(node.parent).filter(({ from }) => from >= node.to);
}

/** The items of a list, each with its nodes: without commas and brackets. */
export function itemsOf(nodes: readonly SyntaxNode[]): [SyntaxNode, ...SyntaxNode[]][] {
  const items: [SyntaxNode, ...SyntaxNode[]][] = [];
  let isNew = true;
  for (const node of nodes.filter(({ name }) => !/^[(){}]/.test(name))) {
    if (node.name !== "," && isNew) items.push([node]);
    else if (node.name !== ",") items.at(-1)?.push(node);
    isNew = node.name === ",";
  }
  return items;
}

export function textOf({ from, to }: SyntaxNode, text: string): string {
  return text.slice(from, to);
}

export const faultsBelow = (node: SyntaxNode): number => below(node, ({ type }) => type.isError).length;

const EFFECTS = /^((New|Call|Assignment|Named|Await|Yield)Expression|CallExpr)$/;

/** Whether it would matter that the expression is computed twice. */
export function hasEffects(code: SyntaxNode, text: string, isPure: (call: SyntaxNode) => boolean = () => false) {
  const effects = below(code, ({ name, node }) => {
    const isStep = name === "ArithOp" && /^(\+\+|--)$/.test(textOf(node, text));
    return isStep || (EFFECTS.test(name) && !(name.startsWith("Call") && isPure(node)));
  });
  return effects.length > 0;
}

/** Words in the names of functions that nobody expects the same of again. Other functions give the same for the same. */
const COUNTING = /shift|pop|next|splice|random|uuid|uniq|nano|count|incr|seq/i;

/** Whether an expression can be computed twice: it calls nothing but functions whose names promise the same again. */
export function isRepeatable(expression: SyntaxNode, text: string): boolean {
  const calledIn = (call: SyntaxNode): string => /(?<!\w)\w+$/.exec(textOf(call, text).split("(")[0] ?? "")?.[0] ?? "";
  return !hasEffects(expression, text, (call) => !COUNTING.test(calledIn(call)));
}
