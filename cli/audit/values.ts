import { isUtf8 } from "node:buffer";
import type { Json } from "../gate/output";
import { type Read, SECRET, SIGNATURE, UNKNOWN, UNKNOWNS } from "../../policypack/face";

/*
 * Property values as a state file has them. They are JSON, with an object in the place of what JSON has no form for. Source:
 * DeserializePropertyValue in Pulumi's pkg/resource/stack/deployment.go, and MarshalPropertyValue in its
 * pkg/resource/plugin/rpc.go, which makes of them what a policy pack is given.
 */

const RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";
const BYTE_STRING = "803fd3297a5875dc03ca845dda5d2a98";
const FLOAT = "8ad145fe-0d11-4827-bfd7-1abcbf086f5c";
const ASSETS: ReadonlySet<unknown> = new Set(["c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"]);

/** Reads one property of a resource. Those that the engine keeps for itself, `__defaults` and the like, aren't there. */
export function reader(properties: Json): Read {
  return (key) => (Object.hasOwn(properties, key) && !isInternal(key) ? plainValue(properties[key]) : undefined);
}

/** Tells of each property whether it is a secret, or has one anywhere inside. */
export function secrecy(properties: Json): (key: string) => boolean {
  return (key) => Object.hasOwn(properties, key) && !isInternal(key) && hasSecret(properties[key]);
}

function hasSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return (value as Json)[SIGNATURE] === SECRET || Object.values(value).some(hasSecret);
}

/** Whether anything is said of a resource. */
export function isTold(properties: Json): boolean {
  for (const key in properties) if (!isInternal(key)) return true; // A list of all keys takes longer than all else.
  return false;
}

function isInternal(key: string): boolean {
  return key.startsWith("__");
}

/** A secret is read as what it holds, or UNKNOWN where only its ciphertext is there. */
export function plainValue(value: unknown): unknown {
  if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plainValue);
  const object = value as Json;
  const mark = Object.hasOwn(object, SIGNATURE) ? object[SIGNATURE] : undefined;
  if (mark === undefined || ASSETS.has(mark)) {
    return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, plainValue(inner)]));
  }
  return marked(object, mark);
}

function marked(object: Json, mark: unknown): unknown {
  switch (mark) {
    case SECRET:
      return secret(object.plaintext);
    case RESOURCE_REFERENCE:
      return reference(object);
    case BYTE_STRING:
      return byteString(object.value);
    case FLOAT:
      return float(object.value);
    default:
      return UNKNOWN; // A kind of value that isn't known here proves nothing.
  }
}

/** The plaintext of a secret is JSON itself. */
function secret(plaintext: unknown): unknown {
  if (typeof plaintext !== "string") return UNKNOWN;
  try {
    return plainValue(JSON.parse(plaintext));
  } catch {
    return UNKNOWN;
  }
}

/** A policy pack gets the resource's ID, or of a component the URN. Some versions of the engine wrote the ID as `{"V": ID}`. */
function reference({ urn, id }: Json): unknown {
  const told = typeof id === "object" && id !== null && "V" in id ? (id.V ?? undefined) : id;
  if (told === undefined) return typeof urn === "string" ? urn : UNKNOWN;
  return typeof told === "string" && told !== "" ? plainValue(told) : UNKNOWN;
}

function byteString(value: unknown): unknown {
  const bytes = Buffer.from(typeof value === "string" ? value : "", "base64");
  return typeof value === "string" && isUtf8(bytes) ? bytes.toString("utf8") : UNKNOWN;
}

/** The 64 bits of a number, in hexadecimal digits. */
function float(value: unknown): unknown {
  if (typeof value !== "string" || !/^[0-9a-f]{1,16}$/i.test(value)) return UNKNOWN;
  return Buffer.from(value.padStart(16, "0"), "hex").readDoubleBE();
}
