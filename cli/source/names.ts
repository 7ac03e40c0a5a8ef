import type { SyntaxNode } from "@lezer/common";
import { groupBy } from "../../policypack/face";
import SYNTAX from "./syntax.json";
import { around, below, children, type Grammar, itemsOf, siblingsOf, textOf } from "./nodes";

/*
 * Resolves the names in a file, by its imports and declarations. All of it is read from the syntax tree: an import in a
 * comment or a string is none.
 */

/** A module's name and the path to a member: `["aws", "s3", "Bucket"]`, with "aws" for Pulumi's AWS package of any language. */
export type Origin = readonly string[];

export interface Binding {
  /** As the file calls it; "*" for everything in a module. */
  readonly name: string;
  /** Undefined for what isn't imported. */
  readonly origin: Origin | undefined;
  /** The scope in which the name can be used. */
  readonly scope: SyntaxNode;
  /** The compiler drops it: `import type`, `if TYPE_CHECKING:`. */
  readonly isType: boolean;
  /** The item of the list of names that imports it, where another can follow. */
  readonly item?: { readonly first: SyntaxNode; readonly last: SyntaxNode };
  readonly statement: SyntaxNode;
}

/** An import or a declaration, before its origin is looked up. */
interface Declaration extends Omit<Binding, "origin"> {
  /** The module or the expression that it is a member of, by the path. */
  readonly from?: string | SyntaxNode | undefined;
  readonly path: readonly string[];
}

export class Names {
  readonly all: readonly Binding[];
  readonly #byName: ReadonlyMap<string, readonly Declaration[]>;

  constructor(
    root: SyntaxNode,
    private readonly text: string,
    grammar: Grammar,
  ) {
    const declarations = declarationsIn(root, text, grammar);
    this.#byName = groupBy(declarations, ({ name }) => name);
    this.all = declarations.map((binding) => ({ ...binding, origin: this.#originOf(binding, 0) }));
  }

  /** The origin of an expression; undefined if that isn't a member of a module. */
  originOf(node: SyntaxNode, depth = 0): Origin | undefined {
    const name = textOf(node, this.text);
    if (node.name === "VariableName") return this.lookUp(name, node, depth);
    if (/^(MemberExpression|SelectorExpr)$/.test(node.name)) {
      const [holder, dot, member] = children(node);
      if (holder === undefined || member === undefined || dot?.name !== ".") return undefined;
      const origin = this.originOf(holder, depth);
      return origin && [...origin, textOf(member, this.text)];
    }
    if (!/^(Call|Await)Expression$/.test(node.name)) return undefined;
    // `require("…")`, `await import("…")`.
    const isRequire = /^require\b/.test(name) && !this.#byName.has("require");
    const module = node.getChild(isRequire ? "ArgList" : "DynamicImport")?.getChild("String");
    return module ? moduleOf(unquoted(module, this.text)) : undefined;
  }

  /** The origin of a name at a node. */
  lookUp(name: string, at: SyntaxNode, depth = 0): Origin | undefined {
    const nearest = this.#nearest(name, at);
    const [origin, ...others] = nearest.map((binding) => this.#originOf(binding, depth));
    if (nearest.length > 0) return others.every((other) => isSame(other, origin)) ? origin : undefined;
    const [all, more] = (this.#byName.get("*") ?? []).filter((binding) => isSeen(binding, at));
    const whole = all && more === undefined ? this.#originOf(all, depth) : undefined;
    return whole && [...whole, name];
  }

  /** The expression that a variable was declared with; undefined if the file doesn't show that. */
  valueOf(variable: SyntaxNode): SyntaxNode | undefined {
    const [only, ...others] = this.#nearest(textOf(variable, this.text), variable);
    const isPlain = only !== undefined && others.length === 0 && only.path.length === 0;
    return isPlain && typeof only.from === "object" ? only.from : undefined;
  }

  /** The declarations of a name in the innermost scope that has any. */
  #nearest(name: string, at: SyntaxNode): Declaration[] {
    const seen = (this.#byName.get(name) ?? []).filter((binding) => !binding.isType && isSeen(binding, at));
    const inner = Math.min(...seen.map(({ scope }) => scope.to - scope.from));
    return seen.filter(({ scope }) => scope.to - scope.from === inner);
  }

  #originOf({ from, path }: Declaration, depth: number): Origin | undefined {
    if (from === undefined || depth > 8) return undefined;
    const origin = typeof from === "string" ? moduleOf(from) : this.originOf(from, depth + 1);
    return origin && [...origin, ...path];
  }
}

export function isSeen({ scope }: Pick<Binding, "scope">, at: SyntaxNode): boolean {
  return scope.from <= at.from && at.to <= scope.to;
}

export function isSame(one: Origin | undefined, other: Origin | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Pulumi's AWS package, and its SDK, by their names in the registries of the three languages. */
const AWS =
  /^(?:npm:)?@pulumi\/aws(?:@[^/]*)?(?=\/|$)|^python:pulumi_aws(?=\.|$)|^github\.com\/pulumi\/pulumi-aws\/sdk(?:\/v\d+)?\/go\/aws(?=\/|$)/;
const PULUMI =
  /^(?:(?:npm:)?@pulumi\/pulumi(?:@[^/]*)?|python:pulumi|github\.com\/pulumi\/pulumi\/sdk(?:\/v\d+)?\/go\/pulumi)$/;

function moduleOf(module: string): Origin {
  if (PULUMI.test(module)) return ["pulumi"];
  const root = AWS.exec(module)?.[0];
  if (root === undefined) return [module];
  const rest = module.slice(root.length).replace(/(\/index)?(\.[cm]?js)?$/, "");
  return ["aws", ...rest.split(/[./]/).slice(1)];
}

const unquoted = (node: SyntaxNode, text: string): string => textOf(node, text).slice(1, -1);

/** Reads the declaration of the name at a node; undefined if it declares none. */
const DECLARED = { javascript: inJavaScript, python: inPython, go: inGo };

/** Declares a name that can be used around it. */
const NAMED = /^(Function|Class|Namespace)(Declaration|Definition)$|^FunctionDecl$/;

function declarationsIn(root: SyntaxNode, text: string, grammar: Grammar): Declaration[] {
  const names = new RegExp(`^(${SYNTAX[grammar].names})$`);
  const scopes = new RegExp(`^(${SYNTAX[grammar].scopes})$`);
  return below(root, ({ name }) => names.test(name)).flatMap((node) => {
    const { parent } = node;
    const known = parent === null ? undefined : DECLARED[grammar](node, text);
    if (known === undefined || parent === null) return [];
    const outer = around(NAMED.test(parent.name) ? parent.parent : parent);
    const scope = outer.find(({ name }) => scopes.test(name)) ?? root;
    return [{ name: textOf(node, text), scope, isType: false, path: [], statement: parent, ...known }];
  });
}

function inJavaScript(node: SyntaxNode, text: string): Partial<Declaration> {
  const statement = around(node).find(({ name }) => /^(Import|Variable)Declaration$/.test(name));
  if (statement === undefined) return {};
  return statement.name === "VariableDeclaration"
    ? { statement, ...declaredBy(node, text) }
    : { statement, ...importedBy(node, statement, text) };
}

function importedBy(node: SyntaxNode, statement: SyntaxNode, text: string): Partial<Declaration> {
  const module = statement.getChild("String");
  // `import aws = require("…")`, which the grammar takes for two statements.
  if (module === null) return { from: statement.nextSibling?.firstChild ?? undefined };
  const from = unquoted(module, text);
  const isType = statement.getChild("type") !== null;
  if (node.parent?.name !== "ImportGroup") return { from, isType };
  const item = itemsOf(children(node.parent)).find((each) => each.at(-1)?.from === node.from) ?? [node];
  const [first = node] = item.filter(({ name }) => name !== "type");
  const given = textOf(first, text);
  return {
    from,
    isType: isType || item[0].name === "type",
    // The default of a module that isn't an ES module is the module.
    path: given === "default" ? [] : [given],
    item: { first, last: node },
  };
}

function declaredBy(node: SyntaxNode, text: string): Partial<Declaration> {
  const path: string[] = [];
  let target = node;
  let item: Declaration["item"];
  for (let { parent } = node; parent?.name !== "VariableDeclaration"; { parent } = target) {
    if (parent?.name === "PatternProperty") {
      const key = parent.firstChild;
      if (key === null || !/^(PropertyName|VariableDefinition)$/.test(key.name)) return {};
      path.unshift(textOf(key, text));
      item ??= { first: parent, last: parent };
    } else if (parent?.name !== "ObjectPattern") return {};
    target = parent;
  }
  const behind = siblingsOf(target);
  const at = behind.findIndex(({ name }) => name === "Equals" || name === ",");
  const from = behind[at]?.name === "Equals" ? behind[at + 1] : undefined;
  return from === undefined ? {} : { path, from, ...(item && { item }) };
}

/** The tokens behind the targets of a statement in Python. */
const BEHIND_TARGETS: Readonly<Record<string, string>> = SYNTAX.python.behind;

function inPython(node: SyntaxNode, text: string): Partial<Declaration> | undefined {
  if (node.parent?.name === "ImportStatement") return importedInPython(node, node.parent, text);
  let target = node;
  while (/^(Tuple|Array)Expression$/.test(target.parent?.name ?? "")) target = target.parent ?? target;
  const statement = target.parent;
  const before = target.prevSibling?.name;
  if (statement === null || node.name === "*") return undefined;
  const behind = BEHIND_TARGETS[statement.name];
  const isTarget =
    (behind !== undefined && siblingsOf(target).some(({ name }) => name === behind)) ||
    (statement.name === "ParamList" && before !== "AssignOp") ||
    (NAMED.test(statement.name) && /^(def|class)$/.test(before ?? "")) ||
    before === "as";
  if (!isTarget) return undefined;
  // Of a single target, what is assigned.
  const parts = children(statement).filter(({ name }) => name !== "TypeDef");
  return statement.name === "AssignStatement" && target === node && parts.length === 3 ? { from: parts[2] } : {};
}

function importedInPython(node: SyntaxNode, statement: SyntaxNode, text: string): Partial<Declaration> | undefined {
  const parts = children(statement);
  const at = parts.findIndex(({ name }) => name === "import");
  const item = itemsOf(parts.slice(at + 1)).find((each) => each.some(({ from }) => from === node.from));
  if (item === undefined) return undefined;
  const [first] = item;
  const isRenamed = item.at(-2)?.name === "as";
  // `import a.b` makes `a` a name.
  if (node.from !== (isRenamed ? item.at(-1) : first)?.from) return undefined;
  const written = (nodes: readonly SyntaxNode[]): string => nodes.map((each) => textOf(each, text)).join("");
  const given = written(isRenamed ? item.slice(0, -2) : at > 0 ? item : [first]);
  const isType = isForTypes(statement, text);
  if (at === 0) return { isType, from: `python:${given}` };
  const from = `python:${written(parts.slice(1, at))}`;
  return given === "*" ? { isType, from } : { isType, from, path: [given], item: { first, last: node } };
}

function isForTypes(statement: SyntaxNode, text: string): boolean {
  return around(statement).some((node) => {
    const [, condition, body] = node.parent?.name === "IfStatement" ? children(node.parent) : [];
    return condition && body?.from === node.from && /\bTYPE_CHECKING$/.test(textOf(condition, text));
  });
}

function inGo(node: SyntaxNode, text: string): Partial<Declaration> | undefined {
  if (node.name === "DefName") return node.parent?.name === "ImportSpec" ? undefined : {};
  const path = node.getChild("String");
  const [first] = children(node);
  if (path === null || first === undefined) return undefined;
  const from = unquoted(path, text);
  const given = first.name === "String" ? (from.split("/").at(-1) ?? "") : textOf(first, text);
  return { name: given === "." ? "*" : given, from };
}
