import type { SyntaxNode } from "@lezer/common";

export function children(node: SyntaxNode): SyntaxNode[] {
  const all: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) all.push(child);
  return all;
}

/** What the program has at the node. */
export function textOf({ from, to }: SyntaxNode, text: string): string {
  return text.slice(from, to);
}

const EFFECTS = /^((New|Call|Assignment|Named|Await|Yield)Expression|CallExpr)$/;

/** Calls that give the same for the same, or at least nobody counts. */
const PURE =
  /^([\w$.]*\.)?(get|to|lower|upper|replace|trim|strip|slice|sub|concat|join|format|str|Sprint|repr|pad|split|name|prefix|suffix)\w*$/i;

/** Whether it would matter that the expression is computed twice. */
export function hasEffects(expression: SyntaxNode, text: string): boolean {
  let found = false;
  expression.cursor().iterate(({ name, node }) => {
    const own = textOf(node, text);
    const isStep = name === "ArithOp" && /^(\+\+|--)$/.test(own);
    found ||= isStep || (EFFECTS.test(name) && !PURE.test(own.slice(0, own.indexOf("("))));
  });
  return found;
}
