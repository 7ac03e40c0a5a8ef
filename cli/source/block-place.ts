import type { SyntaxNode } from "@lezer/common";
import { capitalized } from "../../policypack/face";
import { type Change, indentAt, indentUnit, insert, lineEnd, lineStart } from "./edit";
import { around, children, hasEffects, textOf } from "./nodes";
import { type Call, isLiteral, nameArgument, type Source, SYNTAX } from "./syntax";

/** How the program holds the bucket, and where the block can stand. */
export interface Place {
  /** The expression for the bucket. */
  readonly bucket: string;
  /** Puts the lines of the block into the program; not there where they can't stand near. */
  readonly changes?: (lines: readonly string[]) => Change[];
  /** The statement that gives the bucket its name, where the program has none yet. */
  readonly binding?: string;
  /** In Go, what is done with an error, by which name, and whether that is new there. */
  readonly onError?: readonly string[];
  readonly error?: string;
  readonly assign?: ":=" | "=";
}

/** Where a block can stand beside the bucket that the call makes; undefined if no variable holds the bucket. */
export function placeOf(source: Source, call: Call): Place | undefined {
  return source.grammar === "go" ? inGo(source, call) : inScript(source, call);
}

function inScript(source: Source, call: Call): Place | undefined {
  const { text, grammar } = source;
  const { parent } = call.node;
  if (parent === null) return undefined;
  const target = targetIn(parent, text);
  if (target !== undefined) return { bucket: textOf(target, text), ...after(source, statementOf(parent)) };
  const field = parent.name === "PropertyDeclaration" ? parent.getChild("PropertyDefinition") : null;
  if (field !== null) return { bucket: `this.${textOf(field, text)}` };
  const bucket = variableFor(source, call);
  const { unit, end } = SYNTAX[grammar];
  const head = `${grammar === "python" ? "" : "const "}${bucket} = `;
  const fresh = { bucket, binding: head + textOf(call.node, text) + end };
  const last = `return ${bucket}${end}`;
  if (parent.name === "ExpressionStatement") return { ...fresh, ...after(source, parent, insert(call.from, head)) };
  // Without a comment or a bracket before the value.
  if (parent.name === "ReturnStatement" && /^return\s*$/.test(text.slice(parent.from, call.from))) {
    const { changes } = after(source, parent, { from: parent.from, to: call.from, text: head });
    return { ...fresh, ...(changes && { changes: (lines) => changes([...lines, last]) }) };
  }
  if (parent.name === "ArrowFunction") {
    const indent = indentAt(text, call.from);
    const inner = indent + indentUnit(text, unit);
    const body = (lines: readonly string[]): string =>
      ["{", ...[fresh.binding, ...lines, last].map((line) => inner + line), `${indent}}`].join("\n");
    return { ...fresh, changes: (lines) => [{ from: call.from, to: call.to, text: body(lines) }] };
  }
  return hoisted(source, call, fresh);
}

/** The one plain variable or member that is given a value. */
function targetIn(statement: SyntaxNode, text: string): SyntaxNode | undefined {
  if (statement.name === "VariableDeclaration") {
    const [only, ...others] = statement.getChildren("VariableDefinition");
    return others.length === 0 ? only : undefined;
  }
  const [target, ...rest] = /^Assign(mentExpression|Statement)$/.test(statement.name) ? children(statement) : [];
  const isSingle = rest.filter(({ name }) => /^(AssignOp|Equals|,)$/.test(name)).length === 1;
  const isPlain = target !== undefined && /^(VariableName|MemberExpression)$/.test(target.name);
  return isSingle && isPlain && !hasEffects(target, text) ? target : undefined;
}

/** The whole statement, with its `export`. */
function statementOf(node: SyntaxNode): SyntaxNode {
  const { parent } = node;
  return parent !== null && /^Ex(portDeclaration|pressionStatement)$/.test(parent.name) ? parent : node;
}

/** Expressions that compute each of their parts, once. A comprehension and a condition aren't among them. */
const STEADY = /^((Array|Object|Dictionary|Tuple|Parenthesized|Member|Call|New)Expression|Property|ArgList)$/;

/** What can come before the bucket in them so that it isn't certain to be made, or not made first. */
const UNSTEADY = /\?\.|\bsuper\(/;

/** What a statement does with the expression that it is about. */
const HOLDER = /^(VariableDeclaration|AssignmentExpression|AssignStatement|ReturnStatement|ExpressionStatement)$/;

/** A bucket inside of a larger expression: it gets its variable in a statement before that. */
function hoisted(source: Source, call: Call, fresh: { bucket: string; binding: string }): Place | undefined {
  const { text } = source;
  const holder = [...around(call.node.parent)].find(({ name }) => !STEADY.test(name));
  if (holder === undefined || !HOLDER.test(holder.name)) return undefined;
  const statement = statementOf(holder);
  // `a = …, b = …`: the second may need the first. Lines of a text would lose their indentation.
  const isSingle = holder.getChildren("VariableDefinition").length < 2;
  const isText = fresh.binding.includes("\n") && /`|"""|'''/.test(fresh.binding);
  const isSteady = !UNSTEADY.test(text.slice(statement.from, call.from));
  if (!isSingle || !isSteady || isText || !standsAlone(source, statement)) return undefined;
  const indent = indentAt(text, statement.from);
  const own = outdented(fresh.binding, indentAt(text, call.from));
  return {
    ...fresh,
    changes: (lines) => [
      insert(statement.from, [...own, ...lines, ""].join(`\n${indent}`)),
      { from: call.from, to: call.to, text: fresh.bucket },
    ],
  };
}

function inGo(source: Source, call: Call): Place | undefined {
  const { text } = source;
  const declaration = call.node.parent;
  if (declaration?.name !== "VarDecl" && declaration?.name !== "Assignment") return undefined;
  const [first, comma, error, operator] = children(declaration);
  if (first === undefined || comma?.name !== "," || error === undefined || operator === undefined) return undefined;
  const given = textOf(first, text);
  const isNew = textOf(operator, text) === ":=";
  if (!isNew && (textOf(operator, text) !== "=" || given === "_")) return undefined;
  const variable = given === "_" ? variableFor(source, call) : given;
  const shown = given === "_" ? { binding: `${variable}, err := ${textOf(call.node, text)}` } : {};
  const named = given === "_" ? [{ from: first.from, to: first.to, text: variable }] : [];
  const isInside = declaration.parent?.name === "IfStatement";
  let check = isInside ? declaration.parent : declaration.nextSibling;
  while (check?.name.endsWith("Comment")) check = check.nextSibling;
  const handling = check?.name === "IfStatement" ? check.getChild("Block") : null;
  const condition = check?.getChild("BinaryExp") ?? null;
  if (check === null || handling === null || condition === null) return { bucket: variable, ...shown };
  const errorName = textOf(error, text);
  const isCheck = textOf(condition, text).replace(/\s/g, "") === `${errorName}!=nil`;
  const last = children(handling).at(-2);
  if (!isCheck || check.getChild("else") !== null || last === undefined || !isLeaving(last, text))
    return { bucket: variable, ...shown };
  // A result that has a name is returned without being told: it has to be the very variable.
  const isBare = last.name === "ReturnStatement" && textOf(last, text) === "return";
  const whole = outdented(textOf(handling, text).slice(1), indentAt(text, check.from));
  const onError = whole.length > 1 ? whole : [`\t${(whole[0] ?? "").slice(0, -1).trim()}`, "}"];
  const place = {
    bucket: variable,
    ...shown,
    onError,
    error: errorName,
    assign: isBare && !isInside ? "=" : ":=",
  } as const;
  if (!isInside || !isNew) return { ...place, ...after(source, check, ...named) };
  // `if _, err := …; err != nil {`: the bucket lives no longer than that statement.
  if (!standsAlone(source, check)) return place;
  const indent = indentAt(text, check.from);
  const { to } = check;
  return { ...place, changes: (lines) => [...named, insert(to, ` else ${lines.join(`\n${indent}`)}`)] };
}

/** Whether nothing runs behind the statement: of a bucket that failed there is no ID. */
function isLeaving(statement: SyntaxNode, text: string): boolean {
  const leaves = /^(ReturnStatement|ContinueStatement|BreakStatement|GotoStatement)$/.test(statement.name);
  return leaves || /^(panic|os\.Exit|[\w.]+\.(Fatal|Panic)(f|ln)?)\(/.test(textOf(statement, text));
}

/** The rest of a block of code, its brackets' indentation taken away. */
export function outdented(block: string, indent: string): string[] {
  return block
    .split(/\r?\n/)
    .filter((line, index) => index > 0 || line.trim() !== "")
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
}

/** Behind a statement that has its lines for itself. `more` changes the statement. */
function after(source: Source, statement: SyntaxNode, ...more: readonly Change[]): Partial<Place> {
  if (!standsAlone(source, statement)) return {};
  const { text } = source;
  const indent = indentAt(text, statement.from);
  const end = lineEnd(text, statement.to);
  return { changes: (lines) => [...more, insert(end, lines.map((line) => `\n${indent}${line}`).join(""))] };
}

/** Whether the statement is one of a sequence, and nothing else is on its first and its last line. */
function standsAlone({ text }: Source, { from, to, parent }: SyntaxNode): boolean {
  const before = text.slice(lineStart(text, from), from);
  const behind = text.slice(to, lineEnd(text, to));
  const isInSequence = ["Script", "Block", "Body"].includes(parent?.name ?? "");
  return isInSequence && before.trim() === "" && /^[;\s]*(\/\*[^*]*\*\/\s*)?((\/\/|#).*)?$/.test(behind);
}

/** Words that can be no variable in one of the languages, and names that programs import under. */
const RESERVED = new Set(
  (
    "abstract and any as assert async await bool break byte case catch chan class const continue def default defer del delete " +
    "do elif else enum error except export extends fallthrough false finally float for from func function global go goto if " +
    "implements import in instanceof int interface is lambda let map new nil none nonlocal not null or package pass private " +
    "protected public raise range return select static string struct super switch this throw true try type typeof var void " +
    "while with yield aws pulumi s3 ctx module exports require arguments eval undefined process console self"
  ).split(" "),
);

/** A name that the file doesn't have yet, made of the bucket's logical name where the program has that as it is. */
function variableFor(source: Source, call: Call): string {
  const { text, grammar, calls } = source;
  const base = baseName(source, call);
  const ending = SYNTAX[grammar].bucket;
  const other = (base === "bucket" ? "new" : base) + ending;
  const isFree = (name: string): boolean =>
    !RESERVED.has(name.toLowerCase()) && !new RegExp(`(?<![\\w$"'\`.-])${name}(?![\\w$"'\`-])`).test(text);
  const numbered = calls.map((_, at) => `${other}${at + 2}`);
  // Each change is made for itself: a name is left to the bucket before it that would be called the same.
  const before = calls.filter(
    (each) => each.from < call.from && each.word === call.word && baseName(source, each) === base,
  );
  return [base, other, ...numbered].filter(isFree)[before.length] ?? other;
}

function baseName({ text, grammar }: Source, call: Call): string {
  const node = nameArgument(call, grammar)?.node;
  const given = node !== undefined && isLiteral(node) ? textOf(node, text).slice(1, -1) : "";
  const words = (/^[a-z]/i.test(given) ? given.match(/[a-z0-9]+/gi) : null) ?? ["bucket"];
  if (grammar === "python") return words.join("_").toLowerCase();
  const [first = "", ...others] = words;
  return first.charAt(0).toLowerCase() + first.slice(1) + others.map(capitalized).join("");
}
