import type { SyntaxNode } from "@lezer/common";
import { type Change, indentAt, insert, lineEnd } from "./edit";
import { addedBehind } from "./entries";
import { type Binding, isSame, isSeen } from "./names";
import { textOf } from "./nodes";
import type { Call, Source } from "./syntax";

const BLOCK = "BucketPublicAccessBlock";
/** Where the name is taken. */
const ALIAS = "PublicAccessBlock";
const S3 = ["aws", "s3"];

/** How the program can make a block at a place. */
export interface Maker {
  /** The class, or Go's function. */
  readonly maker: string;
  readonly imports: readonly Change[];
}

/** The maker of a block beside the bucket that the call makes; why not, where the imports don't give one. */
export function makerAt(source: Source, call: Call): Maker | string {
  const { text, grammar, names } = source;
  const { holder, origin, callee } = call;
  if (origin === undefined || !isSame(origin.slice(0, 2), S3)) {
    return origin?.[0] === undefined || origin[0] === "aws"
      ? `${callee} isn't imported from Pulumi's AWS package`
      : `${callee} comes from ${origin[0].replace(/^python:/, "")}, not from Pulumi's AWS package`;
  }
  const maker = grammar === "go" ? `New${BLOCK}` : BLOCK;
  if (holder !== undefined && isSame(names.originOf(holder), S3))
    return { maker: `${textOf(holder, text)}.${maker}`, imports: [] };
  if (isBlock(names.lookUp(maker, call.node))) return { maker, imports: [] };
  const near = names.all.filter((each) => !each.isType && isSeen(each, call.node));
  const own = near.filter(({ name, origin: of }) => isSame(names.lookUp(name, call.node), of));
  const there = own.find(({ name, origin: of }) => name !== "*" && isBlock(of));
  if (there !== undefined) return { maker: there.name, imports: [] };
  const taken = new Set(names.all.map(({ name }) => name));
  const free = [BLOCK, ALIAS].find((name) => !taken.has(name));
  const imported = own
    .filter(({ item, origin: of }) => item !== undefined && isSame(of?.slice(0, 2), S3) && (of?.length ?? 0) > 2)
    .sort((one, other) => one.statement.from - other.statement.from)[0];
  const imports = imported && free !== undefined ? importOf(source, imported, free) : undefined;
  if (free !== undefined && imports !== undefined) return { maker: free, imports };
  const [module] = own.filter(({ name, origin: of }) => name !== "*" && (isSame(of, S3) || isSame(of, ["aws"])));
  if (module === undefined) return `nothing in the file imports ${BLOCK}, and its imports are of another form`;
  return { maker: `${module.name}.${isSame(module.origin, S3) ? "" : "s3."}${BLOCK}`, imports: [] };
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
  const module = /bucket(?:_?v2)?(?=(?:\.[cm]?js)?["'`]|\s+import\b)/i.exec(whole)?.[0];
  if (module === undefined) return undefined;
  const own = grammar === "python" ? "bucket_public_access_block" : "bucketPublicAccessBlock";
  const list = grammar === "python" ? /(?<=\bimport\s)[^]*$/ : /\{[^{}]*\}/;
  const line = whole
    .replace(list, grammar === "python" ? spec : `{ ${spec} }`)
    .replace(/bucket(?:_?v2)?(?=(?:\.[cm]?js)?["'`]|\s+import\b)/i, own);
  return [insert(endOf(text, statement), `\n${indentAt(text, statement.from)}${line}`)];
}

/** Behind the statement and the comment that follows it on its line. */
function endOf(text: string, { to }: SyntaxNode): number {
  const end = lineEnd(text, to);
  return /^\s*((\/\/|#).*)?$/.test(text.slice(to, end)) ? end : to;
}

/** Code of Go's that calls Pulumi's SDK `pulumi`, in the names of the file; undefined where it isn't imported there. */
export function inNamesOf({ grammar, names }: Source, { node }: Call, lines: readonly string[]): string[] | undefined {
  if (grammar !== "go") return [...lines];
  const sdk = names.all.find((each) => isSame(each.origin, ["pulumi"]));
  if (sdk === undefined || (sdk.name !== "*" && !isSame(names.lookUp(sdk.name, node), ["pulumi"]))) return undefined;
  return lines.map((line) => line.replaceAll("pulumi.Bool(", sdk.name === "*" ? "Bool(" : `${sdk.name}.Bool(`));
}
