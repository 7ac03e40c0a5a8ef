import type { Json } from "../gate/output";
import { parsePieces } from "./pieces";
import { isObject, isOfAws } from "../../policypack/face";

/*
 * A stack's state in the forms that it is found in: what `pulumi stack export` prints, and the checkpoint that a backend
 * keeps in its folder. Source: the types in Pulumi's sdk/go/common/apitype/core.go.
 */

/** The state of one stack. */
export interface State {
  readonly version: number;
  readonly resources: readonly StateResource[];
}

/** A resource. What it has is read when it is asked for: most of a stack is nothing that a policy evaluates. */
export class StateResource {
  readonly urn: string;
  readonly type: string;
  constructor(
    private readonly raw: Json & { readonly urn: string; readonly type: string },
    private readonly version: number,
  ) {
    this.urn = raw.urn;
    this.type = raw.type;
  }

  get inputs(): Json {
    return isObject(this.raw.inputs) ? this.raw.inputs : {};
  }

  get outputs(): Json {
    return isObject(this.raw.outputs) ? this.raw.outputs : {};
  }

  /** Whether the program only reads it, and someone else manages it. */
  get external(): boolean {
    return this.version > 1 && this.raw.external === true;
  }

  /** Whether it only has the type of a resource: those of AWS's providers are custom ones. */
  get isComponent(): boolean {
    return this.raw.custom === false && isOfAws(this.type);
  }

  /** Whether it has been replaced already, and the next update deletes it. */
  get delete(): boolean {
    return this.raw.delete === true;
  }

  /** Whether a replacement has deleted it, and a later update has yet to make it anew. */
  get pendingReplacement(): boolean {
    return this.raw.pendingReplacement === true;
  }

  /** The provider's instance, `URN::ID`. */
  get provider(): string {
    return this.version > 1 && typeof this.raw.provider === "string" ? this.raw.provider : "";
  }

  /** The URN of the component that it is in. */
  get parent(): string | undefined {
    return typeof this.raw.parent === "string" && this.raw.parent !== "" ? this.raw.parent : undefined;
  }

  /** The URNs of the resources that a property's value comes from. */
  references(key: string): readonly string[] {
    const { dependencies, propertyDependencies: byProperty } = this.raw;
    // Before version 3 a state has what a resource depends on, and not which property does: the engine takes it for all.
    if (this.version < 3) return Object.hasOwn(this.inputs, key) ? texts(dependencies) : [];
    return isObject(byProperty) && Object.hasOwn(byProperty, key) ? texts(byProperty[key]) : [];
  }

  get ignoreChanges(): readonly string[] {
    return this.version < 3 ? [] : texts(this.raw.ignoreChanges);
  }

  /** Where the program made it, the innermost frame first: `project:///index.ts#8,11`. */
  get frames(): readonly string[] {
    const { sourcePosition, stackTrace } = this.raw;
    const trace = Array.isArray(stackTrace) ? (stackTrace as unknown[]).filter(isObject) : [];
    return texts([sourcePosition, ...trace.map((frame) => frame.sourcePosition)]);
  }
}

/** The text isn't a state that can be evaluated; the message says why, and what to do. */
export class UnreadableStateError extends Error {}

/** What makes a state of version 4, of which this command knows that it changes nothing that is evaluated. */
const FEATURES = new Set([
  "refreshBeforeUpdate",
  "views",
  "hooks",
  "taint",
  "replaceWith",
  "snippets-prototype",
  "extensionParameterization",
  "byteString",
]);
const NEWEST = 4;

/**
 * Reads a state.
 * @throws UnreadableStateError
 */
export function readState(text: string | Buffer): State {
  const file = parse(text);
  const { version, features } = file;
  const deployment = deploymentOf(file);
  if (typeof version !== "number") throw new UnreadableStateError(`it has no version. ${EXPORT}`);
  if (version < 1 || version > NEWEST || !Number.isInteger(version)) {
    throw new UnreadableStateError(
      `its version is ${version}, and this command knows 1 to ${NEWEST}. Look for a newer s3-public-access-block.`,
    );
  }
  const unknown = listOf(features, "features").filter((each) => !FEATURES.has(String(each)));
  if (version === NEWEST && unknown.length > 0) {
    throw new UnreadableStateError(
      `it has features that this command doesn't know: ${unknown.map(String).join(", ")}. Look for a newer s3-public-access-block.`,
    );
  }
  const resources = listOf(deployment.resources, "resources");
  return { version, resources: resources.map((resource, at) => resourceOf(resource, at, version)) };
}

const EXPORT = "Export it anew with `pulumi stack export`.";

function parse(text: string | Buffer): Json {
  let value: unknown;
  try {
    value = typeof text === "string" ? JSON.parse(text) : parsePieces(text);
  } catch (error) {
    const isTooMuch = error instanceof RangeError;
    throw new UnreadableStateError(isTooMuch ? error.message : `it is not JSON, or is cut short. ${EXPORT}`);
  }
  if (!isObject(value)) throw new UnreadableStateError(`it is not a JSON object. ${EXPORT}`);
  return value;
}

/** A stack that has never been updated has no deployment. */
function deploymentOf({ deployment, checkpoint }: Json): Json {
  if (deployment === undefined && checkpoint === undefined) {
    throw new UnreadableStateError(
      "it is not the state of a stack: it has neither a deployment, as what `pulumi stack export` prints, nor a checkpoint, " +
        "as the files in a backend's folder.",
    );
  }
  const latest = deployment ?? (isObject(checkpoint) ? (checkpoint.latest ?? {}) : (checkpoint ?? {}));
  if (!isObject(latest)) throw new UnreadableStateError(`its deployment is not a JSON object. ${EXPORT}`);
  return latest;
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new UnreadableStateError(`its ${what} are not a list. ${EXPORT}`);
  return value;
}

function resourceOf(resource: unknown, at: number, version: number): StateResource {
  if (!isObject(resource)) throw new UnreadableStateError(`its resource ${at} is not an object. ${EXPORT}`);
  const { urn, type } = resource;
  if (typeof urn !== "string" || !URN.test(urn)) {
    throw new UnreadableStateError(`its resource ${at} has no valid URN. ${EXPORT}`);
  }
  if (typeof type !== "string") throw new UnreadableStateError(`its resource ${at} has no type. ${EXPORT}`);
  return new StateResource(resource as Json & { urn: string; type: string }, version);
}

const URN = /^urn:pulumi:[^:]*::.*::.*::/s;

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}
