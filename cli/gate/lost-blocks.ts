import {
  ACCOUNT_BLOCK,
  BLOCK,
  BUCKETS,
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
  NATIVE_BUCKET,
  quoted,
  said,
  type Said,
  typeIn,
  UNKNOWN,
  unseeable,
} from "../../policypack/face";
import type { Step } from "./output";
import {
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
import { hasProvider, INLINE, type KnownStep } from "./step-roads";

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
  readonly said: Said | ((program: Program) => Said);
}

/**
 * Tells what stays without the block that it had.
 * @param accountSuffices whether a bucket needs no block of its own where its account is locked in the same stack
 * @throws UnreadableError when the steps lack what is needed to tell
 */
export function lostBlocks(steps: readonly Step[], accountSuffices: boolean): Lost[] {
  const placed = placedSteps(steps);
  const ofType = (isWanted: (type: string) => boolean): Placed[] => placed.filter(({ step }) => isWanted(step.type));
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
  for (const loss of [...blocks, ...buckets]) {
    const taken = takesAway(loss.step, steps) ? "bucket" : takesOut(loss.step);
    if (taken === undefined) continue;
    const isBucket = isBucketStep(loss.step);
    if (!isBucket && isUntold(loss)) {
      found.set(loss.step.urn, untold(loss, "bucket"));
      continue;
    }
    const akin = find(loss.name).filter(({ scope }) => isSamePartition(scope, loss.scope) !== false);
    const sure = akin.filter(({ scope }) => isSamePartition(scope, loss.scope) === true);
    const isWritten = sure.some(
      ({ step, at }) =>
        step.type === BLOCK &&
        WRITES.has(step.op) &&
        at > loss.at &&
        !step.after?.external &&
        isOrdered(step, loss.step),
    );
    if (isWritten || isGone(sure, akin, steps)) continue;
    const staying = akin.filter(({ stays }) => stays);
    const blocksStaying = staying.filter(({ step }) => step.type === BLOCK && step.after?.external !== true);
    const bucket = staying
      .filter(({ step }) => isBucketStep(step))
      .sort((one, other) => Number(one.step.after?.external) - Number(other.step.after?.external))[0];
    if (isBucket && (bucket === undefined || blocksStaying.length === 0)) continue;
    if (bucket && accounts.some((account) => locksAccountOf(account, bucket, steps))) continue;
    const kept = akin.find(({ step, stays }) => !stays && isBucketStep(step) && step.before?.retainOnDelete === true);
    const { urn, on: at = urn } = (bucket ?? kept ?? blocksStaying[0] ?? loss).step;
    const left = { bucket, kept, blocks: blocksStaying, taken: isBucket ? taken : undefined };
    found.set(urn, {
      ...{ of: "bucket", urn, at, isHidden: blocksStaying.length > 0, isNote: taken === "unknown" },
      said: (program) => ofBucket(loss, left, program),
    });
  }
  return [...found.values()];
}

/** Whether an update takes the block out of a bucket that has it inside. In S3 that is a delete like any other. */
function takesOut({ op, type, before, after }: KnownStep): Taken | undefined {
  if (type !== NATIVE_BUCKET || op !== "update") return undefined;
  const [had, has] = [before?.inputs[INLINE] ?? undefined, after?.inputs[INLINE] ?? undefined];
  if (had === undefined) return undefined;
  return has === undefined ? "block" : has === UNKNOWN ? "unknown" : undefined;
}

/** The engine orders its own steps. Terraform orders those of a module: only a replacement shows which comes first. */
function isOrdered(one: KnownStep, other: KnownStep): boolean {
  return one.urn === other.urn || (hasProvider(one) && hasProvider(other));
}

/** Whether it is part of a Terraform module whose contents the engine doesn't show. */
function isUntold({ step }: Placed): boolean {
  return !hasProvider(step) && step.before?.inputs.blockPublicAcls === UNKNOWN;
}

function untold({ step: { urn } }: Placed, of: Lost["of"]): Lost {
  const subject = `The deletion of public access block ${quoted(urn)}`;
  const reason = "Pulumi doesn't show the contents of its Terraform module";
  const note = unseeable(subject, reason, "If what it locks stays, it can be opened to the public.");
  return { of, urn, at: urn, isHidden: true, isNote: true, said: note };
}

/** The steps by the name of the bucket, so that a stack of any size is evaluated in one pass. */
function byName(placed: readonly Placed[]): (name: string | undefined) => readonly Placed[] {
  const lists = groupBy(placed, ({ name }) => name);
  return (name) => (name === undefined ? [] : (lists.get(name) ?? []));
}

/** Whether the bucket itself is deleted, and not made anew. */
function isGone(sure: readonly Placed[], akin: readonly Placed[], steps: readonly Step[]): boolean {
  const goes = sure.findLast(({ step }) => isBucketStep(step) && takesAway(step, steps));
  if (goes === undefined) return false;
  const isAnother = ({ step, at }: Placed): boolean => isBucketStep(step) && MAKES.has(step.op) && at > goes.at;
  const isKept = ({ step, stays }: Placed): boolean => isBucketStep(step) && stays && !MAKES.has(step.op);
  return !akin.some((each) => isAnother(each) || isKept(each));
}

/** As the policy pack has it for its option acceptAccountPublicAccessBlock. */
function locksAccountOf({ step, stays }: Placed, bucket: Placed, steps: readonly Step[]): boolean {
  const { after } = step;
  if (!stays || after === undefined || after.external) return false;
  if (steps.some((other) => other.urn === step.urn && takesAway({ ...other, type: step.type }, steps))) return false;
  const isLocked = gaps((flag) => after.inputs[flag]).length === 0;
  return isLocked && after.inputs.accountId === undefined && providerOf(after) === bucket.scope.provider;
}

function lostByAccounts(steps: readonly Step[], accounts: readonly Placed[], buckets: readonly Placed[]): Lost[] {
  const found = new Map<string, Lost>();
  for (const loss of accounts.filter(({ step }) => takesAway(step, steps))) {
    if (isUntold(loss)) {
      found.set(loss.step.urn, untold(loss, "account"));
      continue;
    }
    const same = accounts.filter((other) => isSameAccount(loss, other));
    if (same.some(({ step, at }) => WRITES.has(step.op) && at > loss.at && isOrdered(step, loss.step))) continue;
    const staying = same.filter(({ step, stays }) => stays && step.after?.external !== true);
    const open = buckets.filter((bucket) => isKeptBy(loss, bucket));
    const [first] = staying.length > 0 ? staying : open;
    if (first === undefined) continue;
    const urn = staying[0]?.step.urn ?? loss.step.urn;
    const why = (program: Program): Said => ofAccount(loss, staying, open, program);
    const at = first.step.on ?? first.step.urn;
    found.set(urn, { of: "account", urn, at, isHidden: staying.length > 0, isNote: false, said: why });
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
    stays && before !== undefined && states.some((state) => !state.external && providerOf(state) === providerOf(before))
  );
}

/** Tells what language the program is in. */
type Program = () => Language;

interface Staying {
  readonly bucket: Placed | undefined;
  /** A bucket that leaves the stack and stays in S3. */
  readonly kept: Placed | undefined;
  readonly blocks: readonly Placed[];
  /** What is taken away where it isn't a block's own resource. */
  readonly taken: Taken | undefined;
}

/** A bucket, to be made anew; or the block out of it, or nobody knows whether the block. */
type Taken = "bucket" | "block" | "unknown";

function ofBucket(loss: Placed, { bucket, kept, blocks, taken }: Staying, program: Program): Said {
  const { step } = loss;
  const gone = quoted(step.urn);
  const stays = bucket ?? kept;
  const who = stays ? `Bucket ${quoted(stays.step.urn)}` : "A bucket";
  const lost = (how: string, lines: readonly (string | Fix)[]): Said => said("lost", step.urn, { who, how }, lines);
  const steps = blocks.map((each) => each.step);
  if (taken === "unknown") {
    const reason = "nothing shows whether this update takes its public access block out";
    return unseeable(`Bucket ${gone}`, reason, `In S3 ${listOf(steps)} would go, too.`);
  }
  if (taken === "block") {
    const is = blocks.length === 1 ? "is" : "are";
    return lost(
      `this update takes its public access block out, and in S3 ${listOf(steps)} ${is} the same configuration.`,
      [`Leave ${named(step, INLINE, program)} in ${gone}.`],
    );
  }
  if (taken === "bucket" && bucket) {
    return lost(
      `this update deletes it and makes it anew, and public access block ${listOf(steps)} isn't written again.`,
      [byResource(steps, program())],
    );
  }
  if (bucket === undefined && kept) {
    return lost(`it stays in S3 when it leaves the stack, and this update deletes its public access block ${gone}.`, [
      hold(step, program),
    ]);
  }
  if (blocks.length > 0) return lost(deletion(step, steps), fixes(step, steps, program));
  const which = stays ? "its public access block" : "public access block";
  const rest = stays ? "." : ", and nothing shows that its bucket goes too.";
  return lost(`this update deletes ${which} ${gone}${rest}`, [hold(step, program)]);
}

function byResource(blocks: readonly Step[], { assignment, holder, output, variable }: Language): Fix {
  const bucket = variable("your", "bucket");
  return coded(`In ${listOf(blocks)}, name the bucket by its resource, where ${bucket} is ${holder} the bucket:`, [
    assignment("bucket", output(bucket, "id")),
  ]);
}

function ofAccount({ step }: Placed, staying: readonly Placed[], open: readonly Placed[], program: Program): Said {
  const steps = staying.map((each) => each.step);
  const lost = (how: string, lines: readonly Fix[]): Said =>
    said("lost", step.urn, { who: "The account's buckets", how }, lines);
  if (steps.length > 0) return lost(deletion(step, steps), fixes(step, steps, program));
  const stay = `${listOf(open.map((each) => each.step))} ${open.length === 1 ? "stays" : "stay"}`;
  return lost(`this update deletes the account's public access block ${quoted(step.urn)}, and ${stay}.`, [
    hold(step, program),
  ]);
}

function deletion(gone: Step, staying: readonly Step[]): string {
  const others = staying.filter(({ urn }) => urn !== gone.urn);
  const name = quoted(gone.urn);
  if (others.length === 0)
    return `this update replaces public access block ${name}, and deletes the old one after the new one is written.`;
  const verb = others.length === 1 ? "is" : "are";
  const moved = others.some(({ urn }) => nameIn(urn) === nameIn(gone.urn));
  const other = moved && others.length === 1 ? "the other one of this name" : listOf(others);
  return `this update deletes public access block ${name}, and in S3 ${other} ${verb} the same configuration.`;
}

function fixes(gone: KnownStep, staying: readonly Step[], program: Program): Fix[] {
  const heir = staying.find(({ op, urn }) => MAKES.has(op) && urn !== gone.urn);
  if (heir === undefined || !hasProvider(gone)) return [hold(gone, program)];
  return [
    coded(`If ${quoted(heir.urn)} is the same block, renamed or moved, say so in its options:`, [
      program().aliases(former(gone, heir)),
    ]),
    hold(gone, program, "If not: "),
  ];
}

/** What keeps the setting in S3: an input of the block, or the option that the engine has for any resource. */
function hold({ urn, type, before }: KnownStep, program: Program, start = ""): Fix {
  const name = quoted(urn);
  if (before?.provider === "") {
    const how = "add a moved block to its Terraform module if it was renamed; if not, first set and deploy";
    return coded(`${start}For ${name}, ${how}`, ["skip_destroy = true"]);
  }
  const provider = before === undefined ? "" : providerOf(before);
  const isOld = /::default_\d/.test(provider) && !knowsSkipDestroy({ urn: provider, read: () => undefined });
  const [where, line] =
    type === BLOCK && !isOld ? ["In", program().setting("skipDestroy")] : ["In the options of", program().retained];
  return coded(
    `${start}${where} ${name}, set this first, in an update of its own:`,
    [line],
    line.includes("kip") ? ["skipDestroy"] : [],
  );
}

function coded(text: string, code: readonly string[], properties: readonly string[] = []): Fix {
  return fix("other", code, { text }, properties);
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
