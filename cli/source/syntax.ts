import type { Parser, SyntaxNode } from "@lezer/common";
import { parser as go } from "@lezer/go";
import { parser as javascript } from "@lezer/javascript";
import { parser as python } from "@lezer/python";
import { LineCounter, parseAllDocuments } from "yaml";
import SYNTAX from "./syntax.json";
import { Names } from "./names";
import { around, below, children, faultsBelow, type Grammar, itemsOf, textOf } from "./nodes";

/*
 * The calls in a program's source that make resources, by the grammars of CodeMirror (Lezer). They read on after an error, so
 * that a construct that a grammar doesn't know costs no more than itself.
 */

export type Source = Readonly<ReturnType<typeof parse>>;

/** A call, or a `new` in JavaScript. */
export type Call = Readonly<NonNullable<ReturnType<typeof toCall>>>;

/** The grammar for a file by its name; undefined for other languages. */
export function grammarOf(file: string): Grammar | undefined {
  if (/\.[cm]?[jt]s$|\.[jt]sx$/.test(file)) return "javascript";
  return file.endsWith(".py") ? "python" : file.endsWith(".go") ? "go" : undefined;
}

function parserOf(grammar: Grammar, file: string): Parser {
  if (grammar !== "javascript") return { python, go }[grammar];
  // `<T>value` is a cast in TypeScript, and an element in files that may have some.
  return javascript.configure({ dialect: /\.[cm]?ts$/.test(file) ? "ts" : "ts jsx" });
}

export function parse(text: string, grammar: Grammar, file = "") {
  const tree = parserOf(grammar, file).parse(text);
  const names = new Names(tree.topNode, text, grammar);
  const called = below(tree.topNode, ({ name }) => /^(CallExpr(ession)?|NewExpression)$/.test(name));
  const calls = called.flatMap((node) => toCall(node, text, names) ?? []);
  const lines = new LineCounter();
  lines.lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return { text, grammar, names, calls, lines };
}

/** Number of syntax errors in a file; 0 in a language that isn't read here. */
export function faultsIn(text: string, file: string): number {
  if (/\.ya?ml$/.test(file)) return parseAllDocuments(text).flatMap(({ errors }) => errors).length;
  const grammar = grammarOf(file);
  return grammar === undefined ? 0 : faultsBelow(parserOf(grammar, file).parse(text).topNode);
}

function toCall(node: SyntaxNode, text: string, names: Names) {
  const list = node.getChild("ArgList") ?? node.getChild("Arguments");
  const called = children(node).find(({ name }) => name !== "new");
  if (list === null || called === undefined) return undefined;
  // As it is written: `aws.s3.Bucket`.
  const callee = textOf(called, text);
  const base = called.name === "super" || /^super\([^()]*\)\.__init__$/.test(callee) ? baseAround(node) : undefined;
  const above = base && names.originOf(base);
  // A class calls its base, which is what is called then.
  const isSuper = above?.[0] === "aws";
  const origin = isSuper ? above : names.originOf(called);
  const written = /(?<![\p{L}\p{N}_$])[\p{L}\p{N}_$]+$/u.exec(callee)?.[0] ?? "";
  // The expression before the last dot.
  const holder = /^(MemberExpression|SelectorExpr)$/.test(called.name) ? called.firstChild : null;
  return {
    node,
    from: node.from,
    to: node.to,
    callee,
    // Its last word, or the class's own name if the file imports it under another: `Bucket`.
    word: origin?.[0] === "aws" ? (origin.at(-1) ?? written) : written,
    origin,
    isSuper,
    ...(holder && !isSuper && { holder }),
    open: list.from,
    args: argumentsIn(list, text),
  };
}

/** The first base of the class around a node. */
function baseAround(node: SyntaxNode): SyntaxNode | undefined {
  const own = around(node).find(({ name }) => /^Class(Declaration|Expression|Definition)$/.test(name));
  const bases = own?.getChild("ArgList");
  if (bases) return itemsOf(children(bases))[0]?.[0];
  return own?.getChild("extends")?.nextSibling ?? undefined;
}

function argumentsIn(list: SyntaxNode, text: string) {
  return itemsOf(children(list)).map(([first, ...others]) => {
    const node = others.at(-1) ?? first;
    // `...more`, `*more`, `**more`: its values aren't in the source.
    const isSpread = /^(\.\.\.|\*\*?)$/.test(textOf(first, text)) || others.length === 1;
    // Python's `keyword=`.
    const isKeyword = others[0]?.name === "AssignOp" && others.length > 1;
    return { node, first, isSpread, ...(isKeyword && { keyword: textOf(first, text) }) };
  });
}

/** The argument that is the resource's logical name. */
export function nameArgument({ args }: Call, grammar: Grammar): Call["args"][number] | undefined {
  const named = args.find(({ keyword }) => keyword === "resource_name");
  const positional = args[SYNTAX[grammar].name];
  if (named !== undefined) return named;
  return positional?.keyword === undefined && positional?.isSpread === false ? positional : undefined;
}

/** Whether the expression is one text, without anything to compute. */
export function isLiteral(node: SyntaxNode): boolean {
  return node.name === "String" || (node.name === "TemplateString" && node.firstChild === null);
}
