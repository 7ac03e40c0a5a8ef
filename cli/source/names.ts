import type { SyntaxNode } from "@lezer/common";
import { groupBy } from "../../policypack/face";
import { children, itemsOf, textOf } from "./nodes";
import type { Grammar } from "./syntax";

/*
 * What the names of a file stand for, by its imports and declarations. All of it is read from the syntax tree: an import in a
 * comment or a text is none.
 */

/** A module's name and the way to a member of it: `["aws", "s3", "Bucket"]`, with "aws" for Pulumi's package of any language. */
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
  readonly module?: string;
  readonly path: readonly string[];
  /** What the path begins at, where that isn't a module. */
  readonly value?: SyntaxNode | undefined;
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

  /** What an expression stands for where it is; undefined where that isn't a member of a module. */
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
        const list = isRequire ? node.getChild("ArgList") : node.getChild("DynamicImport");
        const module = list?.getChild("String");
        return module ? moduleOf(textOf(module, this.text).slice(1, -1)) : undefined;
      }
      default:
        return undefined;
    }
  }

  /** What a name stands for at a node. */
  lookUp(name: string, at: SyntaxNode, depth = 0): Origin | undefined {
    const seen = (this.#byName.get(name) ?? []).filter((binding) => !binding.isType && isSeen(binding, at));
    const inner = Math.min(...seen.map(({ scope }) => scope.to - scope.from));
    const nearest = seen.filter(({ scope }) => scope.to - scope.from === inner);
    const [origin, ...others] = nearest.map((binding) => this.#originOf(binding, depth));
    if (nearest.length > 0) return others.every((other) => isSame(other, origin)) ? origin : undefined;
    const [all, more] = (this.#byName.get("*") ?? []).filter((binding) => isSeen(binding, at));
    const whole = all && more === undefined ? this.#originOf(all, depth) : undefined;
    return whole && [...whole, name];
  }

  #originOf({ module, path, value }: Declaration, depth: number): Origin | undefined {
    if (module !== undefined) return [...moduleOf(module), ...path];
    if (value === undefined || depth > 8) return undefined;
    const origin = this.originOf(value, depth + 1);
    return origin && [...origin, ...path];
  }
}

export function isSeen({ scope }: Pick<Binding, "scope">, at: SyntaxNode): boolean {
  return scope.from <= at.from && at.to <= scope.to;
}

export function isSame(one: Origin | undefined, other: Origin | undefined): boolean {
  return one?.join("\n") === other?.join("\n") && (one === undefined) === (other === undefined);
}

/** Pulumi's AWS package by its names in the registries of the three languages. */
const AWS =
  /^(?:npm:)?@pulumi\/aws(?:@[^/]*)?(?=\/|$)|^python:pulumi_aws(?=\.|$)|^github\.com\/pulumi\/pulumi-aws\/sdk(?:\/v\d+)?\/go\/aws(?=\/|$)/;
const PULUMI = /^github\.com\/pulumi\/pulumi\/sdk(?:\/v\d+)?\/go\/pulumi$/;

function moduleOf(module: string): Origin {
  if (PULUMI.test(module)) return ["pulumi"];
  const root = AWS.exec(module)?.[0];
  if (root === undefined) return [module];
  const rest = module.slice(root.length).replace(/(\/index)?(\.[cm]?js)?$/, "");
  return ["aws", ...rest.split(/[./]/).slice(1)];
}

/** The nearest node around one that names belong to. */
function scopeOf(node: SyntaxNode | null, kinds: RegExp): SyntaxNode {
  let scope = node;
  while (scope?.parent != null && !kinds.test(scope.name)) scope = scope.parent;
  if (scope === null) throw new Error("a name is in no file");
  return scope;
}

function nodesIn(root: SyntaxNode, kinds: RegExp): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  root.cursor().iterate(({ name, node }) => {
    if (kinds.test(name)) nodes.push(node);
  });
  return nodes;
}

const JS_SCOPES =
  /^(Script|Block|SwitchBody|FunctionDeclaration|FunctionExpression|ArrowFunction|MethodDeclaration|ForStatement|CatchClause)$/;

function inJavaScript(root: SyntaxNode, text: string): Declaration[] {
  return nodesIn(root, /^(VariableDefinition|TypeDefinition)$/).map((node) => {
    const { parent } = node;
    const isOwnName = /^(Function|Class|Namespace)Declaration$/.test(parent?.name ?? "");
    const scope = scopeOf(isOwnName ? (parent?.parent ?? null) : parent, JS_SCOPES);
    const name = textOf(node, text);
    const statement = scopeOf(node, /^(ImportDeclaration|VariableDeclaration)$/);
    const common = { name, scope, isType: false, path: [], statement };
    if (statement.name === "ImportDeclaration") return { ...common, ...importedBy(node, statement, text) };
    return statement.name === "VariableDeclaration" ? { ...common, ...declaredBy(node, text) } : common;
  });
}

function importedBy(node: SyntaxNode, statement: SyntaxNode, text: string): Partial<Declaration> {
  const module = statement.getChild("String");
  // `import aws = require("…")`, which the grammar takes for two statements.
  if (module === null) return { value: statement.nextSibling?.firstChild ?? undefined };
  const from = textOf(module, text).slice(1, -1);
  const isType = statement.getChild("type") !== null;
  if (node.parent?.name !== "ImportGroup") return { module: from, isType };
  const parts: SyntaxNode[] = [node];
  for (let part = node.prevSibling; part !== null && part.name !== ","; part = part.prevSibling) {
    if (part.name !== "{" && !part.name.endsWith("Comment")) parts.unshift(part);
  }
  const [first = node, ...others] = parts.filter(({ name }) => name !== "type");
  const given = others.length === 0 ? textOf(node, text) : textOf(first, text);
  return {
    module: from,
    isType: isType || parts[0]?.name === "type",
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
  const value = behind[at]?.name === "Equals" ? behind[at + 1] : undefined;
  return value === undefined ? {} : { path, value, ...(item && { item }) };
}

const PY_SCOPES = /^(Script|FunctionDefinition|ClassDefinition|LambdaExpression)$/;

function inPython(root: SyntaxNode, text: string): Declaration[] {
  const imports = nodesIn(root, /^ImportStatement$/).flatMap((node) => pythonImports(node, text));
  const declared = nodesIn(root, /^VariableName$/).flatMap((node): Declaration[] => {
    let target: SyntaxNode = node;
    while (/^(TupleExpression|ArrayExpression)$/.test(target.parent?.name ?? "")) target = target.parent ?? target;
    const statement = target.parent;
    const before = target.prevSibling?.name;
    if (statement === null) return [];
    const ending = { AssignStatement: "AssignOp", NamedExpression: "AssignOp", ForStatement: "in" }[statement.name];
    const isTarget =
      (ending !== undefined && siblingsOf(target).some(({ name }) => name === ending)) ||
      (statement.name === "ParamList" && before !== "AssignOp") ||
      (/^(Function|Class)Definition$/.test(statement.name) && /^(def|class)$/.test(before ?? "")) ||
      (before === "as" && statement.name !== "ImportStatement");
    if (!isTarget) return [];
    const isOwnName = /^(Function|Class)Definition$/.test(statement.name);
    const scope = scopeOf(isOwnName ? statement.parent : statement, PY_SCOPES);
    const value = statement.name === "AssignStatement" && target === node ? valueOf(statement) : undefined;
    return [{ name: textOf(node, text), scope, isType: false, path: [], statement, value }];
  });
  return [...imports, ...declared];
}

function siblingsOf(node: SyntaxNode): SyntaxNode[] {
  const siblings: SyntaxNode[] = [];
  for (let next = node.nextSibling; next !== null; next = next.nextSibling) siblings.push(next);
  return siblings;
}

/** What is assigned to a single target. */
function valueOf(statement: SyntaxNode): SyntaxNode | undefined {
  const parts = children(statement).filter(({ name }) => name !== "TypeDef");
  return parts.length === 3 ? parts[2] : undefined;
}

function pythonImports(statement: SyntaxNode, text: string): Declaration[] {
  const scope = scopeOf(statement.parent, PY_SCOPES);
  const common = { scope, statement, isType: isForTypes(statement, text) };
  const parts = children(statement).filter(({ name }) => !/^([()]|Comment)$/.test(name));
  const at = parts.findIndex(({ name }) => name === "import");
  const written = (nodes: readonly SyntaxNode[]): string => nodes.map((node) => textOf(node, text)).join("");
  const module = `python:${written(parts.slice(1, at))}`;
  return itemsOf(parts.slice(at + 1)).map((item): Declaration => {
    const [first] = item;
    const last = item.at(-1) ?? first;
    const isRenamed = item.at(-2)?.name === "as";
    const given = written(isRenamed ? item.slice(0, -2) : item);
    const name = textOf(last, text);
    if (at > 0) {
      const path = given === "*" ? [] : [given];
      return { ...common, name, module, path, ...(given !== "*" && { item: { first, last } }) };
    }
    const whole = given.split(".")[0] ?? given;
    const names = isRenamed ? { name, module: `python:${given}` } : { name: whole, module: `python:${whole}` };
    return { ...common, ...names, path: [] };
  });
}

function isForTypes(statement: SyntaxNode, text: string): boolean {
  for (let node: SyntaxNode | null = statement; node !== null; node = node.parent) {
    const [, condition, body] = node.parent?.name === "IfStatement" ? children(node.parent) : [];
    if (condition && body?.from === node.from && /\bTYPE_CHECKING$/.test(textOf(condition, text))) return true;
  }
  return false;
}

const GO_SCOPES = /^(SourceFile|Block|FunctionDecl|MethodDecl|FunctionLiteral|IfStatement|ForStatement|Case)$/;

function inGo(root: SyntaxNode, text: string): Declaration[] {
  return nodesIn(root, /^(DefName|ImportSpec)$/).flatMap((node): Declaration[] => {
    const { parent } = node;
    if (parent === null || parent.name === "ImportSpec") return [];
    const isOwnName = parent.name === "FunctionDecl";
    const scope = scopeOf(isOwnName ? parent.parent : parent, GO_SCOPES);
    const common = { scope, isType: false, path: [], statement: parent };
    if (node.name === "DefName") return [{ ...common, name: textOf(node, text) }];
    const path = node.getChild("String");
    const [first] = children(node);
    if (path === null || first === undefined) return [];
    const module = textOf(path, text).slice(1, -1);
    const given = first.name === "String" ? (module.split("/").at(-1) ?? "") : textOf(first, text);
    return [{ ...common, name: given === "." ? "*" : given, module }];
  });
}
