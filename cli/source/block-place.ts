import type { SyntaxNode } from "@lezer/common";
import { capitalized } from "../../policypack/face";
import { type Change, indentAt, indentUnit, insert, lineEnd, lineStart } from "./edit";
import { around, below, children, type Grammar, hasEffects, siblingsOf, textOf } from "./nodes";
import { type Call, isLiteral, nameArgument, type Source } from "./syntax";
import SYNTAX from "./syntax.json";

/** How the program holds the bucket, and where the block can stand. */
export interface Place {
  readonly bucket: string;
  /** Puts the lines of the block into the program; not there where they can't stand near. */
  readonly changes?: (lines: readonly string[]) => Change[];
  /** The lines that give the bucket its name, where the program has none yet. */
  readonly binding?: readonly string[];
  /** In Go, what is done with an error, by which name, and whether that is new there. */
  readonly onError?: readonly string[];
  readonly error?: string;
  readonly assign?: ":=" | "=";
}

/** The place for a block beside the bucket that the call makes; undefined if no variable holds the bucket. */
export function placeOf(source: Source, call: Call): Place | undefined {
  const { parent } = call.node;
  if (parent === null) return undefined;
  const site = siteOf(source, call, parent);
  const places = (call.isSuper ? [held] : SHAPES[source.grammar]).flatMap((shape) => shape(site) ?? []);
  return places.find(({ changes }) => changes !== undefined) ?? places[0];
}

/** The call in the program, and how the bucket would get a name: the binding has `head` and `end` around the call. */
function siteOf(source: Source, call: Call, parent: SyntaxNode) {
  const bucket = variableFor(source, call);
  const { head: declares, end } = SYNTAX[source.grammar];
  const head = declares.replace("BUCKET", () => bucket);
  const binding = outdented(head + textOf(call.node, source.text) + end, indentAt(source.text, call.from));
  return { ...source, source, call, parent, bucket, head, end, binding };
}

/** A way in which a program holds a bucket: where the block can stand then, or undefined if it isn't this way. */
type Shape = (site: Site) => Place | undefined;
type Site = ReturnType<typeof siteOf>;

const held: Shape = ({ source, text, grammar, call, parent }) => {
  if (call.isSuper) return { bucket: SYNTAX[grammar].self, ...after(source, parent) };
  const target = targetIn(parent, text);
  return target && { bucket: textOf(target, text), ...after(source, statementOf(parent)) };
};

const asStatement: Shape = ({ source, call, parent, bucket, binding, head }) =>
  parent.name === "ExpressionStatement"
    ? { bucket, binding, ...after(source, parent, { more: [insert(call.from, head)] }) }
    : undefined;

/** Without a comment or a bracket before the value. */
const returned: Shape = ({ source, text, call, parent, bucket, binding, head, end }) => {
  if (parent.name !== "ReturnStatement" || !/^return\s*$/.test(text.slice(parent.from, call.from))) return undefined;
  const more = [{ from: parent.from, to: call.from, text: head }];
  return { bucket, binding, ...after(source, parent, { more, behind: [`return ${bucket}${end}`] }) };
};

const ofArrow: Shape = ({ source, call, parent, bucket, binding, head, end }) =>
  parent.name === "ArrowFunction"
    ? { bucket, binding, ...inBraces(source, call.node, { head, end, last: `return ${bucket}${end}` }) }
    : undefined;

/** A bucket inside of a larger expression: it gets its variable in a statement before that. */
const hoisted: Shape = ({ source, text, call, bucket, binding }) => {
  const holder = around(call.node.parent).find(({ name }) => !STEADY.test(name));
  if (holder === undefined || !HOLDER.test(holder.name)) return undefined;
  const statement = statementOf(holder);
  // `a = …, b = …`: the second may need the first. Lines of a text would lose their indentation.
  const isSingle = holder.getChildren("VariableDefinition").length < 2;
  const isSteady = !UNSTEADY.test(text.slice(statement.from, call.from));
  if (!isSingle || !isSteady || isText(call.node, text) || !standsAlone(source, statement)) return undefined;
  const changes = (lines: readonly string[]): Change[] =>
    replaced(source, call, statement, [...binding, ...lines], bucket);
  return { bucket, binding, changes };
};

/** Something else in the place of the call, and lines before the statement that it is in, and may begin. */
function replaced({ text }: Source, call: Call, statement: SyntaxNode, lines: readonly string[], by: string): Change[] {
  const before = [...lines, ""].join(`\n${indentAt(text, statement.from)}`).replace(/\n[ \t]+(?=\n)/, "\n");
  const { from, to } = call;
  if (from === statement.from) return [{ from, to, text: before + by }];
  return [insert(statement.from, before), { from, to, text: by }];
}

/** Expressions that compute each of their parts, once. A comprehension and a condition aren't among them. */
const STEADY = /^((Array|Object|Dictionary|Tuple|Parenthesized|Member|Call|New)Expression|Property|ArgList)$/;

/** Texts before the bucket in them for which it isn't certain to be made, or not made first. */
const UNSTEADY = /\?\.|\bsuper\(|(\?\?|\|\||&&)=/;

/** A statement's use of its expression. */
const HOLDER = /^(VariableDeclaration|AssignmentExpression|AssignStatement|ReturnStatement|ExpressionStatement)$/;

/** A function called at once, which can stand in place of any expression of JavaScript, unless that has to wait. */
const inFunction: Shape = ({ source, call, bucket, binding, head, end }) => {
  const begins = around(call.node).some(({ from, name }) => from === call.from && name === "ExpressionStatement");
  if (begins || /\b(await|yield|arguments|super)\b/.test(binding.join("\n"))) return undefined;
  const brackets = { open: "(() => ", close: ")()" };
  return { bucket, binding, ...inBraces(source, call.node, { ...brackets, head, end, last: `return ${bucket};` }) };
};

/** The same in Python, which has no functions in expressions: one of its own stands before the statement. */
const inDefinition: Shape = ({ source, text, call, parent, bucket, binding }) => {
  const within = around(parent);
  const statement = within.find((each) => standsAlone(source, each));
  const inner = within.slice(0, statement && within.indexOf(statement));
  const name = `make_${bucket}`;
  // A class's own names can't be seen in a function; those of a lambda and a comprehension are none of the statement's.
  const isOfClass = statement?.parent?.parent?.name === "ClassDefinition";
  if (statement === undefined || isOfClass || !isFree(name, text) || isText(call.node, text)) return undefined;
  if (/\b(await|yield)\b|:=/.test(binding.join("\n"))) return undefined;
  const loops = inner.filter((each) => each.name.endsWith("ComprehensionExpression"));
  const clauses = loops.flatMap((each) => textOf(each, text).match(/\bfor\s[^]*?\sin\b/g) ?? []);
  const parameters = inner.flatMap((each) => each.getChild("ParamList")?.getChildren("VariableName") ?? []);
  const names = parameters.filter(({ prevSibling }) => prevSibling?.name !== "AssignOp");
  const own = new Set([...clauses, ...names.map((each) => textOf(each, text))].join().match(/\w+/g));
  const given = [...new Set(textOf(call.node, text).match(/(?<![\w.])[a-z_]\w*/gi))].filter((word) => own.has(word));
  const called = `${name}(${given.join(", ")})`;
  const unit = indentUnit(text, SYNTAX.python.unit);
  const changes = (lines: readonly string[]): Change[] => {
    const body = [...binding, ...lines, `return ${bucket}`].map((line) => unit + line);
    return replaced(source, call, statement, [`def ${called}:`, ...body, ""], called);
  };
  return { bucket, binding, changes };
};

/** The shapes of each language, in the order in which they are tried. */
const SHAPES: Readonly<Record<Grammar, readonly Shape[]>> = {
  javascript: [held, asStatement, returned, ofArrow, hoisted, inFunction],
  python: [held, asStatement, returned, hoisted, inDefinition],
  go: [returnedInGo, inGo],
};

/** A node in braces, with more lines behind it. What is in the node stays from `rest` on, but for its indentation. */
function inBraces(
  { text }: Source,
  node: SyntaxNode,
  { open = "", head = "", end = "", last = "", close = "", rest = node.from },
): Partial<Place> {
  const { from, to } = node;
  const start = node.prevSibling?.to ?? from;
  // On a line of its own, behind `=>` or `for (…)`, it is indented already.
  const isIndented = open === "" && /^[^\S\n]*\n\s*$/.test(text.slice(start, from));
  const unit = isIndented ? "" : indentUnit(text, SYNTAX.javascript.unit);
  const inner = `\n${indentAt(text, from)}${unit}`;
  const outer = `\n${indentAt(text, isIndented ? start : from)}`;
  const breaks = isText(node, text) ? [] : [...textOf(node, text).matchAll(/\n(?=[^\r\n])/g)];
  const behind = (lines: readonly string[]): string =>
    [...lines, ...(last === "" ? [] : [last])].map((line) => inner + line).join("");
  return {
    changes: (lines) => [
      { from: isIndented ? start : from, to: rest, text: `${isIndented ? " " : open}{${inner}${head}` },
      ...breaks.map(({ index }) => insert(from + index + 1, unit)),
      insert(to, `${end}${behind(lines)}${outer}}${close}`),
    ],
  };
}

/** Whether a text in the code would be another with another indentation. */
function isText(code: SyntaxNode, text: string): boolean {
  return below(code, ({ name, node }) => name.endsWith("String") && textOf(node, text).includes("\n")).length > 0;
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

function inGo({ source, text, call, parent: declaration, ...site }: Site): Place | undefined {
  if (!/^(VarDecl|Assignment)$/.test(declaration.name)) return undefined;
  const [first, comma, error, operator] = children(declaration);
  if (first === undefined || comma?.name !== "," || error === undefined || operator === undefined) return undefined;
  const isNew = textOf(operator, text) === ":=";
  if (!isNew && textOf(operator, text) !== "=") return undefined;
  const isUnnamed = textOf(first, text) === "_";
  const bucket = isUnnamed ? site.bucket : textOf(first, text);
  const held = { bucket, ...(isUnnamed && { binding: site.binding }) };
  const isInside = declaration.parent?.name === "IfStatement";
  const statement = (isInside ? declaration.parent : null) ?? declaration;
  const indent = indentAt(text, statement.from);
  // A variable must be declared before it is assigned.
  const isDeclared = !isUnnamed || isNew;
  const declared = isDeclared ? "" : `var ${bucket} *${call.callee.replace(/\bNew(?=\w+$)/, "")}\n${indent}`;
  const renamed = declared + text.slice(statement.from, first.from) + bucket;
  const more = isUnnamed ? [{ from: statement.from, to: first.to, text: renamed }] : [];
  const check = isInside ? statement : siblingsOf(declaration).find(({ name }) => name !== ";");
  const handled = check && handlingOf(source, check, textOf(error, text));
  if (check === undefined || handled === undefined || (!isDeclared && !standsAlone(source, statement))) return held;
  const { onError, isBare, before } = { before: undefined, ...handled };
  const assign = isBare && !isInside ? "=" : ":=";
  const place = { ...held, onError, error: textOf(error, text), assign } as const;
  if (!isInside || !isNew) return { ...place, ...after(source, before ? declaration : check, { more, before }) };
  // `if _, err := …; err != nil {`: the bucket lives no longer than that statement.
  if (!standsAlone(source, check)) return place;
  const { to } = check;
  return { ...place, changes: (lines) => [...more, insert(to, ` else ${lines.join(`\n${indent}`)}`)] };
}

/** The handling of a call's error in the next statement, and whether that returns results with names; `before` checks it first. */
function handlingOf({ text }: Source, check: SyntaxNode, error: string) {
  const whole = textOf(check, text);
  if (check.name === "ReturnStatement") {
    const isBare = whole === "return";
    const onError = [`\t${whole}`, "}"];
    const isReturned = isBare || new RegExp(`(,|^return)\\s*${error}$`).test(whole);
    return isReturned ? { onError, isBare, before: [`if ${error} != nil {`, ...onError] } : undefined;
  }
  // `must(err)`
  if (/^[\w.]+\(\w+\)$/.test(whole) && whole.endsWith(`(${error})`))
    return /print|log|warn|debug|info/i.test(whole) ? undefined : { onError: [`\t${whole}`, "}"], isBare: false };
  const handling = check.getChild("Block");
  const condition = check.getChild("BinaryExp");
  if (check.name !== "IfStatement" || handling === null || condition === null) return undefined;
  const isCheck = [`${error}!=nil`, `nil!=${error}`].includes(textOf(condition, text).replace(/\s/g, ""));
  const last = children(handling).at(-2);
  if (!isCheck || check.getChild("else") !== null || last === undefined || !LEAVING.test(textOf(last, text)))
    return undefined;
  const lines = outdented(textOf(handling, text).slice(1), indentAt(text, check.from));
  const onError = lines.length > 1 ? lines : [`\t${(lines[0] ?? "").slice(0, -1).trim()}`, "}"];
  // A bare return gives a named result back: it has to be the very variable.
  return { onError, isBare: textOf(last, text) === "return" };
}

/** `return s3.NewBucket(…)` */
function returnedInGo({ source, call, parent, bucket, head, binding }: Site): Place | undefined {
  if (parent.name !== "ReturnStatement" || children(parent).length > 2) return undefined;
  const onError = ["\treturn nil, err", "}"];
  const more = [{ from: parent.from, to: call.from, text: head }];
  const others = { more, before: ["if err != nil {", ...onError], behind: [`return ${bucket}, nil`] };
  return { bucket, binding, onError, ...after(source, parent, others) };
}

/** Statements of Go that nothing runs behind: of a bucket that failed there is no ID. */
const LEAVING = /^(return|continue|break|goto)\b|^(panic|os\.Exit|[\w.]+\.(Fatal|Panic)(f|ln)?)\(/;

/** The rest of a block of code, its brackets' indentation taken away. */
function outdented(block: string, indent: string): string[] {
  return block
    .split(/\r?\n/)
    .filter((line, index) => index > 0 || line.trim() !== "")
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
}

/** Statements of JavaScript that may have another for their body, without braces. */
const SINGLE = /^(If|For|While|Do)Statement$/;

/** Behind a statement, which `more` changes: on lines of their own, with others around them. */
function after(
  source: Source,
  statement: SyntaxNode,
  { more = [], before = [], behind = [] }: { more?: Change[]; before?: string[] | undefined; behind?: string[] } = {},
): Partial<Place> {
  const { text, grammar } = source;
  if (grammar === "javascript" && SINGLE.test(statement.parent?.name ?? ""))
    return inBraces(source, statement, { head: more[0]?.text, rest: more[0]?.to, last: behind[0] });
  if (!standsAlone(source, statement)) return {};
  const next = `\n${indentAt(text, statement.from)}`;
  const rest = text.slice(statement.to, lineEnd(text, statement.to));
  const isLast = REST.test(rest);
  const from = statement.to + (isLast ? rest.length : 0);
  const to = from + (isLast ? 0 : rest.length - rest.trimStart().length);
  const put = (lines: readonly string[]): string =>
    [...before, ...lines, ...behind].map((each) => next + each).join("");
  return { changes: (lines) => [...more, { from, to, text: put(lines) + (isLast ? "" : next) }] };
}

/** Text that may follow a statement on its line. */
const REST = /^[;\s]*(\/\*[^*]*\*\/\s*)?((\/\/|#).*)?$/;

/** Whether the statement is one of a sequence; but for JavaScript, also that nothing else is on its first and its last line. */
function standsAlone({ text, grammar }: Source, { from, to, parent }: SyntaxNode): boolean {
  const isInSequence = ["Script", "Block", "Body", "SwitchBody"].includes(parent?.name ?? "");
  const isAlone = text.slice(lineStart(text, from), from).trim() === "" && REST.test(text.slice(to, lineEnd(text, to)));
  return isInSequence && (isAlone || grammar === "javascript");
}

const RESERVED = new Set(SYNTAX.reserved.split(" "));

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
