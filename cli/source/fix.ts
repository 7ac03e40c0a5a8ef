import type { SyntaxNode } from "@lezer/common";
import { LANGUAGES } from "../../policypack/face";
import { privateAcl } from "./acl";
import type { SourceFix } from "./edit";
import { argumentsOf, type Entry, withEntries } from "./entries";
import { inNamesOf, NO_SDK } from "./maker";
import { newBlock } from "./new-block";
import { children, faultsBelow, textOf } from "./nodes";
import type { Call, Source } from "./syntax";
import type { Wanted } from "./target";

/*
 * The change that fixes a bucket or a block where the program makes it, in the program's own names. Where it isn't plain how to
 * write it, there is none: a change that doesn't compile is worse than a snippet to adapt.
 */

/** What else is known of the program's resources. */
export interface Known {
  /** Whether the stack has a block whose name is a bucket's that the call makes, with this ending. */
  readonly isTaken: (ending: string) => boolean;
  /** All properties that any finding wants of what the call makes, so that all have the same edit. */
  readonly properties: readonly string[];
}

export function fix(
  source: Source,
  call: Call,
  wanted: Wanted,
  { isTaken, properties }: Known = { isTaken: () => false, properties: wanted.properties },
): SourceFix | undefined {
  if (isBroken(call.node)) return undefined;
  switch (wanted.kind) {
    case "block":
      return newBlock(source, call, wanted.properties, isTaken);
    case "properties":
      return switchedOn(source, call, properties, wanted.properties);
    case "private":
      return madePrivate(source, call);
  }
}

/** Whether the grammar couldn't make sense of the call, or of its neighbors. */
function isBroken(node: SyntaxNode): boolean {
  const neighbors = node.parent === null ? [] : children(node.parent);
  return faultsBelow(node) > 0 || neighbors.some(({ type }) => type.isError);
}

/**
 * Properties of the resource that the call makes, set to true where they are given and added where they aren't.
 * @param shown those of them that a person is shown
 */
function switchedOn(
  source: Source,
  call: Call,
  properties: readonly string[],
  shown: readonly string[],
): SourceFix | undefined {
  const { setting, name, truth } = LANGUAGES[source.grammar];
  const lines = shown.map((property) => setting(property));
  const [put] = inNamesOf(source, call, [truth]) ?? [];
  if (put === undefined) return { lines, groups: [], why: NO_SDK };
  const entries = argumentsOf(call, source);
  if (entries === undefined) return { lines, groups: [], why: "its arguments are computed" };
  const wanted = new Set(properties.map((property) => name(property)));
  const missing = [...wanted].filter((key) => !entries.some((entry) => entry.key === key));
  const changes = withEntries(
    source,
    entries,
    ({ key }) => (wanted.has(key) ? put : undefined),
    missing.map((key) => [key, put]),
  );
  return changes === undefined ? { lines, groups: [], why: "its arguments are empty" } : { lines, groups: [changes] };
}

function madePrivate(source: Source, call: Call): SourceFix | undefined {
  const entries = argumentsOf(call, source) ?? [];
  const put = ({ key, value }: Entry): string | undefined =>
    key.toLowerCase() === "acl" && value !== undefined ? privateAcl(textOf(value, source.text)) : undefined;
  const lines = entries.flatMap((entry) => put(entry) ?? []);
  const changes = lines.length === 0 ? undefined : withEntries(source, entries, put, []);
  return changes && { lines, groups: [changes] };
}
