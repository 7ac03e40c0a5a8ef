import type { SyntaxNode } from "@lezer/common";
import { capitalized } from "../../policypack/face";
import { type Change, indentAt, indentUnit, insert, lineEnd, lineStart } from "./edit";
import { isSeen } from "./names";
import { around, children, hasEffects, isRepeatable, textOf } from "./nodes";
import { type Call, isLiteral, nameArgument, type Source, SYNTAX } from "./syntax";

/** How the program holds the bucket, and where the block can stand. */
export interface Place {
  /** The expression for the bucket. */
  readonly bucket: string;
  /** Puts the lines of the block into the program; not there where they can't stand near. */
  readonly changes?: (lines: readonly string[]) => Change[];
  /** The statement that gives the bucket its name, where the program has none yet. */
  readonly binding?: string;
  /** The condition under which the program makes the bucket, where the block needs it, too. */
  readonly condition?: string;
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
  if (call.isSuper) return { bucket: SYNTAX[grammar].self, ...after(source, parent) };
  const target = targetIn(parent, text);
  if (target !== undefined) return { bucket: textOf(target, text), ...after(source, statementOf(parent)) };
  const field = inField(source, call);
  if (field !== undefined) return field;
  const bucket = variableFor(source, call);
  const { end } = SYNTAX[grammar];
  const head = `${grammar === "python" ? "" : "const "}${bucket} = `;
  const last = `return ${bucket}${end}`;
  const fresh = { bucket, binding: head + textOf(call.node, text) + end };
  if (parent.name === "ExpressionStatement") {
    const isBody = grammar === "javascript" && SINGLE.test(parent.parent?.name ?? "");
    return { ...fresh, ...(isBody ? asBody(source, parent, head) : after(source, parent, insert(call.from, head))) };
  }
  // Without a comment or a bracket before the value.
  if (parent.name === "ReturnStatement" && /^return\s*$/.test(text.slice(parent.from, call.from))) {
    const { changes } = after(source, parent, { from: parent.from, to: call.from, text: head });
    return { ...fresh, ...(changes && { changes: (lines) => changes([...lines, last]) }) };
  }
  if (parent.name === "ArrowFunction") return { ...fresh, ...inBraces(source, call.node, ["", head, end, ""], last) };
  return hoisted(source, call, fresh) ?? (grammar === "python" ? inPython : inFunction)(source, call, fresh);
}

/** Statements of JavaScript that may have another for their body, without braces. */
const SINGLE = /^(If|For|While|Do)Statement$/;

/** A bucket that has a name, and the statement that gives it one. */
type Fresh = Required<Pick<Place, "bucket" | "binding">>;

/** A node in braces, with more lines behind it. What is in the node stays, but for its indentation. */
function inBraces(
  { text }: Source,
  node: SyntaxNode,
  [open, head, end, close]: readonly [open: string, head: string, end: string, close: string],
  ...last: readonly string[]
): Partial<Place> {
  const { from, to } = node;
  const indent = indentAt(text, from);
  const unit = indentUnit(text, SYNTAX.javascript.unit);
  const inner = `\n${indent}${unit}`;
  const starts = isText(node, text)
    ? []
    : [...textOf(node, text).matchAll(/\n(?=[^\r\n])/g)].map(({ index }) => from + index + 1);
  const behind = (lines: readonly string[]): string => [...lines, ...last].map((line) => inner + line).join("");
  return {
    changes: (lines) => [
      insert(from, `${open}{${inner}${head}`),
      ...starts.map((start) => insert(start, unit)),
      insert(to, `${end}${behind(lines)}\n${indent}}${close}`),
    ],
  };
}

/** The same for a statement that is the body of another. */
function asBody(source: Source, body: SyntaxNode, head: string): Partial<Place> {
  const { text } = source;
  const start = body.prevSibling?.to ?? body.from;
  if (!/^\s*\n\s*$/.test(text.slice(start, body.from))) return inBraces(source, body, ["", head, "", ""]);
  const inner = `\n${indentAt(text, body.from)}`;
  const end = `\n${indentAt(text, body.parent?.from ?? start)}}`;
  return {
    changes: (lines) => [
      { from: start, to: body.from, text: ` {${inner}${head}` },
      insert(body.to, lines.map((line) => inner + line).join("") + end),
    ],
  };
}

/** Whether a text in the code would be another with another indentation. */
function isText(code: SyntaxNode, text: string): boolean {
  let found = false;
  code.cursor().iterate(({ name, node }) => {
    found ||= name.endsWith("String") && textOf(node, text).includes("\n");
  });
  return found;
}

/** What an expression of JavaScript can be in place of any other, unless it has to wait for something. */
function inFunction(source: Source, call: Call, { bucket, binding }: Fresh): Place | undefined {
  const begins = [...around(call.node)].some(({ from, name }) => from === call.from && name === "ExpressionStatement");
  if (begins || /\b(await|yield|arguments|super)\b/.test(binding)) return undefined;
  const head = binding.slice(0, binding.indexOf("=") + 2);
  return { bucket, binding, ...inBraces(source, call.node, ["(() => ", head, ";", ")()"], `return ${bucket};`) };
}

/** A class's field, which a field of the block's follows. */
function inField(source: Source, { node }: Call): Place | undefined {
  const { text } = source;
  const field = node.parent;
  const name = field?.getChild("PropertyDefinition") ?? field?.getChild("PrivatePropertyDefinition");
  if (field?.name !== "PropertyDeclaration" || name == null || node.prevSibling?.name !== "Equals") return undefined;
  const own = textOf(name, text);
  const block = `${own.replace("#", "")}AccessBlock`;
  const words = children(field).filter((each) => /^(static|readonly)$/.test(each.name));
  const head = `${[...words.map((each) => textOf(each, text)), block].join(" ")} = `;
  const { changes } = isFree(block, text) ? after(source, field) : {};
  const withHead = ([first = "", ...rest]: readonly string[]): string[] => [head + first, ...rest];
  return { bucket: `this.${own}`, ...(changes && { changes: (lines) => changes(withHead(lines)) }) };
}

/** A choice and a comprehension of Python, which become statements. */
function inPython(source: Source, call: Call, { bucket, binding }: Fresh): Place | undefined {
  const { text } = source;
  const holder = [...around(call.node.parent)].find(({ name }) => !STEADY.test(name));
  const statement = holder?.parent;
  if (holder === undefined || statement == null || !standsAlone(source, statement)) return undefined;
  const target = targetIn(statement, text);
  const parts = children(holder);
  if (holder.name === "ConditionalExpression") {
    const [yes, , condition] = parts;
    if (condition === undefined || target === undefined || call.node.parent?.from !== holder.from) return undefined;
    const asked = textOf(condition, text);
    if (!isRepeatable(condition, text) || mentions(asked, textOf(target, text)) || isText(condition, text))
      return undefined;
    const isYes = yes?.from === call.from;
    const place = { bucket: textOf(target, text), condition: isYes ? `if ${asked}:` : `if not (${asked}):` };
    return { ...place, ...after(source, statement) };
  }
  const [open] = parts;
  const at = parts.findIndex(({ name }) => name === "for");
  const value = parts[at - 1];
  const whole = textOf(holder, text);
  const variable = target === undefined ? `${bucket}s` : textOf(target, text);
  const isHeld = target !== undefined || (statement.name === "ReturnStatement" && isFree(variable, text));
  if (!holder.name.endsWith("ComprehensionExpression") || !isHeld || open === undefined || value === undefined)
    return undefined;
  if (isText(holder, text) || /#|\basync\b/.test(whole) || mentions(whole, variable)) return undefined;
  const starts = parts.filter(({ name }, index) => index >= at && /^(for|if)$/.test(name)).map(({ from }) => from);
  const clauses = starts.map((from, index) => text.slice(from, starts[index + 1] ?? holder.to - 1));
  // Of a comprehension its variables are its own.
  const own = clauses.flatMap((clause) => /^for\s+([^]*?)\s+in\b/.exec(clause)?.[1]?.match(/\w+/g) ?? []);
  const isDeclared = source.names.all.some((each) => own.includes(each.name) && isSeen(each, holder));
  if (isDeclared || !(value.from <= call.from && call.to <= value.to)) return undefined;
  const indent = indentAt(text, statement.from);
  const unit = indentUnit(text, SYNTAX.python.unit);
  const element = text.slice(value.from, call.from) + bucket + text.slice(call.to, value.to);
  const isList = textOf(open, text) === "[";
  const key = text.slice(open.to, parts[1]?.to);
  const head = target === undefined ? `${variable} = ` : text.slice(statement.from, holder.from);
  const loop = clauses.map((clause, depth) => unit.repeat(depth) + clause.trim().replaceAll(/\s*\n\s*/g, " ") + ":");
  const body = (lines: readonly string[]): string[] => [
    ...outdented(binding, indentAt(text, call.from)),
    ...lines,
    isList ? `${variable}.append(${element})` : `${variable}[${key.trim()}] = ${element}`,
  ];
  const all = (lines: readonly string[]): string[] => [
    head + (isList ? "[]" : "{}"),
    ...loop,
    ...body(lines).map((line) => unit.repeat(loop.length) + line),
    ...(target === undefined ? [`return ${variable}`] : []),
  ];
  const { from, to } = statement;
  return { bucket, binding, changes: (lines) => [{ from, to, text: all(lines).join(`\n${indent}`) }] };
}

/** Whether code has the name in it. */
const mentions = (code: string, name: string): boolean => !isFree(name, code);

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
function hoisted(source: Source, call: Call, fresh: Fresh): Place | undefined {
  const { text } = source;
  const holder = [...around(call.node.parent)].find(({ name }) => !STEADY.test(name));
  if (holder === undefined || !HOLDER.test(holder.name)) return undefined;
  const statement = statementOf(holder);
  // `a = …, b = …`: the second may need the first. Lines of a text would lose their indentation.
  const isSingle = holder.getChildren("VariableDefinition").length < 2;
  const isSteady = !UNSTEADY.test(text.slice(statement.from, call.from));
  if (!isSingle || !isSteady || isText(call.node, text) || !standsAlone(source, statement)) return undefined;
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
  if (declaration?.name === "ReturnStatement") return returnedInGo(source, call, declaration);
  if (declaration?.name !== "VarDecl" && declaration?.name !== "Assignment") return undefined;
  const [first, comma, error, operator] = children(declaration);
  if (first === undefined || comma?.name !== "," || error === undefined || operator === undefined) return undefined;
  const given = textOf(first, text);
  const isNew = textOf(operator, text) === ":=";
  if (!isNew && textOf(operator, text) !== "=") return undefined;
  const isUnnamed = given === "_";
  const variable = isUnnamed ? variableFor(source, call) : given;
  const isInside = declaration.parent?.name === "IfStatement";
  const statement = (isInside ? declaration.parent : null) ?? declaration;
  const indent = indentAt(text, statement.from);
  // What is assigned has to be declared first.
  const type = `*${call.callee.replace(/\bNew(?=\w+$)/, "")}`;
  const isDeclared = !isUnnamed || isNew;
  const declared = isDeclared ? "" : `var ${variable} ${type}\n${indent}`;
  const between = text.slice(statement.from, first.from);
  const named = isUnnamed ? [{ from: statement.from, to: first.to, text: declared + between + variable }] : [];
  const shown = isUnnamed ? { binding: `${variable}, err := ${textOf(call.node, text)}` } : {};
  let check = isInside ? statement : declaration.nextSibling;
  while (check !== null && /Comment$|^;$/.test(check.name)) check = check.nextSibling;
  const errorName = textOf(error, text);
  const handled = check === null ? undefined : handlingOf(source, check, errorName);
  if (check === null || handled === undefined || (!isDeclared && !standsAlone(source, statement)))
    return { bucket: variable, ...shown };
  const { onError, isBare, before } = handled;
  const assign = isBare && !isInside ? "=" : ":=";
  const place = { bucket: variable, ...shown, onError, error: errorName, assign } as const;
  if (before !== undefined) {
    const { changes } = after(source, declaration, ...named);
    return { ...place, ...(changes && { changes: (lines) => changes([...before, ...lines]) }) };
  }
  if (!isInside || !isNew) return { ...place, ...after(source, check, ...named) };
  // `if _, err := …; err != nil {`: the bucket lives no longer than that statement.
  if (!standsAlone(source, check)) return place;
  const { to } = check;
  return { ...place, changes: (lines) => [...named, insert(to, ` else ${lines.join(`\n${indent}`)}`)] };
}

interface Handling {
  readonly onError: readonly string[];
  /** Whether it returns a result that has a name. */
  readonly isBare?: boolean;
  /** The check of the bucket's own error, if there is none yet. */
  readonly before?: readonly string[];
}

/** What the statement behind a call does with its error. */
function handlingOf({ text }: Source, check: SyntaxNode, error: string): Handling | undefined {
  const whole = textOf(check, text);
  if (check.name === "ReturnStatement") {
    const isBare = whole === "return";
    const onError = [`\t${whole}`, "}"];
    const returns = isBare || new RegExp(`(,|^return)\\s*${error}$`).test(whole);
    return returns ? { onError, isBare, before: [`if ${error} != nil {`, ...onError] } : undefined;
  }
  // `must(err)`
  const [, checker = ""] = /^([\w.]+)\((\w+)\)$/.exec(whole) ?? [];
  if (whole === `${checker}(${error})`)
    return /print|log|warn|debug|info/i.test(checker) ? undefined : { onError: [`\t${whole}`, "}"] };
  const handling = check.name === "IfStatement" ? check.getChild("Block") : null;
  const condition = check.getChild("BinaryExp");
  if (handling === null || condition === null) return undefined;
  const isCheck = textOf(condition, text).replace(/\s/g, "") === `${error}!=nil`;
  const last = children(handling).at(-2);
  if (!isCheck || check.getChild("else") !== null || last === undefined || !isLeaving(last, text)) return undefined;
  // A result that has a name is returned without being told: it has to be the very variable.
  const isBare = last.name === "ReturnStatement" && textOf(last, text) === "return";
  const lines = outdented(textOf(handling, text).slice(1), indentAt(text, check.from));
  return { onError: lines.length > 1 ? lines : [`\t${(lines[0] ?? "").slice(0, -1).trim()}`, "}"], isBare };
}

/** `return s3.NewBucket(…)` */
function returnedInGo(source: Source, call: Call, statement: SyntaxNode): Place {
  const bucket = variableFor(source, call);
  const head = `${bucket}, err := `;
  const onError = ["\treturn nil, err", "}"];
  const { changes } = after(source, statement, { from: statement.from, to: call.from, text: head });
  const isAlone = children(statement).length === 2;
  const all = (lines: readonly string[]): string[] => [
    "if err != nil {",
    ...onError,
    ...lines,
    `return ${bucket}, nil`,
  ];
  return {
    ...{ bucket, binding: head + textOf(call.node, source.text), onError },
    ...(changes && isAlone && { changes: (lines) => changes(all(lines)) }),
  };
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

/** Behind a statement, on lines of their own. `more` changes the statement. */
function after(source: Source, statement: SyntaxNode, ...more: readonly Change[]): Partial<Place> {
  if (!standsAlone(source, statement)) return {};
  const { text } = source;
  const next = `\n${indentAt(text, statement.from)}`;
  const line = text.slice(statement.to, lineEnd(text, statement.to));
  const isLast = REST.test(line);
  const from = isLast ? statement.to + line.length : statement.to;
  const to = isLast ? from : from + line.length - line.trimStart().length;
  const put = (lines: readonly string[]): string => lines.map((each) => next + each).join("") + (isLast ? "" : next);
  return { changes: (lines) => [...more, { from, to, text: put(lines) }] };
}

/** What can stay behind a statement on its line. */
const REST = /^[;\s]*(\/\*[^*]*\*\/\s*)?((\/\/|#).*)?$/;

/** Whether the statement is one of a sequence; but for JavaScript, also that nothing else is on its first and its last line. */
function standsAlone({ text, grammar }: Source, { from, to, parent }: SyntaxNode): boolean {
  const isInSequence = ["Script", "Block", "Body", "ClassBody"].includes(parent?.name ?? "");
  const isAlone = text.slice(lineStart(text, from), from).trim() === "" && REST.test(text.slice(to, lineEnd(text, to)));
  return isInSequence && (isAlone || grammar === "javascript");
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
  const numbered = calls.map((_, at) => `${other}${at + 2}`);
  // Each change is made for itself: a name is left to the bucket before it that would be called the same.
  const before = calls.filter(
    (each) => each.from < call.from && each.word === call.word && baseName(source, each) === base,
  );
  return [base, other, ...numbered].filter((name) => isFree(name, text))[before.length] ?? other;
}

/** Whether code can have the name for something new. */
function isFree(name: string, text: string): boolean {
  const word = name.replaceAll(/[^\w]/g, "\\$&");
  return !RESERVED.has(name.toLowerCase()) && !new RegExp(`(?<![\\w$"'\`.-])${word}(?![\\w$"'\`-])`).test(text);
}

function baseName({ text, grammar }: Source, call: Call): string {
  const node = nameArgument(call, grammar)?.node;
  const given = node !== undefined && isLiteral(node) ? textOf(node, text).slice(1, -1) : "";
  const words = (/^[a-z]/i.test(given) ? given.match(/[a-z0-9]+/gi) : null) ?? ["bucket"];
  if (grammar === "python") return words.join("_").toLowerCase();
  const [first = "", ...others] = words;
  return first.charAt(0).toLowerCase() + first.slice(1) + others.map(capitalized).join("");
}
