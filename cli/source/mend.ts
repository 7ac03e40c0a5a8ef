import type { SyntaxNode } from "@lezer/common";
import { madePrivate } from "./acl";
import type { Change } from "./edit";
import { newBlock } from "./new-block";
import { switchedOn } from "./switch-on";
import { children } from "./nodes";
import type { Call, Source } from "./syntax";

/*
 * The change that mends a bucket or a block where the program makes it, in the program's own words. Where it isn't plain how
 * to write it, there is none: a change that doesn't compile is worse than a snippet to adapt.
 */

/**
 * A block of its own for the bucket that the call makes, properties of the call's resource that must be true, or a canned
 * ACL that is private.
 */
export interface Wanted {
  readonly kind: "block" | "properties" | "private";
  /** As the AWS provider names them: `blockPublicAcls`. */
  readonly properties: readonly string[];
}

export interface Mend {
  /** What to write, for a person who reads it. */
  readonly lines: readonly string[];
  /** Whether they have a placeholder for the bucket, which the program has in nothing to name it by. */
  readonly hasPlaceholder?: boolean;
  /** What to change; each group is one piece of the file. None where the lines must be put in by hand. */
  readonly groups: readonly (readonly Change[])[];
  /** Why there is nothing to change: the end of a sentence. */
  readonly why?: string;
}

/** What else is known of the program's resources. */
export interface Known {
  /** Whether the stack has a block whose name is a bucket's that the call makes, with this ending. */
  readonly isTaken: (ending: string) => boolean;
  /** All properties that any finding wants of what the call makes, so that all have the same edit. */
  readonly properties: readonly string[];
}

export function mend(
  source: Source,
  call: Call,
  wanted: Wanted,
  { isTaken, properties }: Known = { isTaken: () => false, properties: wanted.properties },
): Mend | undefined {
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

/** Whether the grammar couldn't make sense of the call, or of what is beside it. */
function isBroken(node: SyntaxNode): boolean {
  let found = (node.parent === null ? [] : children(node.parent)).some(({ type }) => type.isError);
  node.cursor().iterate(({ type }) => {
    found ||= type.isError;
  });
  return found;
}
