import type { SyntaxNode } from "@lezer/common";
import { BLOCK, BUCKETS, groupBy } from "../../policypack/face";
import type { Position } from "../report/position";
import { lineEnd } from "./edit";
import { children, textOf } from "./nodes";
import { type Call, isLiteral, nameArgument, type Source } from "./syntax";

/** A resource as its URN names it. */
export type Named = Readonly<Record<"type" | "name", string>>;

/** How sure it is that a call makes a resource: its class and its whole name, the shape of its name, its class alone. */
type Match = "name" | "shape" | "class" | "other" | "none";

/**
 * The call at a position, if there is one: the innermost whose callee or opening bracket is there. V8 reports a method's call
 * where the method's name is, of a `new` where it begins, and of a function that is called at once where the bracket is.
 * Without a column it is the first that begins in the line or goes over it, and best one that makes the resource.
 */
export function callAt(source: Source, at: Omit<Position, "file">, resource: Named): Call | undefined {
  const { text, calls, lines } = source;
  const { line, column } = at;
  if (column === undefined) {
    const lineAt = (at: number): number => lines.linePos(at).line;
    const covers = calls.filter(({ from, to }) => lineAt(from) <= line && line <= lineAt(to));
    const makes = covers.filter((call) => isMaker(matchOf(source, call, resource)));
    const inLine = covers.filter(({ from, open }) => lineAt(from) <= line && line <= lineAt(open));
    return makes[0] ?? inLine[0];
  }
  const start = lines.lineStarts[line - 1];
  if (start === undefined || start + column - 1 >= lineEnd(text, start)) return undefined;
  const offset = start + column - 1;
  return calls.filter(({ from, open }) => from <= offset && offset <= open).at(-1);
}

/**
 * The one call in the source, or within another call, that can make the resource; undefined if there are several, or none.
 * @param byClass whether a call will do whose class alone says so: where it is known that one of them makes it
 */
export function makerIn(source: Source, resource: Named, byClass = false, within?: Call): Call | undefined {
  const [only, ...others] = makersIn(source, resource, byClass, within);
  return others.length === 0 ? only : undefined;
}

/** The calls that may create the resource, narrowed down by the surest of them. */
export function makersIn(source: Source, resource: Named, byClass = false, within?: Call): Call[] {
  const inside = source.calls.filter(
    ({ from, to }) => within === undefined || (within.from <= from && to <= within.to),
  );
  const matched = groupBy(inside, (call) => matchOf(source, call, resource));
  return matched.get("name") ?? matched.get("shape") ?? (byClass ? matched.get("class") : undefined) ?? [];
}

export const isMaker = (match: Match): boolean => ["name", "shape", "class"].includes(match);

export function matchOf({ text, grammar }: Source, call: Call, { type, name }: Named): Match {
  const withoutVersion = (word: string): string => word.replace(/V2$/, "");
  const made = withoutVersion(type.split(":").at(-1) ?? "");
  if (withoutVersion(call.word) !== (grammar === "go" ? `New${made}` : made)) return "other";
  const argument = nameArgument(call, grammar);
  if (argument === undefined) return "class";
  const shape = shapeOf(argument.node, text);
  if (!fits(shape, name)) return "none";
  if (isLiteral(argument.node)) return "name";
  return shape.replaceAll(ANYTHING, "") === "" ? "class" : "shape";
}

/** Stands in a shape for any text. */
const ANYTHING = "\0";

/** The texts that an expression can be, as far as the source shows: its known parts, with ANYTHING between them. */
function shapeOf(node: SyntaxNode, text: string): string {
  if (/^(Template|Format)?String$/.test(node.name)) return shapeOfText(node, text);
  const [left, operator, right] = /^BinaryExp(ression)?$/.test(node.name) ? children(node) : [];
  if (left === undefined || right === undefined || operator === undefined || textOf(operator, text) !== "+")
    return ANYTHING;
  return shapeOf(left, text) + shapeOf(right, text);
}

function shapeOfText(node: SyntaxNode, text: string): string {
  const quote = /^[rbfu]*("""|'''|["'`])/i.exec(textOf(node, text));
  if (quote === null) return ANYTHING;
  const holes = children(node).filter(({ name }) => /^(Interpolation|FormatReplacement)$/.test(name));
  const starts = [node.from + quote[0].length, ...holes.map(({ to }) => to)];
  const ends = [...holes.map(({ from }) => from), node.to - (quote[1]?.length ?? 0)];
  const parts = starts.map((start, at) => text.slice(start, ends[at]));
  // The effect of a backslash on a text isn't known here.
  return parts.map((part) => (part.includes("\\") ? ANYTHING : part)).join(ANYTHING);
}

/** Whether a text has the shape. Not by a regular expression: with many gaps it takes forever, and anyone writes programs. */
function fits(shape: string, text: string): boolean {
  const parts = shape.split(ANYTHING);
  const last = parts.pop() ?? "";
  if (parts.length === 0) return text === last;
  if (!text.startsWith(parts[0] ?? "")) return false;
  let at = 0;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/**
 * Whether a call's block would have a name that is taken, by an ending: if the stack has a block whose name is that of one of the
 * call's buckets with this ending.
 */
export function takenIn(resources: readonly Named[]): (source: Source, call: Call) => (ending: string) => boolean {
  const blocks = resources.filter(({ type }) => type === BLOCK).map(({ name }) => name);
  const buckets = new Map(resources.filter(({ type }) => BUCKETS.has(type)).map((each) => [each.name, each]));
  return (source, call) => (ending) =>
    blocks.some((name) => {
      const bucket = name.endsWith(ending) ? buckets.get(name.slice(0, -ending.length)) : undefined;
      return bucket !== undefined && isMaker(matchOf(source, call, bucket));
    });
}
