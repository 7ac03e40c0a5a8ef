import path from "node:path";
import { PROPERTIES, quoted } from "../../docs/properties";
import type { Diagnostic } from "../../harness/engine/analyzer";

/*
 * The properties through which a program can open S3, out of the list in docs/public-access-properties.md.
 */

export const ROOT = path.resolve(__dirname, "../../..");

/** A property of a resource type: `grants[].uri` is the `uri` of an object in the list `grants`. */
export interface Door {
  readonly type: string;
  readonly property: string;
}

/** The properties that the list gives to a policy. */
export function doorsOf(policy: string): Door[] {
  const doors = PROPERTIES.filter((row) => row.policy.startsWith("`") && quoted(row.policy).includes(policy)).flatMap(
    ({ types, properties }) => types.flatMap((type) => properties.map((property) => ({ type, property }))),
  );
  if (doors.length === 0) throw new Error(`docs/public-access-properties.md has no property for ${policy}`);
  return doors;
}

/** The places on the way to a property, such as `grants`, `grants[]` and `grants[].uri`. */
export function placesOf(property: string): string[] {
  const steps = property.match(/\[\]|\.?\w+/g) ?? [];
  return steps.map((_, index) => steps.slice(0, index + 1).join(""));
}

/** What a policy says of a resource that it can't evaluate yet. */
export function note(policy: string, at: string, message: string): Diagnostic {
  return { policy, level: "advisory", urn: at, message, severity: "high" };
}
