/** A value that the engine can't know before the update, such as the ID of a bucket that doesn't exist yet. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** Reads one property; `undefined` when it isn't there, UNKNOWN where the engine doesn't know it yet. */
export type Read = (key: string) => unknown;

/** One property of an object that was read: an own one, UNKNOWN where the object is. */
export function property(object: unknown, key: string): unknown {
  if (object === UNKNOWN) return UNKNOWN;
  if (typeof object !== "object" || object === null || !Object.hasOwn(object, key)) return undefined;
  return (object as Record<string, unknown>)[key];
}

/**
 * The first of the readers that knows the property decides: known beats unknown, unknown beats not there. `null` is how a
 * program leaves a property out: it knows nothing better than what another reader calls unknown.
 */
export function firstKnown(...readers: Read[]): Read {
  return (key) => {
    const values = readers.map((read) => read(key)).filter((value) => value !== undefined);
    return values.find((value) => value !== UNKNOWN && value !== null) ?? values[0];
  };
}
