import { isObject } from "../../policypack/face";

/** What the preview would do with one resource. */
export interface Step {
  /** create, same, delete, create-replacement, …: the operations of the engine ("pulumi preview --json"). */
  readonly op: string;
  readonly urn: string;
  /**
   * Where the program made it: URIs such as `project:///index.ts#8,11`, the innermost frame first. One that the SDK couldn't
   * read, such as an anonymous function's in Node.js, is empty.
   */
  readonly frames: readonly string[];
  /** The properties that the step changes, as far as the engine names them. */
  readonly changes: readonly string[];
  /** The resource before the step; not there for one that is made. */
  readonly before?: State;
  /** The resource after the step; not there for one that goes. */
  readonly after?: State;
}

/** A resource's state. A secret in it is the text "[secret]". */
export interface State {
  /** What the provider knows it by; never a secret, and not there before it is made. */
  readonly id?: string;
  readonly inputs: Json;
  readonly outputs: Json;
  /** The URN of its provider, and the provider's ID. */
  readonly provider: string;
  /** The URNs of the resources that each input comes from. */
  readonly propertyDependencies: Json;
  readonly parent: string;
  /** The URN of the resource with which it goes, so that it isn't deleted by itself. */
  readonly deletedWith: string;
  /** Only read by the program: nothing that happens to the stack touches it. */
  readonly external: boolean;
  readonly retainOnDelete: boolean;
}

export type Json = Readonly<Record<string, unknown>>;

/** The CLI's output is cut short or is not what it should be: nothing can be concluded from it. */
export class UnreadableError extends Error {}

/**
 * Reads the document that `pulumi preview --json` prints.
 * @throws UnreadableError
 */
export function readSteps(stdout: string): Step[] {
  const digest = parseObject(stdout, "the preview's JSON output");
  const steps = digest.steps ?? [];
  if (!Array.isArray(steps)) throw new UnreadableError("the preview's JSON output has no list of steps");
  return steps.map((step) => {
    if (!isObject(step)) throw new UnreadableError("the preview's JSON output has a step that isn't an object");
    const [before, after] = [state(step, "oldState"), state(step, "newState")];
    return {
      op: string(step, "op"),
      urn: string(step, "urn"),
      // A resource that is being deleted has only its old state, in which the program no longer has a place.
      frames: isObject(step.newState) ? frames(step.newState) : [],
      changes: changes(step),
      ...(before && { before }),
      ...(after && { after }),
    };
  });
}

function state(step: Json, key: string): State | undefined {
  const value = step[key];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw new UnreadableError(`the preview's JSON output has a ${key} that isn't an object`);
  const id = optional(value, "id", "");
  return {
    ...(id !== "" && { id }),
    inputs: optional(value, "inputs", {}),
    outputs: optional(value, "outputs", {}),
    provider: optional(value, "provider", ""),
    propertyDependencies: optional(value, "propertyDependencies", {}),
    parent: optional(value, "parent", ""),
    deletedWith: optional(value, "deletedWith", ""),
    external: optional(value, "external", false),
    retainOnDelete: optional(value, "retainOnDelete", false),
  };
}

/** What the engine leaves out where it is empty. @throws UnreadableError when it is of another type */
function optional<T extends string | boolean | Json>(object: Json, key: string, empty: T): Optional<T> {
  const value = object[key] ?? empty;
  if (typeof value !== typeof empty || Array.isArray(value)) {
    throw new UnreadableError(`the preview's JSON output has ${key} where it isn't of the type ${typeof empty}`);
  }
  return value as Optional<T>;
}

type Optional<T> = T extends string ? string : T extends boolean ? boolean : Json;

function changes(step: Json): string[] {
  const lists = [step.diffReasons, step.replaceReasons].flatMap((list): unknown[] => (Array.isArray(list) ? list : []));
  const detailed = isObject(step.detailedDiff) ? Object.keys(step.detailedDiff) : [];
  const names = [...lists, ...detailed].filter((name): name is string => typeof name === "string");
  return [...new Set(names)];
}

function frames(state: Json): string[] {
  const trace = Array.isArray(state.stackTrace) ? state.stackTrace.filter(isObject) : [];
  const positions = [state, ...trace].map(({ sourcePosition }) =>
    typeof sourcePosition === "string" ? sourcePosition : "",
  );
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
  if (typeof value !== "string")
    throw new UnreadableError(`the preview's output has no ${key} where there should be one`);
  return value;
}
