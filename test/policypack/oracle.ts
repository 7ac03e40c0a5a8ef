import { UNKNOWN } from "../../policypack/lib/values";

/*
 * The rule once more, as plainly as it can be said: every block is held against every bucket, in loops. It shares nothing
 * with the policy pack but the mark for an unknown value, so that the two are wrong in the same way by bad luck only.
 */

export interface Scope {
  readonly provider: string | undefined;
  readonly partition: string | undefined;
}

/** Something that has a bucket's name: the bucket, or what belongs to it. */
export interface Named {
  readonly urn: string;
  readonly name: unknown;
  /** Where the name comes from. */
  readonly from: readonly string[];
  readonly scope: Scope;
  /** False while nothing but the program's word is there of it: its provider can't be asked. */
  readonly isSettled: boolean;
}

export interface Block extends Named {
  readonly flags: readonly unknown[];
  readonly inThisRun: boolean;
  /** Whether S3 keeps its flags when the resource goes. */
  readonly staysOn: boolean;
}

/** A block for a whole account. */
export interface AccountBlock {
  readonly provider: string | undefined;
  /** Whether the program names the account, which may then be any. */
  readonly isNamed: boolean;
  readonly flags: readonly unknown[];
  readonly inThisRun: boolean;
}

export interface Stack {
  readonly buckets: readonly Named[];
  /** What belongs to a bucket, public access blocks left out. */
  readonly companions: readonly Named[];
  readonly blocks: readonly Block[];
}

/** Why a bucket is open, or may not stay locked, and the blocks that say so. */
export interface Verdict {
  readonly kind: "missing" | "left-out" | "unproven" | "misnamed" | "weak" | "shared" | "by-name";
  readonly blocks: readonly string[];
}

/** The verdict on each bucket, in the stack's order; undefined for one that is locked by one block, if only an account's. */
export function evaluate(
  stack: Stack,
  accepted: readonly AccountBlock[] = [],
): [urn: string, verdict: Verdict | undefined][] {
  return stack.buckets.map((bucket) => {
    const isAccountLocked = accepted.some(
      ({ provider, isNamed, flags, inThisRun }) =>
        provider !== undefined && provider === bucket.scope.provider && !isNamed && inThisRun && isStrong(flags),
    );
    return [bucket.urn, isAccountLocked ? undefined : evaluateBucket(bucket, stack)];
  });
}

function evaluateBucket(bucket: Named, stack: Stack): Verdict | undefined {
  const proven: Block[] = [];
  const possible: Block[] = [];
  const misnamed: Block[] = [];
  const leftOut: Block[] = [];
  const akin: Block[] = [];
  for (const block of stack.blocks) {
    const relation = relate(block, bucket, stack);
    if (!block.inThisRun) {
      if (relation === "targets") leftOut.push(block);
    } else if (relation === "targets") proven.push(block);
    else if (relation === "may target") possible.push(block);
    else if (relation === "made from it") misnamed.push(block);
    else if (relation === "of the same origin") akin.push(block);
  }
  if (proven.length > 0) {
    const weak = [...proven, ...possible].filter(({ flags }) => !isStrong(flags));
    if (weak.length > 0) return { kind: "weak", blocks: urns(weak) };
    const isSeveral = new Set(urns(proven)).size > 1;
    if (isSeveral && proven.some(({ staysOn }) => !staysOn)) return { kind: "shared", blocks: urns(proven) };
    const isAlikeOnly = (block: Block): boolean =>
      block.scope.provider !== bucket.scope.provider &&
      block.name !== UNKNOWN &&
      bucket.name !== UNKNOWN &&
      !isMadeFrom(block, bucket, stack);
    return proven.every(isAlikeOnly) ? { kind: "by-name", blocks: urns(proven) } : undefined;
  }
  if (leftOut.length > 0) return { kind: "left-out", blocks: urns(leftOut) };
  const unproven = possible.length > 0 ? possible : akin;
  if (unproven.length > 0) return { kind: "unproven", blocks: urns(unproven) };
  return { kind: misnamed.length > 0 ? "misnamed" : "missing", blocks: urns(misnamed) };
}

/** Whether its name comes from the bucket, and from nothing else. */
function isMadeFrom(block: Block, bucket: Named, stack: Stack): boolean {
  const { ends, names } = origin(block.from, stack, []);
  return ends.length > 0 && ends.every((end) => end === bucket.urn) && names.every((name) => name === bucket.name);
}

type Relation = "targets" | "may target" | "made from it" | "of the same origin" | "none";

function relate(block: Block, bucket: Named, stack: Stack): Relation {
  const mine = block.scope.partition;
  const its = bucket.scope.partition;
  if (mine !== undefined && its !== undefined && mine !== its) return "none";
  const isPartitionSure = block.scope.provider === bucket.scope.provider || (mine !== undefined && mine === its);
  const { ends } = origin(block.from, stack, []);
  const isAmongItsOrigins = ends.includes(bucket.urn);
  const isItsOnlyOrigin = isMadeFrom(block, bucket, stack);

  if (block.name === UNKNOWN) {
    if (isItsOnlyOrigin) return "targets";
    if (isAmongItsOrigins) return "may target";
    if (block.from.length === 0) return "of the same origin"; // Nothing is recorded, so it may be any.
    return ends.some((end) => bucket.from.includes(end)) ? "of the same origin" : "none";
  }
  if (bucket.name === UNKNOWN) {
    // The known name is the one that the bucket had: no proof, unless both are to come and may change together.
    if (isItsOnlyOrigin && !block.isSettled && !bucket.isSettled) return "targets";
    return isAmongItsOrigins ? "may target" : "none";
  }
  if (block.name !== bucket.name) return isAmongItsOrigins ? "made from it" : "none";
  return isPartitionSure || isItsOnlyOrigin ? "targets" : "may target";
}

/** Where a name comes from in the end, and the names that are known on the way there. */
function origin(from: readonly string[], stack: Stack, way: string[]): { ends: string[]; names: string[] } {
  const ends: string[] = [];
  const names: string[] = [];
  for (const urn of from) {
    if (way.includes(urn)) continue;
    const through = [...stack.companions, ...stack.blocks].find((each) => each.urn === urn);
    // What has its name from itself is a block inside a bucket, under the bucket's URN.
    if (through === undefined || through.from.length === 0 || through.from.includes(urn)) {
      ends.push(urn);
      continue;
    }
    if (typeof through.name === "string") names.push(through.name);
    const further = origin(through.from, stack, [...way, urn]);
    ends.push(...further.ends);
    names.push(...further.names);
  }
  return { ends, names };
}

function isStrong(flags: readonly unknown[]): boolean {
  return flags.length === 4 && flags.every((flag) => flag === true);
}

function urns(blocks: readonly Block[]): string[] {
  return blocks.map(({ urn }) => urn).sort();
}
