import type { SyntaxNode, Tree } from "@lezer/common";
import { parser as go } from "@lezer/go";
import { parser as javascript } from "@lezer/javascript";
import { parser as python } from "@lezer/python";
import { LineCounter, parseAllDocuments } from "yaml";
import { Names, type Origin } from "./names";
import { children, itemsOf, textOf } from "./nodes";

/*
 * What a program's source says of the calls that make resources, by the grammars of CodeMirror (Lezer). They read on after
 * an error, so that a construct that a grammar doesn't know costs no more than itself.
 */

export type Grammar = "javascript" | "python" | "go";

export interface Source {
  readonly text: string;
  readonly grammar: Grammar;
  readonly root: SyntaxNode;
  readonly names: Names;
  readonly calls: readonly Call[];
  /** The line of an offset, counted from 1. */
  readonly lineAt: (offset: number) => number;
}

/** A call, or a `new` in JavaScript. */
export interface Call {
  readonly node: SyntaxNode;
  readonly from: number;
  readonly to: number;
  /** What is called, as it is written: `aws.s3.Bucket`. */
  readonly callee: string;
  /** The last word of it, which is the class's own name where the file imports it under another: `Bucket`. */
  readonly word: string;
  /** What is before the last dot. */
  readonly holder?: SyntaxNode;
  /** What is called, as far as the imports say. */
  readonly origin: Origin | undefined;
  /** Where the list of arguments begins. */
  readonly open: number;
  readonly args: readonly Argument[];
}

export interface Argument {
  readonly node: SyntaxNode;
  /** Where it begins: the keyword, if it has one. */
  readonly first: SyntaxNode;
  /** Python's `keyword=`. */
  readonly keyword?: string;
  /** `...more`, `*more`, `**more`: what it stands for isn't in the source. */
  readonly isSpread: boolean;
}

const EXTENSIONS: Readonly<Record<string, Grammar>> = {
  ...{ ts: "javascript", tsx: "javascript", mts: "javascript", cts: "javascript" },
  ...{ js: "javascript", jsx: "javascript", mjs: "javascript", cjs: "javascript" },
  py: "python",
  go: "go",
};

/** What the languages write differently: where a resource's name is, what holds its arguments, an argument, a level of code. */
export const SYNTAX = {
  javascript: { name: 0, holder: "ObjectExpression", colon: ": ", unit: "  " },
  python: { name: 0, holder: "CallExpression", colon: "=", unit: "    " },
  go: { name: 1, holder: "UnaryExp", colon: ": ", unit: "\t" },
} as const satisfies Record<Grammar, unknown>;

/** The grammar for a file by its name; undefined for other languages. */
export function grammarOf(file: string): Grammar | undefined {
  const extension = /\.(\w+)$/.exec(file)?.[1] ?? "";
  return Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
}

export function parse(text: string, grammar: Grammar, file = ""): Source {
  const tree = treeOf(text, grammar, file);
  const names = new Names(tree.topNode, text, grammar);
  const calls: Call[] = [];
  tree.iterate({
    enter: ({ name, node }) => {
      if (!["CallExpression", "NewExpression", "CallExpr"].includes(name)) return;
      const call = toCall(node, text, names);
      if (call !== undefined) calls.push(call);
    },
  });
  return { text, grammar, root: tree.topNode, names, calls, lineAt: lineCounter(text) };
}

/** How many places of a file its grammar can't make sense of; none in a language that isn't read here. */
export function faultsIn(text: string, file: string): number {
  if (/\.ya?ml$/.test(file)) return parseAllDocuments(text).flatMap(({ errors }) => errors).length;
  const grammar = grammarOf(file);
  return grammar === undefined ? 0 : faultsBelow(treeOf(text, grammar, file).topNode);
}

export function faultsBelow(node: SyntaxNode): number {
  let faults = 0;
  node.cursor().iterate(({ type }) => {
    if (type.isError) faults += 1;
  });
  return faults;
}

function lineCounter(text: string): (offset: number) => number {
  const counter = new LineCounter();
  counter.lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => counter.linePos(offset).line;
}

function treeOf(text: string, grammar: Grammar, file: string): Tree {
  if (grammar === "python") return python.parse(text);
  if (grammar === "go") return go.parse(text);
  // `<T>value` is a cast in TypeScript, and an element in files that may have some.
  const isTyped = /\.[cm]?ts$/.test(file);
  return javascript.configure({ dialect: isTyped ? "ts" : "ts jsx" }).parse(text);
}

function toCall(node: SyntaxNode, text: string, names: Names): Call | undefined {
  const list = node.getChild("ArgList") ?? node.getChild("Arguments");
  const first = node.firstChild;
  const called = first?.name === "new" ? first.nextSibling : first;
  if (list === null || called === null) return undefined;
  const callee = textOf(called, text);
  const origin = names.originOf(called);
  const written = /(?<![\p{L}\p{N}_$])[\p{L}\p{N}_$]+$/u.exec(callee)?.[0] ?? "";
  const holder = /^(MemberExpression|SelectorExpr)$/.test(called.name) ? called.firstChild : null;
  return {
    node,
    from: node.from,
    to: node.to,
    callee,
    word: origin?.[0] === "aws" ? (origin.at(-1) ?? written) : written,
    origin,
    ...(holder && { holder }),
    open: list.from,
    args: argumentsIn(list, text),
  };
}

function argumentsIn(list: SyntaxNode, text: string): Argument[] {
  return itemsOf(children(list)).map(([first, ...others]) => {
    const node = others.at(-1) ?? first;
    const isSpread = /^(\.\.\.|\*\*?)$/.test(textOf(first, text)) || others.length === 1;
    const isKeyword = others[0]?.name === "AssignOp" && others.length > 1;
    return { node, first, isSpread, ...(isKeyword && { keyword: textOf(first, text) }) };
  });
}

/** What is known of a text that the program computes: its parts, between which anything can be. */
export type Shape = readonly string[];

/** The argument that is the resource's logical name. */
export function nameArgument({ args }: Call, grammar: Grammar): Argument | undefined {
  const named = args.find(({ keyword }) => keyword === "resource_name");
  const positional = args[SYNTAX[grammar].name];
  if (named !== undefined) return named;
  return positional?.keyword === undefined && positional?.isSpread === false ? positional : undefined;
}

const ANYTHING: Shape = ["", ""];

/** Whether a shape says anything of the text. */
export function says(shape: Shape): boolean {
  return shape.length === 1 || shape.some((part) => part !== "");
}

/** Whether a text has the shape. Not by a regular expression: of many gaps one takes for ever, and the program is anyone's. */
export function fits(shape: Shape, text: string): boolean {
  const [first = "", ...others] = shape;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** Whether the expression is one text, without anything to compute. */
export function isLiteral(node: SyntaxNode): boolean {
  return node.name === "String" || (node.name === "TemplateString" && node.firstChild === null);
}

/** The texts that an expression can be; all where the source doesn't say. */
export function shapeOf(node: SyntaxNode, text: string): Shape {
  switch (node.name) {
    case "String":
    case "TemplateString":
    case "FormatString":
      return textShape(node, text);
    case "BinaryExpression":
    case "BinaryExp": {
      const [left, operator, right] = children(node);
      if (left === undefined || right === undefined || operator === undefined) return ANYTHING;
      if (textOf(operator, text) !== "+") return ANYTHING;
      return joined(shapeOf(left, text), shapeOf(right, text));
    }
    default:
      return ANYTHING;
  }
}

function textShape(node: SyntaxNode, text: string): Shape {
  const quote = /^[rbfu]*("""|'''|["'`])/i.exec(textOf(node, text));
  if (quote === null) return ANYTHING;
  const end = node.to - (quote[1]?.length ?? 0);
  const holes = children(node).filter(({ name }) => /^(Interpolation|FormatReplacement)$/.test(name));
  let at = node.from + quote[0].length;
  let shape: Shape = [""];
  for (const hole of holes) {
    shape = joined(joined(shape, plain(text.slice(at, hole.from))), ANYTHING);
    at = hole.to;
  }
  return joined(shape, plain(text.slice(at, end)));
}

/** A text without anything to compute. What a backslash makes of it isn't known here. */
function plain(text: string): Shape {
  return text.includes("\\") ? ANYTHING : [text];
}

function joined(one: Shape, other: Shape): Shape {
  const [first = "", ...rest] = other;
  return [...one.slice(0, -1), (one.at(-1) ?? "") + first, ...rest];
}
