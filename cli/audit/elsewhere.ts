import { type Block, groupBy } from "../../policypack/face";
import type { Elsewhere, OpenBucket } from "./verdicts";

/** A public access block of a stack, and the stack. */
export interface Located {
  readonly stack: string;
  readonly block: Block;
}

/**
 * Public access blocks in other stacks that name an open bucket exactly. A preview sees one stack, so that the policy pack
 * can't count them; and who reads one state can't see from it that the other stack is still there tomorrow. So they are told,
 * and count only where the audit is asked to count them.
 *
 * LOCKS  the bucket has no block of its own, every block in other stacks that has its name is in its partition, and each has
 *        the four flags on, as has each block of its own stack that may target it: S3 keeps the flags of the last write
 */
export function blocksByName(located: readonly Located[]): (name: string) => readonly Located[] {
  const byName = groupBy(located, ({ block }): unknown => block.bucket);
  return (name) => byName.get(name) ?? [];
}

export function elsewhere(
  { bucket, failure }: OpenBucket,
  stack: string,
  named: (name: string) => readonly Located[],
): Elsewhere | undefined {
  if (typeof bucket.name !== "string" || failure.kind === "weak" || failure.kind === "shared") return undefined;
  const { partition } = bucket.scope;
  const found = named(bucket.name)
    .filter((each) => each.stack !== stack && each.block.urn !== bucket.urn)
    .filter(({ block }) => !(partition && block.scope.partition) || block.scope.partition === partition);
  const [first] = found;
  if (first === undefined) return undefined;
  const isSame = found.every(({ block }) => partition !== undefined && block.scope.partition === partition);
  const blocks = [...found.map(({ block }) => block), ...(failure.kind === "unproven" ? failure.blocks : [])];
  const weak = found.find(({ block }) => block.gaps.length > 0) ?? first;
  return { stack: weak.stack, urn: weak.block.urn, locks: isSame && blocks.every(({ gaps }) => gaps.length === 0) };
}
