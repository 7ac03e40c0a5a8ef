import type { SyntaxNode } from "@lezer/common";
import type { Change } from "./edit";
import { newBlock } from "./new-block";
import { switchedOn } from "./switch-on";
import { type Call, children, type Source } from "./syntax";

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
