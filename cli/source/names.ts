import type { SyntaxNode } from "@lezer/common";
import { groupBy } from "../../policypack/face";
import { around, children, type Grammar, itemsOf, textOf } from "./nodes";

/*
 * What the names in a file refer to, by its imports and declarations. All of it is read from the syntax tree: an import in a
 * comment or a string is none.
 */

/** A module's name and the path to a member: `["aws", "s3", "Bucket"]`, with "aws" for Pulumi's AWS package of any language. */
export type Origin = readonly string[];

export interface Binding {
  /** As the file calls it; "*" for everything in a module. */
  readonly name: string;
  /** Undefined for what isn't imported. */
  readonly origin: Origin | undefined;
  /** Where the name can be used. */
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
    const declarations = { javascript: inJavaScript, python: inPython, go: inGo }[grammar](root, text);
    this.#byName = groupBy(declarations, ({ name }) => name);
    this.all = declarations.map((binding) => ({ ...binding, origin: this.#originOf(binding, 0) }));
  }

  /** What an expression refers to; undefined if that isn't a member of a module. */
  originOf(node: SyntaxNode, depth = 0): Origin | undefined {
    const name = textOf(node, this.text);
    switch (node.name) {
      case "VariableName":
        return this.lookUp(name, node, depth);
      case "MemberExpression":
      case "SelectorExpr": {
        const [holder, dot, member] = children(node);
        if (holder === undefined || member === undefined || dot?.name !== ".") return undefined;
        const origin = this.originOf(holder, depth);
        return origin && [...origin, textOf(member, this.text)];
      }
      case "CallExpression":
      case "AwaitExpression": {
        // `require("…")`, `await import("…")`.
        const isRequire = /^require\b/.test(name) && !this.#byName.has("require");
        const module = node.getChild(isRequire ? "ArgList" : "DynamicImport")?.getChild("String");
        return module ? moduleOf(unquoted(module, this.text)) : undefined;
      }
      default:
        return undefined;
    }
  }

  /** What a name refers to at a node. */
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

/** The nearest node around one of these kinds, or the file. */
function scopeOf(node: SyntaxNode, kinds: RegExp): SyntaxNode {
  let scope = node;
  for (scope of around(node)) if (kinds.test(scope.name)) break;
  return scope;
}

function nodesIn(root: SyntaxNode, kinds: RegExp): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  root.cursor().iterate(({ name, node }) => {
    if (kinds.test(name)) nodes.push(node);
  });
  return nodes;
}

/** What declares a name that can be used around it. */
const NAMED = /^(Function|Class|Namespace)(Declaration|Definition)$|^FunctionDecl$/;

/** The scope of a name that its parent declares. */
function scopeIn(parent: SyntaxNode, kinds: RegExp): SyntaxNode {
  return scopeOf(NAMED.test(parent.name) ? (parent.parent ?? parent) : parent, kinds);
}

const JS_SCOPES =
  /^(Script|Block|SwitchBody|FunctionDeclaration|FunctionExpression|ArrowFunction|MethodDeclaration|ForStatement|CatchClause)$/;

function inJavaScript(root: SyntaxNode, text: string): Declaration[] {
  return nodesIn(root, /^(VariableDefinition|TypeDefinition)$/).map((node) => {
    const statement = scopeOf(node, /^(ImportDeclaration|VariableDeclaration)$/);
    const scope = scopeIn(node.parent ?? node, JS_SCOPES);
    const common = { name: textOf(node, text), scope, isType: false, path: [], statement };
    if (statement.name === "ImportDeclaration") return { ...common, ...importedBy(node, statement, text) };
    return statement.name === "VariableDeclaration" ? { ...common, ...declaredBy(node, text) } : common;
  });
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

const PY_SCOPES = /^(Script|FunctionDefinition|ClassDefinition|LambdaExpression)$/;

/** What follows the targets of a statement. */
const PY_TARGETS: Readonly<Record<string, string>> = {
  AssignStatement: "AssignOp",
  NamedExpression: "AssignOp",
  ForStatement: "in",
};

function inPython(root: SyntaxNode, text: string): Declaration[] {
  const imports = nodesIn(root, /^ImportStatement$/).flatMap((node) => pythonImports(node, text));
  const declared = nodesIn(root, /^VariableName$/).flatMap((node): Declaration[] => {
    let target: SyntaxNode = node;
    while (/^(TupleExpression|ArrayExpression)$/.test(target.parent?.name ?? "")) target = target.parent ?? target;
    const statement = target.parent;
    const before = target.prevSibling?.name;
    if (statement === null) return [];
    const ending = PY_TARGETS[statement.name];
    const isTarget =
      (ending !== undefined && siblingsOf(target).some(({ name }) => name === ending)) ||
      (statement.name === "ParamList" && before !== "AssignOp") ||
      (NAMED.test(statement.name) && /^(def|class)$/.test(before ?? "")) ||
      (before === "as" && statement.name !== "ImportStatement");
    if (!isTarget) return [];
    const scope = scopeIn(statement, PY_SCOPES);
    // Of a single target, what is assigned.
    const parts = children(statement).filter(({ name }) => name !== "TypeDef");
    const isValue = statement.name === "AssignStatement" && target === node && parts.length === 3;
    return [
      { name: textOf(node, text), scope, isType: false, path: [], statement, from: isValue ? parts[2] : undefined },
    ];
  });
  return [...imports, ...declared];
}

function siblingsOf(node: SyntaxNode): SyntaxNode[] {
  const siblings: SyntaxNode[] = [];
  for (let next = node.nextSibling; next !== null; next = next.nextSibling) siblings.push(next);
  return siblings;
}

function pythonImports(statement: SyntaxNode, text: string): Declaration[] {
  const common = { scope: scopeOf(statement, PY_SCOPES), statement, isType: isForTypes(statement, text) };
  const parts = children(statement);
  const at = parts.findIndex(({ name }) => name === "import");
  const written = (nodes: readonly SyntaxNode[]): string => nodes.map((node) => textOf(node, text)).join("");
  const module = `python:${written(parts.slice(1, at))}`;
  return itemsOf(parts.slice(at + 1)).map((item): Declaration => {
    const [first] = item;
    const last = item.at(-1) ?? first;
    const isRenamed = item.at(-2)?.name === "as";
    const given = written(isRenamed ? item.slice(0, -2) : item);
    const name = textOf(last, text);
    const isAll = given === "*";
    if (at > 0)
      return { ...common, name, from: module, path: isAll ? [] : [given], ...(!isAll && { item: { first, last } }) };
    const whole = given.split(".")[0] ?? given;
    return {
      ...common,
      path: [],
      ...(isRenamed ? { name, from: `python:${given}` } : { name: whole, from: `python:${whole}` }),
    };
  });
}

function isForTypes(statement: SyntaxNode, text: string): boolean {
  return [...around(statement)].some((node) => {
    const [, condition, body] = node.parent?.name === "IfStatement" ? children(node.parent) : [];
    return condition && body?.from === node.from && /\bTYPE_CHECKING$/.test(textOf(condition, text));
  });
}

const GO_SCOPES = /^(SourceFile|Block|FunctionDecl|MethodDecl|FunctionLiteral|IfStatement|ForStatement|Case)$/;

function inGo(root: SyntaxNode, text: string): Declaration[] {
  return nodesIn(root, /^(DefName|ImportSpec)$/).flatMap((node): Declaration[] => {
    const { parent } = node;
    if (parent === null || parent.name === "ImportSpec") return [];
    const common = { scope: scopeIn(parent, GO_SCOPES), isType: false, path: [], statement: parent };
    if (node.name === "DefName") return [{ ...common, name: textOf(node, text) }];
    const path = node.getChild("String");
    const [first] = children(node);
    if (path === null || first === undefined) return [];
    const from = unquoted(path, text);
    const given = first.name === "String" ? (from.split("/").at(-1) ?? "") : textOf(first, text);
    return [{ ...common, name: given === "." ? "*" : given, from }];
  });
}
