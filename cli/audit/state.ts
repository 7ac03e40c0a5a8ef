import { isObject, isOfAws } from "../../policypack/face";
import type { Json } from "../gate/output";
import { fits } from "../shape";
import { parsePieces } from "./pieces";

/*
 * A stack's state in the forms that it is found in: what `pulumi stack export` prints, and the checkpoint that a backend
 * keeps in its folder. Source: the types in Pulumi's sdk/go/common/apitype/core.go.
 */

export type StateResource = Readonly<ReturnType<typeof resourceOf>>;

/** The text isn't a state that can be evaluated; the message says why, and what to do. */
export class UnreadableStateError extends Error {}

/** The features of a version 4 state, which change nothing that is evaluated. */
const FEATURES =
  "refreshBeforeUpdate views hooks taint replaceWith snippets-prototype extensionParameterization byteString";
const NEWEST = 4;
const UPGRADE = "Upgrade s3-public-access-block.";
const NO_STATE =
  "it is not the state of a stack: it has neither a deployment, as `pulumi stack export` prints it, nor a checkpoint, " +
  "as the files in a backend's folder.";

/** Reads the resources of a state. @throws UnreadableStateError */
export function readState(text: string | Buffer): StateResource[] {
  const { version, features, deployment, checkpoint } = parse(text);
  if (deployment === undefined && checkpoint === undefined) throw new UnreadableStateError(NO_STATE);
  // A stack that has never been updated has no deployment.
  const latest = deployment ?? (isObject(checkpoint) ? (checkpoint.latest ?? {}) : (checkpoint ?? {}));
  if (!isObject(latest)) throw damaged("its deployment is not a JSON object");
  if (typeof version !== "number") throw damaged("it has no version");
  if (version < 1 || version > NEWEST || !Number.isInteger(version))
    throw new UnreadableStateError(`its version is ${version}; this release reads 1 to ${NEWEST}. ${UPGRADE}`);
  const unknown = listOf(features, "features").filter((each) => !FEATURES.split(" ").includes(String(each)));
  if (version === NEWEST && unknown.length > 0)
    throw new UnreadableStateError(`it has features that this release doesn't know: ${unknown.join(", ")}. ${UPGRADE}`);
  return listOf(latest.resources, "resources").map((resource, at) => resourceOf(resource, at, version));
}

const damaged = (why: string) => new UnreadableStateError(`${why}. Export it again with \`pulumi stack export\`.`);

function parse(text: string | Buffer): Json {
  let value: unknown;
  try {
    value = typeof text === "string" ? JSON.parse(text) : parsePieces(text);
  } catch (error) {
    if (error instanceof RangeError) throw new UnreadableStateError(error.message);
    throw damaged("it is not JSON, or is cut short");
  }
  if (!isObject(value)) throw damaged("it is not a JSON object");
  return value;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw damaged(`its ${name} are not a list`);
  return value;
}

function resourceOf(resource: unknown, at: number, version: number) {
  if (!isObject(resource)) throw damaged(`its resource ${at} is not an object`);
  const { urn, id, type, provider, parent, dependencies, propertyDependencies, sourcePosition, stackTrace } = resource;
  if (!fits(urn, /^urn:pulumi:[^:]*::.*::.*::/s)) throw damaged(`its resource ${at} has no valid URN`);
  if (typeof type !== "string") throw damaged(`its resource ${at} has no type`);
  /** Whether the program only reads it, and someone else manages it. */
  const isOnlyRead = version > 1 && resource.external === true;
  const inputs: Json = isObject(resource.inputs) ? resource.inputs : {};
  const outputs: Json = isObject(resource.outputs) ? resource.outputs : {};
  return {
    urn,
    /** Its ID in AWS. A program's new name for a resource, a stack or a project leaves it as it is. */
    id: typeof id === "string" ? id : undefined,
    type,
    inputs,
    outputs,
    isOnlyRead,
    /** Whether the program manages it, and it is there: no replacement has deleted it, and no update is about to. */
    isManaged: !isOnlyRead && resource.delete !== true && resource.pendingReplacement !== true,
    /** Whether it only has the type of a resource: those of AWS's providers are custom ones. */
    isComponent: resource.custom === false && isOfAws(type),
    /** The provider's instance, `URN::ID`. */
    provider: version > 1 && typeof provider === "string" ? provider : "",
    /** The URN of the component that it is in. */
    parent: typeof parent === "string" && parent !== "" ? parent : undefined,
    ignoreChanges: version < 3 ? [] : texts(resource.ignoreChanges),
    /** The URNs of the resources that a property's value comes from. */
    references: (key: string): readonly string[] => {
      // Before version 3 a state has what a resource depends on, and not which property does: the engine takes it for all.
      if (version < 3) return Object.hasOwn(inputs, key) ? texts(dependencies) : [];
      const known = isObject(propertyDependencies) && Object.hasOwn(propertyDependencies, key);
      return known ? texts(propertyDependencies[key]) : [];
    },
    /** Its places in the program, the innermost frame first: `project:///index.ts#8,11`. */
    frames: (): readonly string[] => {
      const trace = Array.isArray(stackTrace) ? (stackTrace as unknown[]).filter(isObject) : [];
      return texts([sourcePosition, ...trace.map((frame) => frame.sourcePosition)]);
    },
  };
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
