import type { SyntaxNode } from "@lezer/common";

export function children(node: SyntaxNode): SyntaxNode[] {
  const all: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) all.push(child);
  return all;
}

/** The items of a list, each with its nodes: without commas, brackets and comments. */
export function itemsOf(nodes: readonly SyntaxNode[]): [SyntaxNode, ...SyntaxNode[]][] {
  const items: [SyntaxNode, ...SyntaxNode[]][] = [];
  let isNew = true;
  for (const node of nodes.filter(({ name }) => !/^([(){}]|.*Comment)$/.test(name))) {
    if (node.name !== "," && isNew) items.push([node]);
    else if (node.name !== ",") items.at(-1)?.push(node);
    isNew = node.name === ",";
  }
  return items;
}

/** What the program has at the node. */
export function textOf({ from, to }: SyntaxNode, text: string): string {
  return text.slice(from, to);
}

const EFFECTS = /^((New|Call|Assignment|Named|Await|Yield)Expression|CallExpr)$/;

/** Functions by whose names nobody expects the same again. */
const COUNTING = /shift|pop|next|splice|random|uuid|uniq|nano|count|incr|seq/i;
/** The name that a call ends with. */
const LAST_WORD = /(?<!\w)\w+$/;

/** Whether it would matter that the expression is computed twice. Names are made by functions that give the same for the same. */
export function hasEffects(expression: SyntaxNode, text: string, isName = false): boolean {
  let found = false;
  expression.cursor().iterate(({ name, node }) => {
    const own = textOf(node, text);
    const isStep = name === "ArithOp" && /^(\+\+|--)$/.test(own);
    const isPure =
      isName && name.startsWith("Call") && !COUNTING.test(LAST_WORD.exec(own.slice(0, own.indexOf("(")))?.[0] ?? "");
    found ||= isStep || (EFFECTS.test(name) && !isPure);
  });
  return found;
}
