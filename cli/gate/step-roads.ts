import { FLAGS, isOfAws, isAdapted, isTemplate, type Read, adapt, typeIn, UNSEEN } from "../../policypack/face";
import { providersIn, told, type Stated } from "../audit/resources";
import type { Json, State, Step } from "./output";

/** What the CLI prints in place of a secret. */
export const SECRET = "[secret]";

/** The block that a bucket of Cloud Control has inside. */
export const INLINE = "publicAccessBlockConfiguration";

/** The properties that identify a bucket, and those that lock it. */
const KEYS = ["bucket", "bucketName", "arn", "region", "accountId", "skipDestroy", INLINE, ...FLAGS];

/** A step in the types that policies know, whatever types the program has. */
export interface KnownStep extends Step {
  readonly type: string;
  /** For a part of a template, the URN of its stack, which has a place in the program. */
  readonly on?: string;
}

/** Without a provider: a component, or a part of a Terraform module. */
export function hasProvider({ before, after }: Step): boolean {
  return (after ?? before)?.provider !== "";
}

type Providers = ReturnType<typeof providersIn>;

/** Replaces each step by those of the resources that the policy pack's adapters make of it. Leaves components out. */
export function knownSteps(steps: readonly Step[]): KnownStep[] {
  let providers: Providers | undefined;
  return steps.flatMap((step): KnownStep[] => {
    const type = typeIn(step.urn);
    if (isOfAws(type) && !hasProvider(step)) return [];
    if (!isAdapted(type)) return [{ ...step, type }];
    providers ??= providersIn(
      steps.flatMap(({ urn, before, after }) => {
        const state = after ?? before;
        return state === undefined ? [] : [stated(urn, state)];
      }),
    );
    const [old, now] = [adapted(step.urn, step.before, providers), adapted(step.urn, step.after, providers)];
    // Where not all is seen of a template, what is missing may still be in it.
    const isWhole = ![...now.values()].some((each) => each.type === UNSEEN);
    return paired(step, old, isWhole ? now : new Map([...old, ...now]));
  });
}

type Adapted = Pick<KnownStep, "type" | "on"> & { readonly state: State };

/** The steps of what a resource stood for, and of what it stands for now. A part of a template comes or goes by an update. */
function paired(step: Step, old: ReadonlyMap<string, Adapted>, now: ReadonlyMap<string, Adapted>): KnownStep[] {
  const { op, frames, changes } = step;
  return [...new Map([...old, ...now])].map(([urn, { type, on }]) => {
    const [before, after] = [old.get(urn)?.state, now.get(urn)?.state];
    const change = after === undefined ? "delete" : before === undefined ? "create" : op;
    const states = { ...(before && { before }), ...(after && { after }) };
    const known = { urn, type, frames, changes, ...(on !== undefined && { on }) };
    return { ...known, ...states, op: op === "update" ? change : op };
  });
}

function adapted(urn: string, state: State | undefined, providers: Providers): Map<string, Adapted> {
  if (state === undefined) return new Map();
  const { id, ...rest } = state;
  const retainOnDelete = state.retainOnDelete || (isTemplate(typeIn(urn)) && mayRetain(state.inputs));
  return new Map(
    adapt([told(stated(urn, state), providers).stored]).map(({ urn, type, on, input, read }) => {
      const [inputs, outputs] = [properties(state.inputs, input), properties(state.outputs, read)];
      const known = { ...rest, retainOnDelete, inputs, outputs };
      // The ID of a stack is the name of none of its buckets.
      const own = on === undefined && id !== undefined ? { ...known, id } : known;
      return [urn, { type, ...(on !== undefined && { on }), state: own }];
    }),
  );
}

/** A secret keeps its mark: whether it changes can be seen all the same. */
function properties(given: Json, read: Read): Json {
  return Object.fromEntries(KEYS.map((key) => [key, given[key] === SECRET ? SECRET : read(key)]));
}

function stated(urn: string, { inputs, outputs, provider, parent }: State): Stated {
  const none = { ignoreChanges: [], references: () => [] };
  return { urn, type: typeIn(urn), inputs, outputs, provider, parent, ...none };
}

/** Whether a bucket may stay in S3 when it leaves its template: by a DeletionPolicy, which a parameter may give. */
function mayRetain(inputs: Json): boolean {
  return /Retain|AWS::LanguageExtensions/.test(JSON.stringify(inputs));
}
