import {
  ACCOUNT_BLOCK,
  BLOCK,
  type Finding as Found,
  fix,
  type Fix,
  gaps,
  groupBy,
  isSamePartition,
  isViolation,
  knowsSkipDestroy,
  type Language,
  listOf,
  named,
  nameIn,
  published,
  quoted,
  said,
  type Said,
  today,
  typeIn,
  UNKNOWN,
  unseeable,
  withExemptions,
} from "../../policypack/face";
import { type Configs, NO_CONFIG } from "../config";
import { shown } from "../report/message";
import type { Finding } from "../report/report";
import { LOST, OWN } from "../report/rules";
import type { LoadedPack } from "./events";
import type { State, Step } from "./output";
import { hasProvider, INLINE, isKnown, type Placed, placedSteps, providerOf } from "./placed-steps";

/*
 * The blocks that a preview takes away. A policy pack sees no deletions, and S3 has one public access block per bucket and
 * one an account, whatever resources there are: the last write wins, and a delete is a write too (DeletePublicAccessBlock,
 * Amazon S3 API Reference). So the steps are followed in their order.
 */

/** The policies whose level and exemptions hold for a loss, too. */
const POLICIES = { bucket: "s3-bucket-public-access-block", account: "s3-account-public-access-block" } as const;

/** A bucket or an account that stays while the preview takes its public access block away. */
interface Lost extends Pick<Found, "said" | "isNote"> {
  readonly of: "bucket" | "account";
  /** The URN that stays and is open then: the bucket's, or the account's block's. */
  readonly urn: string;
  /** The resource whose place in the program is where to look. */
  readonly at: string;
  /** Whether a block that targets it stays in the stack, so that a policy pack can't see the loss. */
  readonly isHidden: boolean;
}

type Program = () => Language;

/** A finding, and the resource at whose place it is to be shown. */
type LostFinding = Omit<Finding, "type" | "name" | "position"> & { readonly at: string };

/**
 * The blocks that buckets or accounts lose, as findings. They are evaluated where this package's own policy pack ran;
 * what it says of the same bucket isn't said twice.
 * @param language the language of the program that a resource belongs to
 * @throws UnreadableError
 */
export function lostFindings(
  steps: readonly Step[],
  loaded: readonly LoadedPack[],
  reported: readonly Finding[],
  configs: Pick<Configs, "of">,
  language: (urn: string) => Language | undefined,
): LostFinding[] {
  const found = new Map<string, LostFinding>();
  for (const { path } of loaded.filter(({ name }) => name === OWN)) {
    // One that an organization requires has no path, and nothing here shows its configuration: the defaults hold.
    const config = configs.of(path) ?? NO_CONFIG;
    const accountSuffices = config.of(POLICIES.bucket).options.acceptAccountPublicAccessBlock === true;
    for (const { of, urn, at, isHidden, ...rest } of lostBlocks(steps, accountSuffices)) {
      const [name, { level, contact, exemptions }] = [POLICIES[of], config.of(POLICIES[of])];
      if (level === "disabled") continue;
      const same = reported.filter((each) => each.pack === OWN && each.policy === name && each.urn === urn);
      for (const matched of withExemptions([{ urn, ...rest }], new Map(), exemptions, today())) {
        const blocks = isViolation(matched) && level !== "advisory";
        // The pack itself found that the bucket has no block: then it is the same fault.
        if (!isHidden && same.some((each) => each.blocks || each.kind === "exempt" || !blocks)) continue;
        const whole = published(matched, { name }, contact, () => language(urn));
        // The CLI's own exceptions are of what a pack reports, and no pack reports this.
        const howToExempt = whole.howToExempt && { ...whole.howToExempt, isExceptable: false };
        const message = shown({ ...whole, howToExempt }, language(urn)?.comment);
        // If the pack runs twice, with two configurations, what blocks counts.
        const key = `${of} ${urn}`;
        if (blocks || !found.has(key))
          found.set(key, { pack: OWN, policy: LOST, urn, at, severity: "high", blocks, ...message });
      }
    }
  }
  return [...found.values()];
}

/**
 * Finds the buckets and accounts that stay without the block that they had.
 * @param accountSuffices whether a bucket needs no block of its own where its account is locked in the same stack
 * @throws UnreadableError when the steps lack what this needs
 */
function lostBlocks(steps: readonly Step[], accountSuffices: boolean): Iterable<Lost> {
  const placed = placedSteps(steps);
  const accounts = placed.filter(({ type }) => type === ACCOUNT_BLOCK);
  const blocks = placed.filter(({ type }) => type === BLOCK);
  const buckets = placed.filter(({ isBucket }) => isBucket);
  // By the name of the bucket, so that a stack of any size is evaluated in one pass.
  const byName = groupBy([...buckets, ...blocks], ({ name }) => name);
  const losses = [...blocks, ...buckets, ...accounts].filter(({ takes }) => takes !== undefined);
  const found = losses.flatMap((loss) => {
    // Part of a Terraform module whose contents the engine doesn't show.
    if (!loss.isBucket && !hasProvider(loss) && loss.before?.inputs.blockPublicAcls === UNKNOWN) return untold(loss);
    if (loss.type === ACCOUNT_BLOCK) return lostByAccount(loss, accounts, buckets) ?? [];
    const akin = loss.name === undefined ? [] : (byName.get(loss.name) ?? []);
    return lostByBucket(loss, akin, accountSuffices ? accounts : []) ?? [];
  });
  return new Map(found.map((lost) => [lost.urn, lost])).values();
}

function untold({ urn, type }: Placed): Lost {
  const subject = `The deletion of public access block ${quoted(urn)}`;
  const reason = "Pulumi doesn't show the contents of its Terraform module";
  const note = unseeable(subject, reason, "If what it locks stays, it can be opened to the public.");
  return { of: type === ACCOUNT_BLOCK ? "account" : "bucket", urn, at: urn, isHidden: true, isNote: true, said: note };
}

/** Whether it is surely written after the loss: the engine takes the steps of independent resources side by side. */
function isWrittenAfter({ urn, writes, at, after }: Placed, loss: Placed): boolean {
  return writes && at > loss.at && [urn, ...(after?.dependencies ?? [])].includes(loss.on ?? loss.urn);
}

/** @param akin the steps of buckets and blocks of this name */
function lostByBucket(loss: Placed, akin: readonly Placed[], accounts: readonly Placed[]): Lost | undefined {
  const same = akin.filter(({ scope }) => isSamePartition(scope, loss.scope) !== false);
  const sure = akin.filter(({ scope }) => isSamePartition(scope, loss.scope) === true);
  if (sure.some((each) => !each.isBucket && isWrittenAfter(each, loss))) return undefined;
  // The bucket itself is deleted, and not replaced.
  const goes = sure.findLast(({ isBucket, takes }) => isBucket && takes === "all");
  const isThere = ({ isBucket, makes, stays, at }: Placed): boolean =>
    isBucket && (makes ? at > (goes?.at ?? 0) : stays);
  if (goes !== undefined && !same.some(isThere)) return undefined;
  const staying = same.filter(({ stays }) => stays);
  const blocks = staying.filter(({ isBucket, after }) => !isBucket && after?.external !== true);
  const buckets = staying.filter(({ isBucket }) => isBucket);
  const bucket = buckets.find(({ after }) => after?.external !== true) ?? buckets[0];
  if (loss.isBucket && (bucket === undefined || blocks.length === 0)) return undefined;
  // As the policy pack has it for its option acceptAccountPublicAccessBlock.
  const locksIt = ({ urn, stays, after }: Placed): boolean => {
    if (!stays || after === undefined || after.external) return false;
    if (accounts.some((other) => other.urn === urn && other.takes !== undefined)) return false;
    const isLocked = gaps((flag) => after.inputs[flag]).length === 0;
    return isLocked && after.inputs.accountId === undefined && providerOf(after) === bucket?.scope.provider;
  };
  if (bucket && accounts.some(locksIt)) return undefined;
  const kept = same.find(({ isBucket, stays, before }) => isBucket && !stays && before?.retainOnDelete === true);
  const { urn, on: at = urn } = bucket ?? kept ?? blocks[0] ?? loss;
  const said = (program: Program): Said => ofBucket(loss, bucket, kept, blocks, program);
  return { of: "bucket", urn, at, isHidden: blocks.length > 0, isNote: loss.takes === "unknown", said };
}

function lostByAccount(loss: Placed, accounts: readonly Placed[], buckets: readonly Placed[]): Lost | undefined {
  const lost = loss.before;
  if (lost === undefined) return undefined;
  const isOfProvider = (state: State | undefined): boolean =>
    state !== undefined && providerOf(state) === providerOf(lost);
  // A block for which the program names no account is for the account of its provider, and a Terraform module's may be for any.
  const same = accounts.filter((each) => {
    const { before, after, changes } = each;
    const state = after ?? before;
    const account = [lost.id, lost.outputs.accountId].find(isKnown);
    const other = [state?.id, state?.outputs.accountId, state?.inputs.accountId].find(isKnown);
    if (account !== undefined && other !== undefined) return account === other;
    const isNamed = state?.inputs.accountId !== undefined && changes.includes("accountId");
    return !isNamed && (isOfProvider(state) || !hasProvider(each) || !hasProvider(loss));
  });
  if (same.some((each) => isWrittenAfter(each, loss))) return undefined;
  const blocks = same.filter(({ stays, after }) => stays && after?.external !== true);
  const open = buckets.filter(({ stays, deletes, before, after }) => {
    const isKept = stays || (deletes && before?.retainOnDelete === true);
    return isKept && [before, after].some((state) => state?.external === false && isOfProvider(state));
  });
  const [first] = blocks.length > 0 ? blocks : open;
  if (first === undefined) return undefined;
  const stay = `${listOf(open)} ${open.length === 1 ? "stays" : "stay"}`;
  const how = `this update deletes the account's public access block ${quoted(loss.urn)}, and ${stay}.`;
  const said = (program: Program): Said => deleted(loss, "The account's buckets", blocks, how, program);
  const [urn, at] = [blocks[0]?.urn ?? loss.urn, first.on ?? first.urn];
  return { of: "account", urn, at, isHidden: blocks.length > 0, isNote: false, said };
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
    const { assignment, holder, output, variable } = program();
    const it = variable("your", "bucket");
    const where = `In ${listOf(blocks)}, name the bucket by its resource, where ${it} is ${holder} the bucket:`;
    return said("lost", loss.urn, { who, how }, [coded(where, [assignment("bucket", output(it, "id"))])]);
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
  const heir = others.find(({ makes }) => makes);
  if (heir === undefined || !hasProvider(loss)) return said("lost", loss.urn, { who, how: why }, [hold(loss, program)]);
  // The changes of the block: its name, its parent, or something that an alias can express only by the URN.
  const [old = "", now = ""] = [loss.before?.parent, heir.after?.parent];
  const isRoot = (urn: string): boolean => urn === "" || typeIn(urn) === "pulumi:pulumi:Stack";
  const isMoved = old !== now && !(isRoot(old) && isRoot(now));
  const aliases = program().aliases({
    urn: loss.urn,
    ...(nameIn(loss.urn) !== nameIn(heir.urn) && { name: nameIn(loss.urn) }),
    ...(isMoved && { parent: isRoot(old) ? null : old }),
  });
  const renamed = `If ${quoted(heir.urn)} is the same block renamed or moved, add an alias to its options:`;
  return said("lost", loss.urn, { who, how: why }, [coded(renamed, [aliases]), hold(loss, program, "If not: ")]);
}

function areTheSame(names: string, { length }: readonly Placed[]): string {
  return `${names} ${length === 1 ? "is" : "are"} the same configuration.`;
}

/** The fix that keeps the setting in S3: an input of the block, or the engine's option for any resource. */
function hold({ urn, type, before }: Placed, program: Program, start = ""): Fix {
  const name = quoted(urn);
  if (before?.provider === "") {
    const how = "add a moved block to its Terraform module if it was renamed; if not, first set and deploy";
    return coded(`${start}For ${name}, ${how}`, ["skip_destroy = true"]);
  }
  const provider = before?.provider ?? "";
  const isOld = /::default_\d/.test(provider) && !knowsSkipDestroy({ urn: provider, read: () => undefined });
  const where = (place: string): string => `${start}${place} ${name}, set this first, and deploy it:`;
  if (type !== BLOCK || isOld) return coded(where("In the options of"), [program().retained]);
  return coded(where("In"), [program().setting("skipDestroy")], ["skipDestroy"]);
}

function coded(text: string, code: readonly string[], properties: readonly string[] = []): Fix {
  return fix("other", code, { text }, properties);
}
