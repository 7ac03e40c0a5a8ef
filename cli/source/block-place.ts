import type { SyntaxNode } from "@lezer/common";
import { type Change, indentAt, indentUnit, insert, lineEnd, lineStart } from "./edit";
import { children, hasEffects, textOf } from "./nodes";
import type { Call, Source } from "./syntax";
import { variableFor } from "./variable";

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

/** Where a block can stand beside the bucket that the call makes; undefined where the program has the bucket in nothing to name it by. */
export function placeOf(source: Source, call: Call): Place | undefined {
  return { javascript: inJavaScript, python: inPython, go: inGo }[source.grammar](source, call);
}

function inJavaScript(source: Source, call: Call): Place | undefined {
  const { text } = source;
  const parent = call.node.parent;
  const above = parent?.parent;
  if (parent === null || above === null || above === undefined) return undefined;
  const variable = variableFor(source, call);
  const binding = `const ${variable} = ${textOf(call.node, text)};`;
  switch (parent.name) {
    case "VariableDeclaration": {
      const names = parent.getChildren("VariableDefinition");
      const statement = above.name === "ExportDeclaration" ? above : parent;
      return names.length === 1 && names[0] !== undefined
        ? { bucket: textOf(names[0], text), ...after(source, statement) }
        : undefined;
    }
    case "AssignmentExpression": {
      const [target, operator] = children(parent);
      if (target === undefined || operator?.name !== "Equals" || above.name !== "ExpressionStatement")
        return undefined;
      if (hasEffects(target, text)) return undefined;
      return { bucket: textOf(target, text), ...after(source, above) };
    }
    case "ExpressionStatement":
      return {
        bucket: variable,
        binding,
        ...after(source, parent, insert(call.from, `const ${variable} = `)),
      };
    case "PropertyDeclaration": {
      const field = parent.getChild("PropertyDefinition");
      return field === null ? undefined : { bucket: `this.${textOf(field, text)}` };
    }
    case "ReturnStatement":
      return {
        bucket: variable,
        binding,
        ...returned(source, parent, call, [`const ${variable} = `, `return ${variable};`]),
      };
    case "ArrowFunction": {
      const indent = indentAt(text, call.from);
      const unit = indentUnit(text, "  ");
      const body = (lines: readonly string[]): string[] =>
        [binding, ...lines, `return ${variable};`].map((line) => indent + unit + line);
      return {
        bucket: variable,
        binding,
        changes: (lines) => [
          { from: call.from, to: call.to, text: ["{", ...body(lines), `${indent}}`].join("\n") },
        ],
      };
    }
    default:
      return inLiteral(source, call, { variable, binding });
  }
}

function inPython(source: Source, call: Call): Place | undefined {
  const { text } = source;
  const parent = call.node.parent;
  if (parent === null) return undefined;
  const variable = variableFor(source, call);
  const binding = `${variable} = ${textOf(call.node, text)}`;
  switch (parent.name) {
    case "AssignStatement": {
      const [target, ...rest] = children(parent);
      const isPlain = /^(VariableName|MemberExpression)$/.test(target?.name ?? "");
      const assigns = rest.filter(({ name }) => name === "AssignOp").length;
      if (target === undefined || !isPlain || assigns !== 1 || rest.some(({ name }) => name === ","))
        return undefined;
      if (hasEffects(target, text)) return undefined;
      return { bucket: textOf(target, text), ...after(source, parent) };
    }
    case "ExpressionStatement":
      return { bucket: variable, binding, ...after(source, parent, insert(call.from, `${variable} = `)) };
    case "ReturnStatement":
      return {
        bucket: variable,
        binding,
        ...returned(source, parent, call, [`${variable} = `, `return ${variable}`]),
      };
    default:
      return inLiteral(source, call, { variable, binding });
  }
}

/** What holds values without computing anything; a comprehension isn't among them. */
const LITERAL =
  /^(ArrayExpression|ObjectExpression|Property|DictionaryExpression|TupleExpression|ParenthesizedExpression)$/;

/** What a statement does with the literal that it is about. */
const HOLDER = /^(VariableDeclaration|AssignmentExpression|AssignStatement|ReturnStatement)$/;

/** A bucket among the values of a list or an object: it gets its variable in a statement before that. */
function inLiteral(
  source: Source,
  call: Call,
  { variable, binding }: { variable: string; binding: string },
): Place | undefined {
  const { text } = source;
  let holder = call.node.parent;
  while (holder !== null && LITERAL.test(holder.name)) holder = holder.parent;
  if (holder === null || !HOLDER.test(holder.name)) return undefined;
  // `a = …, b = …`: the second may need the first.
  if (holder.getChildren("VariableDefinition").length > 1) return undefined;
  const isInside = ["ExportDeclaration", "ExpressionStatement"].includes(holder.parent?.name ?? "");
  const statement = isInside ? holder.parent : holder;
  if (statement === null || !standsAlone(source, statement)) return undefined;
  // Lines of a text would lose their indentation.
  if (binding.includes("\n") && /`|"""|'''/.test(binding)) return undefined;
  const indent = indentAt(text, statement.from);
  const own = outdented(binding, indentAt(text, call.from));
  return {
    bucket: variable,
    binding,
    changes: (lines) => [
      insert(statement.from, [...own, ...lines, ""].join(`\n${indent}`)),
      { from: call.from, to: call.to, text: variable },
    ],
  };
}

function inGo(source: Source, call: Call): Place | undefined {
  const { text } = source;
  const declaration = call.node.parent;
  if (declaration?.name !== "VarDecl" && declaration?.name !== "Assignment") return undefined;
  const [first, comma, error, operator] = children(declaration);
  if (first === undefined || comma?.name !== "," || error === undefined || operator === undefined)
    return undefined;
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
  return {
    ...place,
    changes: (lines) => [...named, insert(to, ` else ${lines.join(`\n${indent}`)}`)],
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

/** Behind a statement that has its lines for itself. `more` changes the statement. */
function after(source: Source, statement: SyntaxNode, ...more: readonly Change[]): Partial<Place> {
  if (!standsAlone(source, statement)) return {};
  const { text } = source;
  const indent = indentAt(text, statement.from);
  const end = lineEnd(text, statement.to);
  return {
    changes: (lines) => [...more, insert(end, lines.map((line) => `\n${indent}${line}`).join(""))],
  };
}

/** In place of a `return`, whose value gets a name first. */
function returned(
  source: Source,
  statement: SyntaxNode,
  { from }: Call,
  [name, end]: readonly [name: string, end: string],
): Partial<Place> {
  // A comment or a bracket before the value.
  if (!/^return\s*$/.test(source.text.slice(statement.from, from))) return {};
  const { changes } = after(source, statement, { from: statement.from, to: from, text: name });
  return changes === undefined ? {} : { changes: (lines) => changes([...lines, end]) };
}

/** Whether the statement is one of a sequence, and nothing else is on its first and its last line. */
function standsAlone({ text }: Source, { from, to, parent }: SyntaxNode): boolean {
  const before = text.slice(lineStart(text, from), from);
  const behind = text.slice(to, lineEnd(text, to));
  const isInSequence = ["Script", "Block", "Body"].includes(parent?.name ?? "");
  return isInSequence && before.trim() === "" && /^[;\s]*(\/\*[^*]*\*\/\s*)?((\/\/|#).*)?$/.test(behind);
}
