import type { SyntaxNode } from "@lezer/common";
import { type Change, indentAt, insert, lineEnd } from "./edit";
import { addedBehind } from "./entries";
import { type Binding, isSame, isSeen } from "./names";
import { textOf } from "./nodes";
import type { Call, Source } from "./syntax";

const BLOCK = "BucketPublicAccessBlock";
/** If the name is taken. */
const ALIAS = "PublicAccessBlock";
const S3 = ["aws", "s3"];

/** Makes a block next to the bucket that the call creates: a class, or Go's function, perhaps with an import, or why there is none. */
export function makerAt(source: Source, call: Call) {
  const { text, grammar, names } = source;
  const { holder, origin, callee } = call;
  if (!isSame(origin?.slice(0, 2), S3)) {
    const [from = "aws"] = origin ?? [];
    if (from === "aws") return { why: `${callee} isn't imported from Pulumi's AWS package` };
    return { why: `${callee} comes from ${from.replace(/^python:/, "")}, not from Pulumi's AWS package` };
  }
  const maker = grammar === "go" ? `New${BLOCK}` : BLOCK;
  if (holder !== undefined && isSame(names.originOf(holder), S3)) return { maker: `${textOf(holder, text)}.${maker}` };
  if (isBlock(names.lookUp(maker, call.node))) return { maker };
  const near = names.all.filter((each) => !each.isType && each.name !== "*" && isSeen(each, call.node));
  const own = near.filter(({ name, origin: of }) => isSame(names.lookUp(name, call.node), of));
  const there = own.find(({ origin: of }) => isBlock(of));
  if (there !== undefined) return { maker: there.name };
  const taken = new Set(names.all.map(({ name }) => name));
  const free = [BLOCK, ALIAS].find((name) => !taken.has(name));
  const [imported] = own
    .filter(({ item, origin: of = [] }) => item !== undefined && of.length > 2 && isSame(of.slice(0, 2), S3))
    .sort((one, other) => one.statement.from - other.statement.from);
  const imports = imported && free !== undefined ? importOf(source, imported, free) : undefined;
  if (free !== undefined && imports !== undefined) return { maker: free, imports };
  for (const { name, origin: of } of own) {
    if (isSame(of, S3)) return { maker: `${name}.${BLOCK}` };
    if (isSame(of, ["aws"])) return { maker: `${name}.s3.${BLOCK}` };
  }
  return { why: `nothing in the file imports ${BLOCK}, and its imports are of another form` };
}

function isBlock(origin: readonly string[] | undefined): boolean {
  return isSame(origin?.slice(0, 2), S3) && [BLOCK, `New${BLOCK}`].includes(origin?.at(-1) ?? "");
}

/** One more name in the list that has the bucket's; where each class has a module of its own, a list of its own. */
function importOf(source: Source, { item, origin, statement }: Binding, name: string): Change[] | undefined {
  const { text, grammar } = source;
  if (item === undefined || origin === undefined) return undefined;
  const as = item.first.name === "PatternProperty" ? ": " : " as ";
  const spec = name === BLOCK ? BLOCK : `${BLOCK}${as}${name}`;
  if (origin.length === 3) return addedBehind(source, item.first, item.last, [spec]);
  const whole = textOf(statement, text);
  const module = /bucket(?:_?v2)?(?=(?:\.[cm]?js)?["'`]|\s+import\b)/i;
  if (!module.test(whole)) return undefined;
  const [own, list, items] =
    grammar === "python"
      ? ["bucket_public_access_block", /(?<=\bimport\s)[^]*$/, spec]
      : ["bucketPublicAccessBlock", /\{[^{}]*\}/, `{ ${spec} }`];
  const line = whole.replace(list, items).replace(module, own);
  return [insert(endOf(text, statement), `\n${indentAt(text, statement.from)}${line}`)];
}

/** Behind the statement and the comment that follows it on its line. */
function endOf(text: string, { to }: SyntaxNode): number {
  const end = lineEnd(text, to);
  return /^\s*((\/\/|#).*)?$/.test(text.slice(to, end)) ? end : to;
}

/** Go code that calls Pulumi's SDK `pulumi`, in the names of the file; undefined if it isn't imported there. */
export function inNamesOf({ grammar, names }: Source, { node }: Call, lines: readonly string[]): string[] | undefined {
  if (grammar !== "go") return [...lines];
  const sdk = names.all.find((each) => isSame(each.origin, ["pulumi"]));
  if (sdk === undefined || (sdk.name !== "*" && !isSame(names.lookUp(sdk.name, node), ["pulumi"]))) return undefined;
  const bool = sdk.name === "*" ? "Bool(" : `${sdk.name}.Bool(`;
  return lines.map((line) => line.replaceAll("pulumi.Bool(", bool));
}

/** Why there is nothing to change where inNamesOf has no code. */
export const NO_SDK = "the file doesn't import Pulumi's SDK";
