import {
  ACCOUNT_BLOCK,
  adapt,
  BLOCK,
  BUCKETS,
  configurationOf,
  FLAGS,
  isAdapted,
  isOfAws,
  isTemplate,
  NATIVE_BUCKET,
  type Read,
  type Scope,
  scopeOf,
  typeIn,
  UNKNOWN,
  UNKNOWNS,
  UNSEEN,
} from "../../policypack/face";
import { type Providers, providersIn, type Stated, told } from "../audit/resources";
import { type Json, type State, type Step, UnreadableError } from "./output";

/*
 * The steps of a preview that are about buckets and public access blocks, in the types that policies know: what each does in
 * S3, to the bucket of which name, in which account and partition.
 */

const MAKES = new Set(["create", "create-replacement"]);
const WRITES = new Set([...MAKES, "update"]);
const DELETES = new Set(["delete", "delete-replaced"]);
const STAYS = new Set([...WRITES, "same", "read", "read-replacement", "import", "import-replacement"]);
const OTHERS = new Set(["replace", "discard", "discard-replaced", "remove-pending-replace", "refresh", "diff"]);

/** The CLI prints it in place of a secret. */
const SECRET = "[secret]";

/** The block that a bucket of Cloud Control has inside. */
export const INLINE = "publicAccessBlockConfiguration";

/** The properties that identify a bucket, and those that lock it. */
const KEYS = ["bucket", "bucketName", "arn", "region", "accountId", "skipDestroy", INLINE, ...FLAGS];

const isOurs = (type: string): boolean => BUCKETS.has(type) || type === BLOCK || type === ACCOUNT_BLOCK;

/** A step in the types that policies know; for a part of a template, with the URN of its stack, which has a place in the program. */
type KnownStep = Step & { readonly type: string; readonly on?: string | undefined };

export type Placed = ReturnType<typeof placedSteps>[number];

/** The steps about buckets and blocks, in their order. @throws UnreadableError when they lack what this needs */
export function placedSteps(steps: readonly Step[]) {
  const replaced = new Set(steps.filter(({ op }) => op.endsWith("-replacement")).map(({ urn }) => urn));
  for (const step of steps) {
    const type = typeIn(step.urn);
    if (isOurs(type) || isAdapted(type)) check(step, replaced);
  }
  const providers = providersIn(
    steps.flatMap(({ urn, before, after = before }) =>
      typeIn(urn).startsWith("pulumi:providers:") && after ? [stated(urn, after)] : [],
    ),
  );
  const wanted = knownSteps(steps, providers).flatMap((step, at) => (isOurs(step.type) ? [{ ...step, at }] : []));
  const deleted = new Map(wanted.filter(({ op }) => DELETES.has(op)).map(({ urn, at }) => [urn, at]));
  const gone = new Set(steps.filter(({ op }) => op === "delete").map(({ urn }) => urn));
  const placed = wanted.map((step) => {
    const { op, urn, type, at, before, after } = step;
    const state = DELETES.has(op) ? before : (after ?? before);
    // With --refresh a resource that goes has a step before, which says how it was found. What stays the same does so though
    // a copy is deleted that an interrupted update has left.
    const goesLater = op !== "same" && !op.endsWith("-replacement") && (deleted.get(urn) ?? -1) > at;
    return {
      ...step,
      isBucket: BUCKETS.has(type),
      makes: MAKES.has(op),
      writes: WRITES.has(op) && after?.external !== true,
      deletes: DELETES.has(op),
      /** Whether the resource is in the stack after the preview's update. */
      stays: STAYS.has(op) && !goesLater,
      /** The name of the bucket in S3; undefined while nobody knows it. */
      name: bucketName(step, state),
      scope: placeOf(urn, state, providers),
      takes: takes(step, gone),
    };
  });
  // The ID of a bucket that is replaced is unknown, and so is the name in a block that is made from it: then it is the
  // bucket's, if the name comes from there and from nowhere else. That is what the policy pack takes for proof, too.
  const names = new Map(placed.filter(({ isBucket, stays }) => isBucket && stays).map(({ urn, name }) => [urn, name]));
  return placed.map((step) => {
    const { op, name, after } = step;
    const sources = after?.propertyDependencies.bucket;
    if (name !== undefined || !WRITES.has(op) || !isUnknown(after?.inputs.bucket) || !Array.isArray(sources))
      return step;
    const [source, ...others] = sources as unknown[];
    return others.length === 0 && typeof source === "string" ? { ...step, name: names.get(source) } : step;
  });
}

function check({ op, urn, before, after }: Step, replaced: ReadonlySet<string>): void {
  const fail = (what: string): never => {
    throw new UnreadableError(`the preview's JSON output ${what} of ${urn}`);
  };
  if (!STAYS.has(op) && !DELETES.has(op) && !OTHERS.has(op)) fail(`has the step ${op}, which is not known here,`);
  // Without a provider (a component or a part of a Terraform module) there is no ID.
  const hasId = before !== undefined && (before.external || before.provider === "" || before.id !== undefined);
  if (DELETES.has(op) && !hasId) fail("lacks the old state");
  if (STAYS.has(op) && after === undefined) fail("lacks the new state");
  if (op === "replace" && !replaced.has(urn)) fail("lacks the steps of the replacement");
}

/** Without a provider: a component, or a part of a Terraform module. */
export function hasProvider({ before, after }: Step): boolean {
  return (after ?? before)?.provider !== "";
}

/** By its configuration. A reference to a provider is its URN and its ID, which may be unknown. */
export function providerOf({ provider }: State): string {
  return configurationOf(provider.replace(/::[^:]*$/, ""));
}

/** Replaces each step by those of the resources that the policy pack's adapters make of it. Leaves components out. */
function knownSteps(steps: readonly Step[], providers: Providers): KnownStep[] {
  return steps.flatMap((step): KnownStep[] => {
    const type = typeIn(step.urn);
    if (isOfAws(type) && !hasProvider(step)) return [];
    return isAdapted(type) ? partsOf(step, providers) : [{ ...step, type }];
  });
}

/** The steps of what a resource stood for, and of what it stands for now. A part of a template comes or goes by an update. */
function partsOf({ op, urn, frames, changes, ...states }: Step, providers: Providers): KnownStep[] {
  const [old, now] = [adapted(urn, states.before, providers), adapted(urn, states.after, providers)];
  const all = new Map([...old, ...now]);
  // Where not all is seen of a template, what is missing may still be in it.
  const left = [...now.values()].some(({ type }) => type === UNSEEN) ? all : now;
  return [...all].map(([urn, { type, on }]) => {
    const [before, after] = [old.get(urn)?.state, left.get(urn)?.state];
    const change = after === undefined ? "delete" : before === undefined ? "create" : op;
    return { op: op === "update" ? change : op, urn, type, frames, changes, on, before, after };
  });
}

function adapted(urn: string, state: State | undefined, providers: Providers) {
  if (state === undefined) return new Map<string, never>();
  // A bucket may stay in S3 when it leaves its template: by a DeletionPolicy, which a parameter may give.
  const mayRetain = isTemplate(typeIn(urn)) && /Retain|AWS::LanguageExtensions/.test(JSON.stringify(state.inputs));
  const retainOnDelete = state.retainOnDelete || mayRetain;
  return new Map(
    adapt([told(stated(urn, state), providers).stored]).map(({ urn, type, on, input, read }) => {
      const [inputs, outputs] = [properties(state.inputs, input), properties(state.outputs, read)];
      // The ID of a stack is the name of none of its buckets.
      const id = on === undefined ? state.id : undefined;
      return [urn, { type, on, state: { ...state, id, retainOnDelete, inputs, outputs } }];
    }),
  );
}

/** A secret keeps its mark: whether it changes can be seen all the same. */
function properties(given: Json, read: Read): Json {
  return Object.fromEntries(KEYS.map((key) => [key, given[key] === SECRET ? SECRET : read(key)]));
}

function stated(urn: string, { inputs, outputs, provider, parent }: State): Stated {
  return { urn, type: typeIn(urn), inputs, outputs, provider, parent, ignoreChanges: [], references: () => [] };
}

/** The bucket's name. It is also the ID, of the bucket and of its block. */
function bucketName({ type, changes, before }: KnownStep, state: State | undefined): string | undefined {
  const key = type === NATIVE_BUCKET ? "bucketName" : "bucket";
  // Of a resource that is replaced a secret name can't be read, but that it doesn't change can.
  const isKept = state?.inputs[key] === SECRET && !changes.includes(key);
  return [state, ...(isKept ? [before] : [])]
    .flatMap((each) => [each?.inputs[key], each?.outputs[key], each?.id])
    .find(isKnown);
}

function isUnknown(value: unknown): boolean {
  return value === UNKNOWN || (typeof value === "string" && value !== SECRET && UNKNOWNS.has(value));
}

export function isKnown(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !UNKNOWNS.has(value);
}

/** As the policy pack has it. */
function placeOf(urn: string, state: State | undefined, providers: Providers): Scope {
  if (state === undefined) return { provider: undefined, partition: undefined };
  return { ...scopeOf(told(stated(urn, state), providers).stored), provider: providerOf(state) };
}

/**
 * The part that the step takes out of S3: all of the resource, the block inside of a bucket, or nobody knows whether that.
 * A block taken out of a bucket by an update is in S3 a delete like any other.
 */
function takes({ op, type, before, after }: KnownStep, gone: ReadonlySet<string>) {
  if (before === undefined) return undefined;
  if (DELETES.has(op)) {
    const { external, retainOnDelete, outputs, deletedWith } = before;
    // The provider is given the old outputs: what the program says now comes too late.
    const isSkipped = outputs.skipDestroy === true && type === BLOCK;
    return external || retainOnDelete || isSkipped || gone.has(deletedWith) ? undefined : "all";
  }
  if (type !== NATIVE_BUCKET || op !== "update" || (before.inputs[INLINE] ?? undefined) === undefined) return undefined;
  const has = after?.inputs[INLINE] ?? undefined;
  return has === undefined ? "inline" : has === UNKNOWN ? "unknown" : undefined;
}
