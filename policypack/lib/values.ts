import { capitalized } from "./case";

/** A value that the engine can't know before the update, such as the ID of a bucket that doesn't exist yet. */
export const UNKNOWN: unique symbol = Symbol.for("s3-public-access-block: unknown");

/** Reads one property; `undefined` when it isn't there, UNKNOWN where the engine doesn't know it yet. */
export type Read = (key: string) => unknown;

/** One property of an object that was read: an own one, UNKNOWN where the object is. */
export function property(object: unknown, key: string): unknown {
  if (object === UNKNOWN) return UNKNOWN;
  if (typeof object !== "object" || object === null || !Object.hasOwn(object, key)) return undefined;
  return (object as Record<string, unknown>)[key];
}

/**
 * The first of the readers that has the property decides, and where it is unknown there, the next that knows it. `null` is how
 * a program leaves a property out: it knows nothing better than what is called unknown elsewhere.
 */
export function firstKnown(...readers: Read[]): Read {
  return (key) => {
    let found: unknown;
    for (const read of readers) {
      const value = read(key);
      if (value === undefined || (value === null && found === UNKNOWN)) continue;
      if (value !== UNKNOWN) return value;
      found = value;
    }
    return found;
  };
}

/** The value at a way. What has something else than an object on the way is passed on, to be found wrong. */
export function valueAt(read: Read, way: string): unknown {
  const [first = "", ...steps] = way.split(".");
  return steps.reduce((value, step) => (isObject(value) ? property(value, step) : value), read(first));
}

/** The values at a way, without its `[]`: what one version of a provider has as a list of one, another has without the list. */
export function valuesAt(read: Read, way: string): unknown[] {
  const [first = "", ...steps] = way.replaceAll("[]", "").split(".");
  return valuesIn(read(first), steps);
}

function valuesIn(value: unknown, steps: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesIn(each, steps));
  const [step, ...rest] = steps;
  if (step === undefined || value === undefined || value === null || value === UNKNOWN) return [value];
  // CloudFormation's names begin with a capital. What is no object isn't left out.
  return isObject(value) ? valuesIn(property(value, step) ?? property(value, capitalized(step)), rest) : [false];
}

/** Whether a value is a text with a visible character. */
export function isText(value: unknown): value is string {
  // U+2800, a Braille pattern without dots, is a symbol.
  return typeof value === "string" && /(?![\p{DI}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u.test(value);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is unknown, or has one anywhere inside that is. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === UNKNOWN;
  return Object.values(value).some(hasUnknown);
}
