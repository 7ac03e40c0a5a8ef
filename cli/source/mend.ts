import type { SyntaxNode } from "@lezer/common";
import { type Change, indentAt, indentUnit, lineEnd, lineStart } from "./edit";
import { capitalized, LANGUAGES } from "../../policypack/shared/languages";
import { type Call, children, isLiteral, nameArgument, type Source } from "./syntax";

/*
 * The change that mends a bucket or a block where the program makes it, in the program's own words. Where it isn't plain how
 * to write it, there is none: a change that doesn't compile is worse than a snippet to adapt.
 */

/** A block of its own for the bucket that the call makes, or properties of the call's resource that must be true. */
export interface Wanted {
  readonly kind: "block" | "properties";
  /** As the AWS provider names them: `blockPublicAcls`. */
  readonly properties: readonly string[];
}

export interface Mend {
  /** What to write, for a person who reads it. */
  readonly lines: readonly string[];
  /** What to change; each group is one piece of the file. None where the lines must be put in by hand. */
  readonly groups: readonly (readonly Change[])[];
}

const BLOCK = "BucketPublicAccessBlock";

export function mend(source: Source, call: Call, wanted: Wanted): Mend | undefined {
  if (isBroken(call.node)) return undefined;
  return wanted.kind === "block"
    ? newBlock(source, call, wanted.properties)
    : switchedOn(source, call, wanted.properties);
}

/** Whether the grammar couldn't make sense of the call, or of what is beside it. */
function isBroken(node: SyntaxNode): boolean {
  let found = (node.parent === null ? [] : children(node.parent)).some(({ type }) => type.isError);
  node.cursor().iterate(({ type }) => {
    found ||= type.isError;
  });
  return found;
}

// A block of its own.

/** How the program holds the bucket, and where the block can stand. */
interface Place {
  /** The expression for the bucket. */
  readonly bucket: string;
  /** Puts the lines of the block into the program; not there where they can't stand near. */
  readonly changes?: (lines: readonly string[]) => Change[];
  /** The statement that gives the bucket its name, where the program has none yet. */
  readonly binding?: string;
  /** In Go, what is done with an error. */
  readonly onError?: readonly string[];
}

function newBlock(source: Source, call: Call, properties: readonly string[]): Mend | undefined {
  const { text, grammar } = source;
  const name = blockName(source, call);
  const options = optionsOf(source, call);
  const place = { javascript: inJavaScript, python: inPython, go: inGo }[grammar](source, call);
  if (name === undefined) return undefined;
  const qualifier = call.callee.slice(0, -call.word.length);
  const language = LANGUAGES[grammar];
  const lines = language.block({
    maker: `${qualifier}${grammar === "go" ? "New" : ""}${BLOCK}`,
    name,
    // Where the program has the bucket in no variable, a placeholder stands for it.
    bucket: language.output(place?.bucket ?? language.variable("your", "bucket"), "id"),
    options: options ?? [],
    properties,
    unit: indentUnit(text, { javascript: "  ", python: "    ", go: "\t" }[grammar]),
    ...(place?.onError && { onError: place.onError }),
  });
  const shown =
    place?.binding === undefined ? lines : [...outdented(place.binding, indentAt(text, call.from)), ...lines];
  const imports = qualifier === "" ? importOf(source, call.word) : [];
  // With options that can't be read, a provider may be among them.
  if (place?.changes === undefined || options === undefined || imports === undefined) {
    return { lines: shown, groups: [] };
  }
  return { lines: shown, groups: [place.changes(lines), ...(imports.length === 0 ? [] : [imports])] };
}

/** The bucket's own name with an ending, as an expression. */
function blockName({ text, grammar }: Source, call: Call): string | undefined {
  const node = nameArgument(call, grammar)?.node;
  if (node === undefined) return undefined;
  const given = text.slice(node.from, node.to);
  const quote = /^\w?(["'`])(?!\1\1)/.exec(given)?.[1];
  const isText = ["String", "TemplateString", "FormatString"].includes(node.name);
  if (isText) return quote === undefined ? undefined : `${given.slice(0, -1)}AccessBlock${quote}`;
  if (grammar === "javascript") return `\`\${${given}}AccessBlock\``;
  const isSimple = /^(VariableName|MemberExpression|SelectorExpr|BinaryExp|CallExpr(ession)?)$/.test(
    node.name,
  );
  const sum = grammar === "go" ? "+" : " + ";
  return `${isSimple || isSum(node, text) ? given : `(${given})`}${sum}"AccessBlock"`;
}

function isSum(node: SyntaxNode, text: string): boolean {
  const [, operator] = children(node);
  return (
    node.name === "BinaryExpression" &&
    operator !== undefined &&
    text.slice(operator.from, operator.to) === "+"
  );
}

/** The options that a block has to share with its bucket: provider and parent. Undefined where they can't be read. */
function optionsOf(source: Source, call: Call): string[] | undefined {
  const { text, grammar } = source;
  if (call.args.some(({ isSpread }) => isSpread)) return undefined;
  if (grammar === "go") {
    const given = call.args.slice(3).map(({ node }) => node);
    const isCall = given.every(({ name }) => name === "CallExpr");
    const shared = given
      .map((node) => textOf(node, text))
      .filter((each) => /\b(Provider|Parent)\(/.test(each));
    return isCall ? shared : undefined;
  }
  const argument = grammar === "python" ? call.args.find(({ keyword }) => keyword === "opts") : call.args[2];
  if (grammar === "python" && call.args.filter(({ keyword }) => keyword === undefined).length > 1)
    return undefined;
  if (argument === undefined) return [];
  const entries = entriesOf(argument.node, source);
  if (entries === undefined || entries.some(({ key }) => key === "")) return undefined;
  const shared = entries.filter(({ key }) => key === "provider" || key === "parent");
  const texts = shared.map(({ from, to }) => text.slice(from, to));
  if (grammar === "javascript" || texts.length === 0) return texts;
  const maker = argument.node.firstChild;
  return maker === null ? undefined : [`opts=${textOf(maker, text)}(${texts.join(", ")})`];
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
        ...bound(source, parent, (lines) => [binding, ...lines, `return ${variable};`]),
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
      return undefined;
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
      return { bucket: textOf(target, text), ...after(source, parent) };
    }
    case "ExpressionStatement":
      return { bucket: variable, binding, ...after(source, parent, insert(call.from, `${variable} = `)) };
    case "ReturnStatement":
      return {
        bucket: variable,
        binding,
        ...bound(source, parent, (lines) => [binding, ...lines, `return ${variable}`]),
      };
    default:
      return undefined;
  }
}

function inGo(source: Source, call: Call): Place | undefined {
  const { text } = source;
  const declaration = call.node.parent;
  if (declaration?.name !== "VarDecl") return undefined;
  const [first, comma, error, operator] = children(declaration);
  if (first === undefined || comma?.name !== "," || error === undefined || operator === undefined)
    return undefined;
  if (textOf(operator, text) !== ":=") return undefined;
  const given = textOf(first, text);
  const variable = given === "_" ? variableFor(source, call) : given;
  const shown = given === "_" ? { binding: `${variable}, err := ${textOf(call.node, text)}` } : {};
  const named = given === "_" ? [{ from: first.from, to: first.to, text: variable }] : [];
  const check = declaration.parent?.name === "IfStatement" ? declaration.parent : declaration.nextSibling;
  const handling = check?.name === "IfStatement" ? check.getChild("Block") : null;
  const condition = check?.getChild("BinaryExp") ?? null;
  if (check === null || handling === null || condition === null) return { bucket: variable, ...shown };
  const isCheck = textOf(condition, text).replace(/\s/g, "") === `${textOf(error, text)}!=nil`;
  if (!isCheck || check.getChild("else") !== null) return { bucket: variable, ...shown };
  const onError = outdented(textOf(handling, text).slice(1), indentAt(text, check.from));
  if (check !== declaration.parent)
    return { bucket: variable, ...shown, onError, ...after(source, check, ...named) };
  // `if _, err := …; err != nil {`: the bucket has to live on after it.
  const indent = indentAt(text, check.from);
  const changes = [
    { from: check.from, to: declaration.from, text: "" },
    ...named,
    { from: declaration.to, to: condition.from, text: `\n${indent}if ` },
  ];
  return { bucket: variable, ...shown, onError, ...after(source, check, ...changes) };
}

/** The rest of a block of code, its brackets' indentation taken away. */
function outdented(block: string, indent: string): string[] {
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

/** In place of a statement. */
function bound(
  source: Source,
  statement: SyntaxNode,
  body: (lines: readonly string[]) => string[],
): Partial<Place> {
  if (!standsAlone(source, statement)) return {};
  const indent = indentAt(source.text, statement.from);
  const { from, to } = statement;
  return { changes: (lines) => [{ from, to, text: body(lines).join(`\n${indent}`) }] };
}

/** Whether the statement is one of a sequence, and nothing else is on its first and its last line. */
function standsAlone({ text }: Source, { from, to, parent }: SyntaxNode): boolean {
  const before = text.slice(lineStart(text, from), from);
  const behind = text.slice(to, lineEnd(text, to));
  const isInSequence = ["Script", "Block", "Body"].includes(parent?.name ?? "");
  return isInSequence && before.trim() === "" && /^[;\s]*((\/\/|#).*)?$/.test(behind);
}

function insert(at: number, text: string): Change {
  return { from: at, to: at, text };
}

const RESERVED = new Set(
  (
    "abstract and any as assert async await bool break byte case catch chan class const continue def default defer del delete " +
    "do elif else enum error except export extends fallthrough false finally float for from func function global go goto if " +
    "implements import in instanceof int interface is lambda let map new nil none nonlocal not null or package pass private " +
    "protected public raise range return select static string struct super switch this throw true try type typeof var void " +
    "while with yield aws pulumi s3 ctx"
  ).split(" "),
);

/** A name that the file doesn't have yet, made of the bucket's logical name where the program has that as it is. */
function variableFor(source: Source, call: Call): string {
  const { text, grammar, calls } = source;
  const base = baseName(source, call);
  const ending = grammar === "python" ? "_bucket" : "Bucket";
  const other = base === "bucket" ? `new${grammar === "python" ? "_bucket" : "Bucket"}` : base + ending;
  const isFree = (name: string): boolean =>
    !RESERVED.has(name.toLowerCase()) && !new RegExp(`(?<![\\w$"'\`.-])${name}(?![\\w$"'\`-])`).test(text);
  const numbered = Array.from({ length: calls.length }, (_, at) => `${other}${at + 2}`);
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

/** What imports the block's class beside the bucket's; nothing where it is there, undefined where that isn't to be seen. */
function importOf({ text, grammar }: Source, bucket: string): Change[] | undefined {
  if (new RegExp(`(?<![\\w.])${BLOCK}(?=[^\\w\\n]*(,|}|$|\\n|\\)))`).test(importsIn(text))) return [];
  if (grammar === "python") {
    const found = new RegExp(`^from [\\w.]+ import [^#\\n]*\\b${bucket}\\b(?! as)`, "m").exec(text);
    return found === null ? undefined : [insert(found.index + found[0].length, `, ${BLOCK}`)];
  }
  const from = new RegExp(
    `^(?:import|const)\\s*\\{[^}]*\\b${bucket}\\b(?!\\s*(?:as|:)\\s)[^}]*\\}\\s*(?:from|=\\s*require\\()\\s*["']([^"']+)["']\\)?;?`,
    "m",
  ).exec(text);
  const [line, module = ""] = from ?? [];
  if (from === null || line === undefined) return undefined;
  if (/\/s3\/bucket(?:V2)?(?:\.js)?$/.test(module)) {
    const other = line
      .replace(/\{[^}]*\}/, `{ ${BLOCK} }`)
      .replace(module, module.replace(/bucket(?:V2)?(?=(?:\.js)?$)/, "bucketPublicAccessBlock"));
    return [insert(lineEnd(text, from.index + line.length), `\n${other}`)];
  }
  const at = from.index + (new RegExp(`\\b${bucket}\\b`).exec(line)?.index ?? 0) + bucket.length;
  return [insert(at, `, ${BLOCK}`)];
}

function importsIn(text: string): string {
  return [...text.matchAll(/^(?:import|from|const\s*\{)[^;]*?(?:["'][^"'\n]+["']|import [^\n]+)/gm)]
    .map(([found]) => found)
    .join("\n");
}

// Properties that must be true.

function switchedOn(source: Source, call: Call, properties: readonly string[]): Mend | undefined {
  const { grammar } = source;
  const { setting, name, truth } = LANGUAGES[grammar];
  const lines = properties.map((property) => setting(property));
  const holder = grammar === "python" ? call.node : call.args[grammar === "go" ? 2 : 1]?.node;
  const entries = holder === undefined ? undefined : entriesOf(holder, source);
  if (entries === undefined) return { lines, groups: [] };
  const named = (property: string): Entry | undefined => entries.find(({ key }) => key === name(property));
  const changes = properties.flatMap((property): Change[] => {
    const entry = named(property);
    if (entry === undefined) return [];
    const { from, to, value } = entry;
    return value === undefined
      ? [{ from, to, text: `${property}: ${truth}` }]
      : [{ from: value.from, to: value.to, text: truth }];
  });
  const missing = properties.filter((property) => named(property) === undefined);
  const last = entries.at(-1);
  if (missing.length > 0 && last === undefined) return { lines, groups: [] };
  const added = last === undefined || missing.length === 0 ? [] : [addedBehind(source, last, missing)];
  return { lines, groups: [[...changes, ...added]] };
}

function addedBehind({ text, grammar }: Source, last: Entry, properties: readonly string[]): Change {
  const isOwnLine = text.slice(lineStart(text, last.from), last.from).trim() === "";
  const gap = isOwnLine ? `\n${indentAt(text, last.from)}` : " ";
  const put = properties.map((property) => gap + LANGUAGES[grammar].setting(property).replace(/,$/, ""));
  return insert(last.to, `,${put.join(",")}`);
}

interface Entry {
  /** Empty for a positional argument. */
  readonly key: string;
  readonly from: number;
  readonly to: number;
  /** Not there in `{ provider }`. */
  readonly value?: SyntaxNode;
}

/** The entries of `{ … }`, `Args{…}`, or `Options(…)` by keywords; undefined where one of them isn't plain. */
function entriesOf(node: SyntaxNode, { text, grammar }: Source): Entry[] | undefined {
  const isHolder = { javascript: "ObjectExpression", python: "CallExpression", go: "UnaryExp" }[grammar];
  if (node.name !== isHolder) return undefined;
  const entries = grammar === "python" ? keywordsOf(node, text) : fieldsOf(node, text);
  return entries.some((entry) => entry === undefined) ? undefined : (entries as Entry[]);
}

function fieldsOf(node: SyntaxNode, text: string): (Entry | undefined)[] {
  const literal = node.getChild("TypedLiteral")?.getChild("LiteralValue") ?? node;
  return children(literal)
    .filter(({ name }) => !/^([{},]|.*Comment|DerefOp)$/.test(name))
    .map((field) => {
      const [key, colon, value] = children(field);
      if (!/^(Property|Element)$/.test(field.name) || key === undefined) return undefined;
      const { from, to } = field;
      const name = textOf(key, text).replace(/^["']|["']$/g, "");
      if (!/^(PropertyDefinition|String|Key)$/.test(key.name)) return undefined;
      if (colon === undefined) return { key: name, from, to };
      return colon.name === ":" && value !== undefined ? { key: name, from, to, value } : undefined;
    });
}

function keywordsOf(node: SyntaxNode, text: string): (Entry | undefined)[] {
  const parts = children(node.getChild("ArgList") ?? node).filter(
    ({ name }) => !/^([(),]|Comment)$/.test(name),
  );
  const entries: (Entry | undefined)[] = [];
  parts.forEach((part, at) => {
    if (part.name === "AssignOp") {
      const [key, value] = [parts[at - 1], parts[at + 1]];
      entries.push(
        key === undefined || value === undefined
          ? undefined
          : { key: textOf(key, text), from: key.from, to: value.to, value },
      );
    }
    if (/^\*\*?$/.test(textOf(part, text))) entries.push(undefined);
    const isAlone = ![part, parts[at - 1], parts[at + 1]].some((near) => near?.name === "AssignOp");
    if (isAlone) entries.push({ key: "", from: part.from, to: part.to, value: part });
  });
  return entries;
}

function textOf({ from, to }: SyntaxNode, text: string): string {
  return text.slice(from, to);
}
