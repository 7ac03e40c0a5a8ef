import {
  ACCOUNT_BLOCK,
  BLOCK,
  type Finding,
  fix,
  type Fix,
  type Former,
  gaps,
  groupBy,
  isSamePartition,
  knowsSkipDestroy,
  type Language,
  listOf,
  named,
  nameIn,
  quoted,
  said,
  type Said,
  typeIn,
  UNKNOWN,
  unseeable,
} from "../../policypack/face";
import type { Step } from "./output";
import { hasProvider, INLINE, isKnown, type Placed, placedSteps, providerOf } from "./placed-steps";

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
  /** Whether nothing shows that anything is lost, nor that nothing is. */
  readonly isNote: boolean;
  readonly said: Finding["said"];
}

/** The language that the program is in. */
type Program = () => Language;

/**
 * What stays without the block that it had.
 * @param accountSuffices whether a bucket needs no block of its own where its account is locked in the same stack
 * @throws UnreadableError when the steps lack what is needed to tell
 */
export function lostBlocks(steps: readonly Step[], accountSuffices: boolean): Lost[] {
  const placed = placedSteps(steps);
  const accounts = placed.filter(({ type }) => type === ACCOUNT_BLOCK);
  const blocks = placed.filter(({ type }) => type === BLOCK);
  const buckets = placed.filter(({ isBucket }) => isBucket);
  // By the name of the bucket, so that a stack of any size is evaluated in one pass.
  const byName = groupBy([...buckets, ...blocks], ({ name }) => name);
  const found = new Map<string, Lost>();
  for (const loss of [...blocks, ...buckets, ...accounts].filter(({ takes }) => takes !== undefined)) {
    const lost = isUntold(loss)
      ? untold(loss)
      : loss.type === ACCOUNT_BLOCK
        ? lostByAccount(loss, accounts, buckets)
        : lostByBucket(
            loss,
            loss.name === undefined ? [] : (byName.get(loss.name) ?? []),
            accountSuffices ? accounts : [],
          );
    if (lost !== undefined) found.set(lost.urn, lost);
  }
  return [...found.values()];
}

/** Whether it is part of a Terraform module whose contents the engine doesn't show. */
function isUntold(loss: Placed): boolean {
  return !loss.isBucket && !hasProvider(loss) && loss.before?.inputs.blockPublicAcls === UNKNOWN;
}

function untold({ urn, type }: Placed): Lost {
  const subject = `The deletion of public access block ${quoted(urn)}`;
  const reason = "Pulumi doesn't show the contents of its Terraform module";
  const note = unseeable(subject, reason, "If what it locks stays, it can be opened to the public.");
  return { of: type === ACCOUNT_BLOCK ? "account" : "bucket", urn, at: urn, isHidden: true, isNote: true, said: note };
}

/** Whether it is written after the loss. The engine orders its own steps; of a Terraform module's only a replacement shows which comes first. */
function isWrittenAfter(one: Placed, loss: Placed): boolean {
  const isOrdered = one.urn === loss.urn || (hasProvider(one) && hasProvider(loss));
  return one.writes && one.at > loss.at && isOrdered;
}

/** @param akin the steps of buckets and blocks of this name */
function lostByBucket(loss: Placed, akin: readonly Placed[], accounts: readonly Placed[]): Lost | undefined {
  const same = akin.filter(({ scope }) => isSamePartition(scope, loss.scope) !== false);
  const sure = akin.filter(({ scope }) => isSamePartition(scope, loss.scope) === true);
  const isWritten = sure.some((each) => !each.isBucket && isWrittenAfter(each, loss));
  if (isWritten || isGone(sure, same)) return undefined;
  const staying = same.filter(({ stays }) => stays);
  const blocks = staying.filter(({ isBucket, after }) => !isBucket && after?.external !== true);
  const buckets = staying.filter(({ isBucket }) => isBucket);
  const bucket = buckets.find(({ after }) => after?.external !== true) ?? buckets[0];
  if (loss.isBucket && (bucket === undefined || blocks.length === 0)) return undefined;
  if (bucket && accounts.some((account) => locksAccountOf(account, bucket, accounts))) return undefined;
  const kept = same.find(({ isBucket, stays, before }) => isBucket && !stays && before?.retainOnDelete === true);
  const { urn, on: at = urn } = bucket ?? kept ?? blocks[0] ?? loss;
  const said = (program: Program): Said => ofBucket(loss, bucket, kept, blocks, program);
  return { of: "bucket", urn, at, isHidden: blocks.length > 0, isNote: loss.takes === "unknown", said };
}

/** Whether the bucket itself is deleted, and not made anew. */
function isGone(sure: readonly Placed[], same: readonly Placed[]): boolean {
  const goes = sure.findLast(({ isBucket, takes }) => isBucket && takes === "all");
  if (goes === undefined) return false;
  return !same.some(({ isBucket, makes, stays, at }) => isBucket && (makes ? at > goes.at : stays));
}

/** As the policy pack has it for its option acceptAccountPublicAccessBlock. */
function locksAccountOf({ urn, stays, after }: Placed, bucket: Placed, accounts: readonly Placed[]): boolean {
  if (!stays || after === undefined || after.external) return false;
  if (accounts.some((other) => other.urn === urn && other.takes !== undefined)) return false;
  const isLocked = gaps((flag) => after.inputs[flag]).length === 0;
  return isLocked && after.inputs.accountId === undefined && providerOf(after) === bucket.scope.provider;
}

function lostByAccount(loss: Placed, accounts: readonly Placed[], buckets: readonly Placed[]): Lost | undefined {
  const same = accounts.filter((other) => isSameAccount(loss, other));
  if (same.some((each) => isWrittenAfter(each, loss))) return undefined;
  const blocks = same.filter(({ stays, after }) => stays && after?.external !== true);
  const open = buckets.filter((bucket) => isKeptBy(loss, bucket));
  const [first] = blocks.length > 0 ? blocks : open;
  if (first === undefined) return undefined;
  const stay = `${listOf(open)} ${open.length === 1 ? "stays" : "stay"}`;
  const how = `this update deletes the account's public access block ${quoted(loss.urn)}, and ${stay}.`;
  const said = (program: Program): Said => deleted(loss, "The account's buckets", blocks, how, program);
  const [urn, at] = [blocks[0]?.urn ?? loss.urn, first.on ?? first.urn];
  return { of: "account", urn, at, isHidden: blocks.length > 0, isNote: false, said };
}

/** A block for which the program names no account is for the account of its provider. */
function isSameAccount({ before: lost }: Placed, { before, after, changes }: Placed): boolean {
  const state = after ?? before;
  if (lost === undefined || state === undefined) return false;
  const account = [lost.id, lost.outputs.accountId].find(isKnown);
  const other = [state.id, state.outputs.accountId, state.inputs.accountId].find(isKnown);
  if (account !== undefined && other !== undefined) return account === other;
  const isNamed = state.inputs.accountId !== undefined && changes.includes("accountId");
  return !isNamed && providerOf(state) === providerOf(lost);
}

function isKeptBy({ before: lost }: Placed, { stays, deletes, before, after }: Placed): boolean {
  const isKept = stays || (deletes && before?.retainOnDelete === true);
  const isOfProvider = [before, after].some(
    (state) => state && lost && !state.external && providerOf(state) === providerOf(lost),
  );
  return isKept && isOfProvider;
}

/** @param kept a bucket that leaves the stack and stays in S3 */
function ofBucket(
  loss: Placed,
  bucket: Placed | undefined,
  kept: Placed | undefined,
  blocks: readonly Placed[],
  program: Program,
): Said {
  const gone = quoted(loss.urn);
  const stays = bucket ?? kept;
  const who = stays ? `Bucket ${quoted(stays.urn)}` : "A bucket";
  if (loss.takes === "unknown") {
    const reason = "nothing shows whether this update takes its public access block out";
    return unseeable(`Bucket ${gone}`, reason, `In S3 ${listOf(blocks)} would go, too.`);
  }
  if (loss.takes === "inline") {
    const how = `this update takes its public access block out, and in S3 ${areTheSame(listOf(blocks), blocks)}`;
    return said("lost", loss.urn, { who, how }, [`Leave ${named(loss, INLINE, program)} in ${gone}.`]);
  }
  if (loss.isBucket) {
    const how = `this update deletes it and makes it anew, and public access block ${listOf(blocks)} isn't written again.`;
    return said("lost", loss.urn, { who, how }, [byResource(blocks, program())]);
  }
  if (bucket === undefined && kept !== undefined) {
    const how = `it stays in S3 when it leaves the stack, and this update deletes its public access block ${gone}.`;
    return said("lost", loss.urn, { who, how }, [hold(loss, program)]);
  }
  const how = stays
    ? `this update deletes its public access block ${gone}.`
    : `this update deletes public access block ${gone}, and nothing shows that its bucket goes too.`;
  return deleted(loss, who, blocks, how, program);
}

/** A block that is deleted, and in S3 those that stay with it. `how` is said where there are none. */
function deleted(loss: Placed, who: string, blocks: readonly Placed[], how: string, program: Program): Said {
  if (blocks.length === 0) return said("lost", loss.urn, { who, how }, [hold(loss, program)]);
  const name = quoted(loss.urn);
  const others = blocks.filter(({ urn }) => urn !== loss.urn);
  const [first] = others;
  const isOfThisName = others.length === 1 && first !== undefined && nameIn(first.urn) === nameIn(loss.urn);
  const other = isOfThisName ? "the other one of this name" : listOf(others);
  const why =
    first === undefined
      ? `this update replaces public access block ${name}, and deletes the old one after the new one is written.`
      : `this update deletes public access block ${name}, and in S3 ${areTheSame(other, others)}`;
  return said("lost", loss.urn, { who, how: why }, fixes(loss, blocks, program));
}

function areTheSame(names: string, { length }: readonly Placed[]): string {
  return `${names} ${length === 1 ? "is" : "are"} the same configuration.`;
}

function byResource(blocks: readonly Placed[], { assignment, holder, output, variable }: Language): Fix {
  const bucket = variable("your", "bucket");
  return coded(`In ${listOf(blocks)}, name the bucket by its resource, where ${bucket} is ${holder} the bucket:`, [
    assignment("bucket", output(bucket, "id")),
  ]);
}

function fixes(gone: Placed, staying: readonly Placed[], program: Program): Fix[] {
  const heir = staying.find(({ makes, urn }) => makes && urn !== gone.urn);
  if (heir === undefined || !hasProvider(gone)) return [hold(gone, program)];
  return [
    coded(`If ${quoted(heir.urn)} is the same block, renamed or moved, say so in its options:`, [
      program().aliases(former(gone, heir)),
    ]),
    hold(gone, program, "If not: "),
  ];
}

/** What keeps the setting in S3: an input of the block, or the option that the engine has for any resource. */
function hold({ urn, type, before }: Placed, program: Program, start = ""): Fix {
  const name = quoted(urn);
  if (before?.provider === "") {
    const how = "add a moved block to its Terraform module if it was renamed; if not, first set and deploy";
    return coded(`${start}For ${name}, ${how}`, ["skip_destroy = true"]);
  }
  const provider = before === undefined ? "" : providerOf(before);
  const isOld = /::default_\d/.test(provider) && !knowsSkipDestroy({ urn: provider, read: () => undefined });
  const where = (place: string): string => `${start}${place} ${name}, set this first, in an update of its own:`;
  if (type !== BLOCK || isOld) return coded(where("In the options of"), [program().retained]);
  return coded(where("In"), [program().setting("skipDestroy")], ["skipDestroy"]);
}

function coded(text: string, code: readonly string[], properties: readonly string[] = []): Fix {
  return fix("other", code, { text }, properties);
}

/** What of the block has changed: its name, its parent, or what an alias can't say but by its URN. */
function former(gone: Placed, heir: Placed): Former {
  const parents = [gone.before?.parent ?? "", heir.after?.parent ?? ""] as const;
  const isRoot = (urn: string): boolean => urn === "" || typeIn(urn) === "pulumi:pulumi:Stack";
  const isMoved = parents[0] !== parents[1] && !(isRoot(parents[0]) && isRoot(parents[1]));
  return {
    urn: gone.urn,
    ...(nameIn(gone.urn) !== nameIn(heir.urn) && { name: nameIn(gone.urn) }),
    ...(isMoved && { parent: isRoot(parents[0]) ? null : parents[0] }),
  };
}
