import { isObject } from "../../policypack/face";

/** One resource's step: the engine's operation, and the state before and after, if there is one. */
export type Step = Readonly<ReturnType<typeof stepOf>>;
/** A secret in it is the text "[secret]". */
export type State = Readonly<ReturnType<typeof stateOf>> & {
  /** Never a secret, and not there before the resource is made. */
  readonly id?: string | undefined;
};
export type Json = Readonly<Record<string, unknown>>;

/** The CLI's output is cut short or is not what it should be: nothing can be concluded from it. */
export class UnreadableError extends Error {}

/** Reads the document that `pulumi preview --json` prints. @throws UnreadableError */
export function readSteps(stdout: string): Step[] {
  const steps = parseObject(stdout, "the preview's JSON output").steps ?? [];
  if (!Array.isArray(steps)) throw wrong("no list of steps");
  return steps.map(stepOf);
}

function stepOf(step: unknown) {
  if (!isObject(step)) throw wrong("a step that isn't an object");
  const states: { readonly before?: State | undefined; readonly after?: State | undefined } = {
    before: stateIn(step, "oldState"),
    after: stateIn(step, "newState"),
  };
  return {
    op: string(step, "op"),
    urn: string(step, "urn"),
    /**
     * Where the program made it: URIs such as `project:///index.ts#8,11`, the innermost frame first. One that the SDK couldn't
     * read, such as an anonymous function's in Node.js, is empty. The program no longer has a place for what is deleted.
     */
    frames: isObject(step.newState) ? frames(step.newState) : [],
    /** The properties that the step changes, as far as the engine names them. */
    changes: changes(step),
    ...states,
  };
}

function stateIn(step: Json, key: string): State | undefined {
  const value = step[key] ?? undefined;
  if (value === undefined) return undefined;
  if (!isObject(value)) throw wrong(`a ${key} that isn't an object`);
  return { ...stateOf(value), id: optional(value, "id", "") || undefined };
}

function stateOf(value: Json) {
  return {
    inputs: optional(value, "inputs", {}),
    outputs: optional(value, "outputs", {}),
    provider: optional(value, "provider", ""), // Its URN and its ID.
    propertyDependencies: optional(value, "propertyDependencies", {}),
    parent: optional(value, "parent", ""),
    deletedWith: optional(value, "deletedWith", ""), // The URN of the resource with which it goes.
    external: optional(value, "external", false), // Only read by the program: nothing that happens to the stack touches it.
    retainOnDelete: optional(value, "retainOnDelete", false),
  };
}

/** A list that the engine omits if it is empty. @throws UnreadableError when it is of another type */
function optional<T extends string | boolean | Json>(object: Json, key: string, empty: T): Optional<T> {
  const value = object[key] ?? empty;
  if (typeof value === typeof empty && !Array.isArray(value)) return value as Optional<T>;
  throw wrong(`${key} where it isn't of the type ${typeof empty}`);
}

type Optional<T> = T extends string ? string : T extends boolean ? boolean : Json;

function wrong(what: string): UnreadableError {
  return new UnreadableError(`the preview's JSON output has ${what}`);
}

function changes({ diffReasons, replaceReasons, detailedDiff }: Json): string[] {
  const lists = [diffReasons, replaceReasons].flatMap((list): unknown[] => (Array.isArray(list) ? list : []));
  const names = [...lists, ...(isObject(detailedDiff) ? Object.keys(detailedDiff) : [])];
  return [...new Set(names.filter((name) => typeof name === "string"))];
}

function frames(state: Json): string[] {
  const trace = Array.isArray(state.stackTrace) ? state.stackTrace.filter(isObject) : [];
  const positions = [state, ...trace].map(({ sourcePosition: uri }) => (typeof uri === "string" ? uri : ""));
  return positions[0] === "" ? positions.slice(1) : positions;
}

/** @throws UnreadableError */
export function parseObject(text: string, what: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnreadableError(`${what} is not JSON, or is cut short`);
  }
  if (!isObject(value)) throw new UnreadableError(`${what} is not a JSON object`);
  return value;
}

/** A string that must be there. @throws UnreadableError */
export function string(object: Json, key: string): string {
  const value = object[key];
  if (typeof value === "string") return value;
  throw new UnreadableError(`the preview's output has no ${key} where there should be one`);
}
