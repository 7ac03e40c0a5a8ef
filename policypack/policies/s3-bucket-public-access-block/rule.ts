import type { Gap } from "../../aws/flags";
import { isElsewhere, isSamePartition, type Scope } from "../../aws/partition";
import { append, byUrn } from "../../lib/lists";
import { UNKNOWN } from "../../lib/values";

/*
 * Which public access block targets which bucket, and whether it locks it.
 *
 * PASS  at least one block is proven to target the bucket, and each block that may target it has the four flags on
 * FAIL  no block targets it, or none can be proven to; or one that may target it has a flag that is off, left out,
 *       not a boolean, or unknown (S3 keeps the flags of the last write, whichever block that is)
 * SKIP  directory buckets, table buckets and vector buckets, which can't be made public: they are other resource types
 */

export interface Bucket {
  readonly urn: string;
  /** The bucket's name, UNKNOWN until it is made if the provider draws it then. */
  readonly name: unknown;
  /** The URNs of the resources that the name comes from. */
  readonly references: readonly string[];
  /** False while nothing is said of the bucket to come: its provider can't be asked at preview. */
  readonly isSettled: boolean;
  readonly scope: Scope;
}

/** A resource that belongs to one bucket: a public access block, a bucket policy, a versioning and so on. */
export interface Attachment {
  readonly urn: string;
  /** The name of the bucket that it belongs to. */
  readonly bucket: unknown;
  /** The URNs of the resources that this name comes from. */
  readonly references: readonly string[];
  readonly scope: Scope;
}

export interface Block extends Attachment {
  readonly gaps: readonly Gap[];
  /** False while the name may follow the bucket's: its provider can't be asked at preview, and nothing holds it back. */
  readonly isSettled: boolean;
  /** False for a block that `--target` leaves out of this run. */
  readonly inThisRun: boolean;
  /** Whether S3 keeps the flags when the resource goes: `skipDestroy`, known to be on. */
  readonly staysOn: boolean;
}

/**
 * Why a bucket is not locked; or, of one that is, that it may not stay so.
 *
 * missing   no block targets it
 * left-out  those that target it are left out of this run by `--target`
 * unproven  they may target it, for all that is known before the update
 * misnamed  their bucket name is built from this bucket, and names another
 * weak      they may target it, and don't have the four flags on
 * shared    it is locked by several: S3 has one block a bucket, so that it goes with the first of them to go
 * by-name   it is locked by blocks of other providers or regions, which share nothing with it but the text of its name
 */
export interface Assessment {
  readonly kind: "missing" | "left-out" | "unproven" | "misnamed" | "weak" | "shared" | "by-name";
  readonly blocks: readonly Block[];
}

/**
 * Evaluates every bucket of a stack; a bucket that is locked, by one block, isn't in the answer.
 * @param mostAlike how many blocks that say the same of a bucket are looked at: more change no verdict, and each for each are too many
 */
export function openBuckets<Seen extends Bucket>(
  buckets: readonly Seen[],
  blocks: readonly Block[],
  attachments: readonly Attachment[],
  mostAlike = 100,
): Map<Seen, Assessment> {
  const { candidates, maybe } = indexOf(blocks, [...attachments, ...blocks], mostAlike);
  const assessments = new Map<Seen, Assessment>();
  for (const bucket of buckets) {
    const assessment = evaluate(candidates(bucket), () => maybe(bucket));
    if (assessment !== undefined) assessments.set(bucket, assessment);
  }
  return assessments;
}

type Claim = "proven" | "by-name" | "unproven" | "misnamed";

/** The kinds of buckets that are locked all the same. */
export const LOCKED: readonly Assessment["kind"][] = ["shared", "by-name"];

function evaluate(candidates: ReadonlyMap<Block, Claim | undefined>, maybe: () => Block[]): Assessment | undefined {
  const having = (claim: Claim, inThisRun = true): Block[] => {
    const claims: (Claim | undefined)[] = claim === "proven" ? ["proven", "by-name"] : [claim];
    return [...candidates]
      .filter(([block, has]) => claims.includes(has) && block.inThisRun === inThisRun)
      .map(([block]) => block)
      .sort(byUrn);
  };
  const proven = having("proven");
  const unproven = having("unproven");
  if (proven.length > 0) {
    const weak = [...proven, ...unproven].filter((block) => block.gaps.length > 0).sort(byUrn);
    if (weak.length > 0) return { kind: "weak", blocks: weak };
    const isShared = new Set(proven.map(({ urn }) => urn)).size > 1 && !proven.every(({ staysOn }) => staysOn);
    if (isShared) return { kind: "shared", blocks: proven };
    return having("by-name").length === proven.length ? { kind: "by-name", blocks: proven } : undefined;
  }
  const near: Assessment[] = [
    { kind: "left-out", blocks: having("proven", false) },
    { kind: "unproven", blocks: unproven.length > 0 ? unproven : maybe().sort(byUrn) },
    { kind: "misnamed", blocks: having("misnamed") },
  ];
  return near.find(({ blocks }) => blocks.length > 0) ?? { kind: "missing", blocks: [] };
}

/** The source of a name without a recorded one, as in a Terraform plan. */
const ANYWHERE = Symbol("anywhere");

/** Looks blocks up by name and by reference, so that a stack of any size is evaluated in one pass. */
function indexOf(blocks: readonly Block[], attachments: readonly Attachment[], mostAlike: number) {
  // A block inside a bucket has the bucket's URN, and is not what the bucket's name comes through.
  const outside = attachments.filter(({ urn, references }) => !references.includes(urn));
  // What records no references is a source itself.
  const attached = new Map(outside.filter(({ references }) => references.length > 0).map((each) => [each.urn, each]));
  const originOf = originsOf(attachments, attached);
  const byName = new Map<unknown, [Block, ...Block[]]>();
  const bySource = new Map<unknown, [Block, ...Block[]]>();
  const [isNewToName, isNewToSource] = [limiter(mostAlike), limiter(mostAlike)];
  for (const block of [...blocks].sort(byUrn)) {
    const kind = kindOf(block, originOf(block));
    if (isNewToName(block.bucket, kind)) append(byName, block.bucket, block);
    const isNew = (urn: unknown): boolean => isNewToSource(urn, kind);
    for (const urn of sourcesOf(block, attached, isNew)) append(bySource, urn, block);
    if (block.references.length === 0 && isNew(ANYWHERE)) append(bySource, ANYWHERE, block);
  }
  const from = (urn: unknown): Block[] => bySource.get(urn) ?? [];
  return {
    /** The blocks that have the bucket's name, or whose name comes from the bucket. */
    candidates: (bucket: Bucket): Map<Block, Claim | undefined> => {
      const named = typeof bucket.name === "string" ? (byName.get(bucket.name) ?? []) : [];
      return new Map([...named, ...from(bucket.urn)].map((block) => [block, claimOf(block, originOf(block), bucket)]));
    },
    /** The blocks whose name is unknown and comes from where the bucket's own name comes from, or from anywhere. */
    maybe: (bucket: Bucket): Block[] => {
      const found = [...bucket.references, ANYWHERE]
        .flatMap(from)
        .filter((block) => block.bucket === UNKNOWN && block.inThisRun)
        .filter((block) => isSamePartition(block.scope, bucket.scope) !== false);
      return [...new Set(found)];
    },
  };
}

/** Where the bucket name of an attachment comes from. */
interface Origin {
  /** The resources that it comes from in the end: two stand for more. */
  readonly sources: Set<string>;
  /** The names, as far as they are known, of what it came through: two stand for more. */
  readonly names: Set<string>;
}

/**
 * What belongs to a bucket passes the bucket's name on (`bucket: policy.bucket`), so it is followed to where it got the
 * name itself. Anything else is a source of its own, which leaves the name unproven. Each step is taken a few times at most,
 * however many names come over it.
 */
function originsOf(all: readonly Attachment[], attached: ReadonlyMap<string, Attachment>): (of: Attachment) => Origin {
  const origins = new Map<Attachment, Origin>();
  const originOf = (each: Attachment): Origin => {
    const origin = origins.get(each) ?? { sources: new Set(), names: new Set() };
    origins.set(each, origin);
    return origin;
  };
  const users = new Map<Attachment, [Attachment, ...Attachment[]]>();
  const grown: Attachment[] = [];
  const give = (to: Attachment, kind: keyof Origin, value: string): void => {
    const own = originOf(to)[kind];
    if (own.size > 1 || own.has(value)) return;
    own.add(value);
    grown.push(to);
  };
  for (const each of all) {
    for (const urn of each.references) {
      const through = attached.get(urn);
      if (through === undefined) give(each, "sources", urn);
      else append(users, through, each);
      if (typeof through?.bucket === "string") give(each, "names", through.bucket);
    }
  }
  for (const each of grown) {
    const { sources, names } = originOf(each);
    for (const user of users.get(each) ?? []) {
      for (const urn of sources) give(user, "sources", urn);
      for (const name of names) give(user, "names", name);
    }
  }
  return originOf;
}

/** All the sources of a name; a way that enough blocks of the same kind have gone leads to nothing new. */
function sourcesOf(block: Block, attached: ReadonlyMap<string, Attachment>, isNew: (urn: string) => boolean): string[] {
  const found: string[] = [];
  const toVisit = new Set(block.references);
  for (const urn of toVisit) {
    if (!isNew(urn)) continue;
    const through = attached.get(urn);
    if (through === undefined) found.push(urn);
    else for (const each of through.references) toVisit.add(each);
  }
  return found;
}

/** Blocks of one kind say the same of any bucket that they have the name of, or a source in common with. */
function kindOf(block: Block, { sources, names }: Origin): string {
  const { bucket, scope, gaps, inThisRun, isSettled, staysOn } = block;
  const name = sources.size === 1 && (names.size > 1 || [...names]);
  const where = scope.partition ?? [scope.provider];
  return JSON.stringify([bucket === UNKNOWN, name, where, gaps.length > 0, inThisRun, isSettled, staysOn]);
}

/** Whether a block is among the first of its kind for a key. */
function limiter(most: number): (key: unknown, kind: string) => boolean {
  const counts = new Map<string, Map<unknown, number>>();
  return (key, kind) => {
    const ofKind = counts.get(kind) ?? new Map<unknown, number>();
    counts.set(kind, ofKind);
    const count = ofKind.get(key) ?? 0;
    ofKind.set(key, count + 1);
    return count < most;
  };
}

/** The claims of a block that has the bucket's name, or whose name comes from the bucket. */
function claimOf(block: Block, { sources, names }: Origin, bucket: Bucket): Claim | undefined {
  const same = isSamePartition(block.scope, bucket.scope);
  if (same === false) return undefined;
  const isReference = sources.size === 1 && sources.has(bucket.urn) && [...names].every((name) => name === bucket.name);
  if (block.bucket === UNKNOWN) return isReference ? "proven" : "unproven";
  if (bucket.name === UNKNOWN) {
    // A name that is known while the bucket's is not is the name that the bucket had before. It proves something only
    // where it says no more of the block to come than is said of the bucket.
    return isReference && !block.isSettled && !bucket.isSettled ? "proven" : "unproven";
  }
  if (block.bucket !== bucket.name) return "misnamed";
  if (isReference || same !== true) return isReference ? "proven" : "unproven";
  return isElsewhere(block.scope, bucket.scope) ? "by-name" : "proven";
}
