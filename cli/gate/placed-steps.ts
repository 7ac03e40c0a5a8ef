import {
  ACCOUNT_BLOCK,
  BLOCK,
  BUCKETS,
  isAdapted,
  NATIVE_BUCKET,
  partitionOf,
  type Scope,
  typeIn,
  UNKNOWN,
  UNKNOWNS,
} from "../../policypack/face";
import { UnreadableError, type State, type Step } from "./output";
import { type KnownStep, knownSteps, SECRET } from "./step-roads";

/*
 * The steps of a preview that are about buckets and public access blocks: what each does in S3, to the bucket of which name, in
 * which account and partition.
 */

export const WRITES = new Set(["create", "update", "create-replacement"]);
export const MAKES = new Set(["create", "create-replacement"]);
export const DELETES = new Set(["delete", "delete-replaced"]);
const STAYS = new Set([...WRITES, "same", "read", "read-replacement", "import", "import-replacement"]);
const OTHERS = new Set(["replace", "discard", "discard-replaced", "remove-pending-replace", "refresh", "diff"]);

export interface Placed {
  readonly step: KnownStep;
  /** Its number among the steps. */
  readonly at: number;
  /** The name of the bucket in S3; undefined while nobody knows it. */
  readonly name: string | undefined;
  readonly scope: Scope;
  /** Whether the resource is in the stack after the preview's update. */
  readonly stays: boolean;
}

/**
 * The steps about buckets and public access blocks, in their order.
 * @throws UnreadableError when the steps lack what is needed to tell
 */
export function placedSteps(steps: readonly Step[]): Placed[] {
  const replaced = new Set(steps.filter(({ op }) => op.endsWith("-replacement")).map(({ urn }) => urn));
  for (const step of steps) {
    const type = typeIn(step.urn);
    if (isOurs(type) || isAdapted(type)) check(step, replaced);
  }
  const wanted = knownSteps(steps)
    .map((step, at) => ({ step, at }))
    .filter(({ step }) => isOurs(step.type));
  const partitions = partitionsOfProviders(steps);
  const deleted = new Map(wanted.filter(({ step }) => DELETES.has(step.op)).map(({ step, at }) => [step.urn, at]));
  return withNamesOfBuckets(
    wanted.map(({ step, at }) => {
      // With --refresh a resource that goes has a step before, which says how it was found.
      const goesLater = !step.op.endsWith("-replacement") && (deleted.get(step.urn) ?? -1) > at;
      return { ...place(step, at, partitions), stays: STAYS.has(step.op) && !goesLater };
    }),
  );
}

function isOurs(type: string): boolean {
  return BUCKETS.has(type) || type === BLOCK || type === ACCOUNT_BLOCK;
}

function check(step: Step, replaced: ReadonlySet<string>): void {
  const { op, urn, before, after } = step;
  const fail = (what: string): never => {
    throw new UnreadableError(`the preview's JSON output ${what} of ${urn}`);
  };
  if (!STAYS.has(op) && !DELETES.has(op) && !OTHERS.has(op)) fail(`has the step ${op}, which is not known here,`);
  // What has no provider, a component or a part of a Terraform module, has no ID.
  const hasId = before !== undefined && (before.external || before.provider === "" || before.id !== undefined);
  if (DELETES.has(op) && !hasId) fail("lacks the old state");
  if (STAYS.has(op) && after === undefined) fail("lacks the new state");
  if (op === "replace" && !replaced.has(urn)) fail("lacks the steps of the replacement");
}

function place(step: KnownStep, at: number, partitions: ReadonlyMap<string, string>): Omit<Placed, "stays"> {
  const state = DELETES.has(step.op) ? step.before : (step.after ?? step.before);
  const key = step.type === NATIVE_BUCKET ? "bucketName" : "bucket";
  const named = state && bucketNameIn(state, key);
  // A secret name can't be read of a resource that is made anew; that it doesn't change can.
  const isKept = state?.inputs[key] === SECRET && !step.changes.includes(key);
  const kept = isKept && step.before ? bucketNameIn(step.before, key) : undefined;
  return { step, at, name: named ?? kept, scope: scopeOf(state, partitions) };
}

/**
 * The ID of a bucket that is made anew is unknown, and so is the name in a block that is made from it: then it is the
 * bucket's, if the name comes from there and from nowhere else. That is what the policy pack takes for proof, too.
 */
function withNamesOfBuckets(placed: readonly Placed[]): Placed[] {
  const named = placed.filter(({ step, name, stays }) => isBucketStep(step) && stays && name !== undefined);
  const names = new Map(named.map(({ step, name }) => [step.urn, name]));
  return placed.map((each) => {
    const after = each.step.after;
    const from = isUnknown(after?.inputs.bucket) ? after?.propertyDependencies.bucket : undefined;
    const [source, ...others] = Array.isArray(from) ? (from as unknown[]) : [];
    if (each.name !== undefined || !WRITES.has(each.step.op) || others.length > 0) return each;
    return typeof source === "string" ? { ...each, name: names.get(source) } : each;
  });
}

export function isBucketStep({ type }: KnownStep): boolean {
  return BUCKETS.has(type);
}

/** The bucket's name. It is also the ID, of the bucket and of its block. */
function bucketNameIn({ id, inputs, outputs }: State, key: string): string | undefined {
  return [inputs[key], outputs[key], id].find(isKnown);
}

function isUnknown(value: unknown): boolean {
  return value === UNKNOWN || (typeof value === "string" && value !== SECRET && UNKNOWNS.has(value));
}

export function isKnown(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !UNKNOWNS.has(value);
}

function scopeOf(state: State | undefined, partitions: ReadonlyMap<string, string>): Scope {
  if (state === undefined) return { provider: undefined, partition: undefined };
  const provider = providerOf(state);
  const { inputs, outputs } = state;
  const arn = isKnown(outputs.arn) ? /^arn:([^:]+):s3:::/.exec(outputs.arn)?.[1] : undefined;
  const region = [inputs.region, outputs.region].find(isKnown);
  return { provider, partition: arn ?? (region === undefined ? partitions.get(provider) : partitionOf(region)) };
}

/** A reference to a provider is its URN and its ID, which may be unknown. */
export function providerOf({ provider }: State): string {
  return provider.slice(0, Math.max(provider.lastIndexOf("::"), 0)) || provider;
}

function partitionsOfProviders(steps: readonly Step[]): Map<string, string> {
  const partitions = new Map<string, string>();
  for (const { urn, before, after } of steps) {
    const region = (after ?? before)?.inputs.region;
    if (/^pulumi:providers:aws(-native)?$/.test(typeIn(urn)) && isKnown(region))
      partitions.set(urn, partitionOf(region));
  }
  return partitions;
}

/** Whether the step makes the provider delete what the resource stands for. */
export function takesAway({ op, type, before }: KnownStep, steps: readonly Step[]): boolean {
  if (!DELETES.has(op) || before === undefined) return false;
  const { external, retainOnDelete, outputs, deletedWith } = before;
  // The provider is given the old outputs: what the program says now comes too late.
  const isSkipped = outputs.skipDestroy === true && type === BLOCK;
  const goesWithAnother =
    deletedWith !== "" && steps.some((other) => other.op === "delete" && other.urn === deletedWith);
  return !external && !retainOnDelete && !isSkipped && !goesWithAnother;
}
