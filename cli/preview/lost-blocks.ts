import { isSamePartition } from "../../policypack/shared/partition";
import { gaps } from "../../policypack/shared/flags";
import type { Former, Language, Text } from "../../policypack/shared/languages";
import { listOf } from "../../policypack/findings/finding";
import { nameIn, typeIn } from "../../policypack/shared/urn";
import type { Step } from "./output";
import {
  ACCOUNT_BLOCK,
  BLOCK,
  BUCKETS,
  DELETES,
  isBucketStep,
  isKnown,
  MAKES,
  type Placed,
  placedSteps,
  providerOf,
  takesAway,
  WRITES,
} from "./placed-steps";

/*
 * What a preview takes away. A policy pack is told nothing of deletions, and S3 has one public access block a bucket and
 * one an account, whatever resources there are: the last write wins, and a delete is a write too (DeletePublicAccessBlock,
 * Amazon S3 API Reference). So the steps are followed in their order.
 */

/** A bucket or an account that stays while the preview takes its public access block away. */
export interface Lost {
  readonly of: "bucket" | "account";
  /** What stays and is open then: the bucket, or the account's block. */
  readonly urn: string;
  /** The resource whose place in the program is where to look. */
  readonly at: string;
  /** Whether a block that targets it stays in the stack, so that a policy pack can't see the loss. */
  readonly isHidden: boolean;
  /** What is wrong, then how to fix it. */
  readonly message: Text;
}

/**
 * Tells what stays without the block that it had.
 * @param accountSuffices whether a bucket needs no block of its own where its account is locked in the same stack
 * @throws UnreadableError when the steps lack what is needed to tell
 */
export function lostBlocks(steps: readonly Step[], accountSuffices: boolean): Lost[] {
  const placed = placedSteps(steps);
  const ofType = (isWanted: (type: string) => boolean): Placed[] =>
    placed.filter(({ step }) => isWanted(typeIn(step.urn)));
  const buckets = ofType((type) => BUCKETS.has(type));
  const accounts = ofType((type) => type === ACCOUNT_BLOCK);
  return [
    ...lostByBuckets(
      steps,
      buckets,
      ofType((type) => type === BLOCK),
      accountSuffices ? accounts : [],
    ),
    ...lostByAccounts(steps, accounts, buckets),
  ];
}

function lostByBuckets(
  steps: readonly Step[],
  buckets: readonly Placed[],
  blocks: readonly Placed[],
  accounts: readonly Placed[],
): Lost[] {
  const find = byName([...buckets, ...blocks]);
  const found = new Map<string, Lost>();
  for (const loss of [...blocks, ...buckets].filter(({ step }) => takesAway(step, steps))) {
    const isBucket = isBucketStep(loss.step);
    const akin = find(loss.name).filter(({ scope }) => isSamePartition(scope, loss.scope) !== false);
    const sure = akin.filter(({ scope }) => isSamePartition(scope, loss.scope) === true);
    const isWritten = sure.some(
      ({ step, at }) =>
        typeIn(step.urn) === BLOCK && WRITES.has(step.op) && at > loss.at && !step.after?.external,
    );
    if (isWritten || isGone(sure, akin, steps)) continue;
    const staying = akin.filter(({ stays }) => stays);
    const blocksStaying = staying.filter(
      ({ step }) => typeIn(step.urn) === BLOCK && step.after?.external !== true,
    );
    const bucket = staying
      .filter(({ step }) => isBucketStep(step))
      .sort((one, other) => Number(one.step.after?.external) - Number(other.step.after?.external))[0];
    if (isBucket && (bucket === undefined || blocksStaying.length === 0)) continue;
    if (bucket && accounts.some((account) => locksAccountOf(account, bucket, steps))) continue;
    const kept = akin.find(
      ({ step, stays }) => !stays && isBucketStep(step) && step.before?.retainOnDelete === true,
    );
    const urn = (bucket ?? kept ?? blocksStaying[0] ?? loss).step.urn;
    found.set(urn, {
      of: "bucket",
      urn,
      at: bucket || kept ? urn : (blocksStaying[0]?.step.urn ?? urn),
      isHidden: blocksStaying.length > 0,
      message: (program) => bucketMessage(loss, { bucket, kept, blocks: blocksStaying, isBucket }, program),
    });
  }
  return [...found.values()];
}

/** The steps by the name of the bucket, so that a stack of any size is evaluated in one pass. */
function byName(placed: readonly Placed[]): (name: string | undefined) => readonly Placed[] {
  const lists = new Map<string, Placed[]>();
  for (const each of placed) {
    if (each.name === undefined) continue;
    const list = lists.get(each.name);
    if (list === undefined) lists.set(each.name, [each]);
    else list.push(each);
  }
  return (name) => (name === undefined ? [] : (lists.get(name) ?? []));
}

/** Whether the bucket itself is deleted, and not made anew. */
function isGone(sure: readonly Placed[], akin: readonly Placed[], steps: readonly Step[]): boolean {
  const goes = sure.findLast(({ step }) => isBucketStep(step) && takesAway(step, steps));
  if (goes === undefined) return false;
  const isAnother = ({ step, at }: Placed): boolean =>
    isBucketStep(step) && MAKES.has(step.op) && at > goes.at;
  const isKept = ({ step, stays }: Placed): boolean => isBucketStep(step) && stays && !MAKES.has(step.op);
  return !akin.some((each) => isAnother(each) || isKept(each));
}

/** As the policy pack has it for its option acceptAccountPublicAccessBlock. */
function locksAccountOf({ step, stays }: Placed, bucket: Placed, steps: readonly Step[]): boolean {
  const { after } = step;
  if (!stays || after === undefined || after.external) return false;
  if (steps.some((other) => other.urn === step.urn && takesAway(other, steps))) return false;
  const isLocked = gaps((flag) => after.inputs[flag]).length === 0;
  return isLocked && after.inputs.accountId === undefined && providerOf(after) === bucket.scope.provider;
}

function lostByAccounts(
  steps: readonly Step[],
  accounts: readonly Placed[],
  buckets: readonly Placed[],
): Lost[] {
  const found = new Map<string, Lost>();
  for (const loss of accounts.filter(({ step }) => takesAway(step, steps))) {
    const same = accounts.filter((other) => isSameAccount(loss, other));
    if (same.some(({ step, at }) => WRITES.has(step.op) && at > loss.at)) continue;
    const staying = same.filter(({ step, stays }) => stays && step.after?.external !== true);
    const open = buckets.filter((bucket) => isKeptBy(loss, bucket));
    const [first] = staying.length > 0 ? staying : open;
    if (first === undefined) continue;
    const urn = staying[0]?.step.urn ?? loss.step.urn;
    const message = (program: Program): string => accountMessage(loss, staying, open, program);
    found.set(urn, { of: "account", urn, at: first.step.urn, isHidden: staying.length > 0, message });
  }
  return [...found.values()];
}

/** A block for which the program names no account is for the account of its provider. */
function isSameAccount(loss: Placed, { step }: Placed): boolean {
  const { before } = loss.step;
  if (before === undefined) return false;
  const account = [before.id, before.outputs.accountId].find(isKnown);
  const state = step.after ?? step.before;
  if (state === undefined) return false;
  const other = [state.id, state.outputs.accountId, state.inputs.accountId].find(isKnown);
  if (account !== undefined && other !== undefined) return account === other;
  const isNamed = state.inputs.accountId !== undefined && step.changes.includes("accountId");
  return !isNamed && providerOf(state) === providerOf(before);
}

function isKeptBy({ step: { before } }: Placed, { step, stays: isInStack }: Placed): boolean {
  const states = [step.before, step.after].filter((state) => state !== undefined);
  const stays = isInStack || (DELETES.has(step.op) && step.before?.retainOnDelete === true);
  return (
    stays &&
    before !== undefined &&
    states.some((state) => !state.external && providerOf(state) === providerOf(before))
  );
}

/** Tells what language the program is in. */
type Program = () => Language;

interface Staying {
  readonly bucket: Placed | undefined;
  /** A bucket that leaves the stack and stays in S3. */
  readonly kept: Placed | undefined;
  readonly blocks: readonly Placed[];
  /** Whether it is the bucket that is deleted, to be made anew. */
  readonly isBucket: boolean;
}

function bucketMessage(loss: Placed, { bucket, kept, blocks, isBucket }: Staying, program: Program): string {
  const gone = nameIn(loss.step.urn);
  const stays = bucket ?? kept;
  const first = `${stays ? `Bucket '${nameIn(stays.step.urn)}'` : "A bucket"} can be opened to the public: `;
  const urns = blocks.map(({ step }) => step);
  if (isBucket && bucket) {
    return [
      `${first}this update deletes it and makes it anew, and public access block ${listOf(urns)} isn't written again.`,
      ...byResource(urns, program()),
    ].join("\n");
  }
  if (bucket === undefined && kept) {
    return [
      `${first}it stays in S3 when it leaves the stack, and this update deletes its public access block '${gone}'.`,
      ...skip(gone, program),
    ].join("\n");
  }
  if (blocks.length > 0) {
    return [`${first}${deletion(loss.step, urns)}`, ...fix(loss.step, urns, program)].join("\n");
  }
  const which = stays ? "its public access block" : "public access block";
  const rest = stays ? "." : ", and nothing shows that its bucket goes too.";
  return [`${first}this update deletes ${which} '${gone}'${rest}`, ...skip(gone, program)].join("\n");
}

function byResource(blocks: readonly Step[], { assignment, holder, output, variable }: Language): string[] {
  const bucket = variable("your", "bucket");
  return [
    `In ${listOf(blocks)}, name the bucket by its resource, where ${bucket} is ${holder} the bucket:`,
    `      ${assignment("bucket", output(bucket, "id"))}`,
  ];
}

function accountMessage(
  { step }: Placed,
  staying: readonly Placed[],
  open: readonly Placed[],
  program: Program,
): string {
  const steps = staying.map((each) => each.step);
  const gone = nameIn(step.urn);
  const first = "The account's buckets can be opened to the public: ";
  if (steps.length > 0) {
    return [`${first}${deletion(step, steps)}`, ...fix(step, steps, program, false)].join("\n");
  }
  const buckets = listOf(open.map((each) => each.step));
  return [
    `${first}this update deletes the account's public access block '${gone}', and ${buckets} ${open.length === 1 ? "stays" : "stay"}.`,
    ...retain(gone, program),
  ].join("\n");
}

function deletion(gone: Step, staying: readonly Step[]): string {
  const others = staying.filter(({ urn }) => urn !== gone.urn);
  if (others.length === 0)
    return `this update replaces public access block '${nameIn(gone.urn)}', and deletes the old one after the new one is written.`;
  const verb = others.length === 1 ? "is" : "are";
  const moved = others.some(({ urn }) => nameIn(urn) === nameIn(gone.urn));
  const other = moved && others.length === 1 ? "the other one of this name" : listOf(others);
  return `this update deletes public access block '${nameIn(gone.urn)}', and in S3 ${other} ${verb} the same configuration.`;
}

function fix(gone: Step, staying: readonly Step[], program: Program, canSkip = true): string[] {
  const heir = staying.find(({ op, urn }) => MAKES.has(op) && urn !== gone.urn);
  const name = nameIn(gone.urn);
  const hold = canSkip ? skip(name, program) : retain(name, program);
  if (heir === undefined) return hold;
  return [
    `If '${nameIn(heir.urn)}' is the same block, renamed or moved, say so in its options:`,
    `      ${program().aliases(former(gone, heir))}`,
    ...hold.map((line, at) => (at === 0 ? `If not: ${line}` : line)),
  ];
}

function skip(name: string, program: Program): string[] {
  const line = program().setting("skipDestroy");
  return [`In '${name}', set this first, in an update of its own:`, `      ${line}`];
}

/** The account's block has no skipDestroy; the engine's option does the same for any resource. */
function retain(name: string, program: Program): string[] {
  const line = program().retained;
  return [`In the options of '${name}', set this first, in an update of its own:`, `      ${line}`];
}

/** What of the block has changed: its name, its parent, or what an alias can't say but by its URN. */
function former(gone: Step, heir: Step): Former {
  const parents = [gone.before?.parent ?? "", heir.after?.parent ?? ""] as const;
  const isRoot = (urn: string): boolean => urn === "" || typeIn(urn) === "pulumi:pulumi:Stack";
  const isMoved = parents[0] !== parents[1] && !(isRoot(parents[0]) && isRoot(parents[1]));
  return {
    urn: gone.urn,
    ...(nameIn(gone.urn) === nameIn(heir.urn) ? {} : { name: nameIn(gone.urn) }),
    ...(isMoved ? { parent: isRoot(parents[0]) ? null : parents[0] } : {}),
  };
}
