import { isObject, parseJson } from "../../policypack/face";

/** One resource's step: the engine's operation, and the state before and after, if there is one. */
export type Step = Readonly<ReturnType<typeof stepOf>>;
/** A secret in it is the text "[secret]", and the ID never is one; there is none before the resource is made. */
export type State = Omit<typeof EMPTY, "id"> & { readonly id?: string | undefined };
export type Json = Readonly<Record<string, unknown>>;

const NOTHING: Json = {};
/** The parts of a state. The engine omits one that is empty. */
const EMPTY = {
  ...{ id: "", inputs: NOTHING, outputs: NOTHING, propertyDependencies: NOTHING, parent: "" },
  provider: "", // Its URN and its ID.
  dependencies: [] as readonly string[], // The URNs of the resources that are made before it.
  deletedWith: "", // The URN of the resource with which it goes.
  external: false as boolean, // Only read by the program: nothing that happens to the stack touches it.
  retainOnDelete: false as boolean,
};

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
  const states: Partial<Record<"before" | "after", State | undefined>> = {
    before: stateIn(step, "oldState"),
    after: stateIn(step, "newState"),
  };
  return {
    ...states,
    op: string(step, "op"),
    urn: string(step, "urn"),
    /**
     * Its places in the program: URIs such as `project:///index.ts#8,11`, the innermost frame first. One that the SDK couldn't
     * read, such as an anonymous function's in Node.js, is empty. The program no longer has a place for what is deleted.
     */
    frames: isObject(step.newState) ? frames(step.newState) : [],
    /** The properties that the step changes, as far as the engine names them. */
    changes: changes(step),
  };
}

function stateIn(step: Json, key: string): State | undefined {
  const value = step[key] ?? undefined;
  if (value === undefined) return undefined;
  if (!isObject(value)) throw wrong(`a ${key} that isn't an object`);
  const parts = Object.entries(EMPTY).map(([name, empty]) => {
    const part = value[name] ?? empty;
    if (typeof part === typeof empty && Array.isArray(part) === Array.isArray(empty)) return [name, part];
    throw wrong(`${name} where it isn't of the type ${typeof empty}`);
  });
  const state = Object.fromEntries(parts) as typeof EMPTY;
  return { ...state, id: state.id || undefined };
}

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
  const value = parseJson(text);
  if (value === undefined) throw new UnreadableError(`${what} is not JSON, or is cut short`);
  if (!isObject(value)) throw new UnreadableError(`${what} is not a JSON object`);
  return value;
}

/** A string that must be there. @throws UnreadableError */
export function string(object: Json, key: string): string {
  const value = object[key];
  if (typeof value === "string") return value;
  throw new UnreadableError(`the preview's output has no ${key} where there should be one`);
}
