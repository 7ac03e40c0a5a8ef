import { readFileSync } from "node:fs";
import path from "node:path";
import {
  secret,
  UNKNOWN,
  type Diagnostic,
  type Props,
  type Resource,
  type Value,
} from "../../../harness/engine/analyzer";
import { entry, known, provider, SAY_WHY, urn } from "../resources";

/*
 * The properties through which a program can open S3, out of the list in docs/public-access-properties.md, and what the
 * pack has to say of a resource that opens one.
 */

export const ROOT = path.resolve(__dirname, "../../..");

const DOCUMENT = readFileSync(path.join(ROOT, "docs/public-access-properties.md"), "utf8");

/** A property of a resource type: `grants[].uri` is the `uri` of an object in the list `grants`. */
export interface Door {
  readonly type: string;
  readonly property: string;
}

const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, inner]) => inner ?? "");

/** The properties that the list gives to a policy. */
export function doorsOf(policy: string): Door[] {
  const doors = DOCUMENT.split("\n")
    .map((line) => line.split("|"))
    .filter(([, , , by = ""]) => by.trim().startsWith("`") && quoted(by).includes(policy))
    .flatMap(([, types = "", properties = ""]) =>
      quoted(types).flatMap((type) =>
        quoted(properties.replace(/\(.*?\)/g, "")).map((property) => ({ type, property })),
      ),
    );
  if (doors.length === 0) throw new Error(`docs/public-access-properties.md has no property for ${policy}`);
  return doors;
}

/** The places on the way to a property, such as `grants`, `grants[]` and `grants[].uri`. */
export function placesOf(property: string): string[] {
  const steps = property.match(/\[\]|\.?\w+/g) ?? [];
  return steps.map((_, index) => steps.slice(0, index + 1).join(""));
}

/** Inputs that have a value at a property. `at` may put something else at a place on the way to it. */
export function inputs(
  property: string,
  value: Value,
  at: (place: string, inner: Value) => Value = (_, inner) => inner,
): Props {
  return placesOf(property).reduceRight<Value>((inner, place) => {
    const there = at(place, inner);
    return place.endsWith("[]") ? [there] : { [place.split(".").at(-1) ?? ""]: there };
  }, value) as Props;
}

/** A resource called `door`, whose provider is known. */
export function door(type: string, props: Props): Resource {
  const isNative = type.startsWith("aws-native:");
  return {
    ...{ type, urn: urn("door", type), name: "door", props },
    provider: isNative ? provider({ region: "eu-west-1" }, "native") : known,
  };
}

/** Makes the resource that has a door: it complies but for the one thing that a test changes. */
export interface Compliant {
  readonly complying: Resource;
  /** With another value of the property, or something else at a place on the way to it. */
  readonly having: (value: Value, place?: string) => Resource;
  /** With another value of the property, a secret from this place on. */
  readonly hidden: (value: Value, place: string) => Resource;
}

/** @param value one with which the resource complies */
export function compliant({ type, property }: Door, value: Value): Compliant {
  const made = (...given: Parameters<typeof inputs>): Resource => door(type, inputs(...given));
  return {
    complying: made(property, value),
    having: (other, at = property) => made(property, value, (place, inner) => (place === at ? other : inner)),
    hidden: (other, at) => made(property, other, (place, inner) => (place === at ? secret(inner) : inner)),
  };
}

/** The same resource by a provider with an argument that isn't known at preview. */
export function byUnknownProvider(resource: Resource): Resource {
  return { ...resource, provider: provider({ region: UNKNOWN }, "unknown") };
}

/** What a mandatory policy says of a resource that isn't exempt. */
export function violation(policy: string, at: string, ...lines: string[]): Diagnostic {
  const message = [...lines, `If it must be public, ${SAY_WHY}`, entry(policy, at)].join("\n");
  return { policy, level: "mandatory", urn: at, message, severity: "high" };
}

/** A violation whose resource must also be exempt from other policies, each on a resource. */
export function alsoExempt(found: Diagnostic, ...others: [policy: string, at: string][]): Diagnostic {
  const end = found.message.indexOf(`\n${entry(found.policy, found.urn)}`);
  return {
    ...found,
    message: `${found.message.slice(0, end)}\n${entry(found.policy, found.urn, ...others)}`,
  };
}

/** What a policy says of a resource that it can't evaluate yet. */
export function note(policy: string, at: string, message: string): Diagnostic {
  return { policy, level: "advisory", urn: at, message, severity: "high" };
}
