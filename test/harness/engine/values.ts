/**
 * Property values as Pulumi's protocols carry them, and as the tests write them.
 *
 * On the wire an unknown is a magic string and a secret is an object with a magic key (sdk/go/common/resource/plugin/rpc.go
 * in the Pulumi repository). Here they are `UNKNOWN` and `secret(value)`; everything else is the plain JSON value.
 */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

/** A value that is not known until the update has run. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A value that must not be shown. Make one with `secret`. */
export class Secret {
  constructor(readonly value: Value) {}
}

export type Value = null | boolean | number | string | Value[] | Props | Secret | typeof UNKNOWN;
export interface Props {
  [name: string]: Value;
}

/** Marks a value as secret. */
export function secret(value: Value): Secret {
  return new Secret(value);
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** An unknown of any kind; providers send the string kind for all of them. */
const UNKNOWN_SENTINELS: ReadonlySet<unknown> = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

function toWire(value: Value): JavaScriptValue {
  if (value === UNKNOWN) return UNKNOWN_STRING;
  if (value instanceof Secret) return { [SIGNATURE]: SECRET_SIGNATURE, value: toWire(value.value) };
  if (Array.isArray(value)) return value.map(toWire);
  if (value !== null && typeof value === "object") return toWireObject(value);
  return value;
}

function toWireObject(props: Props): Record<string, JavaScriptValue> {
  return Object.fromEntries(Object.entries(props).map(([name, value]) => [name, toWire(value)]));
}

function fromWire(value: JavaScriptValue): Value {
  if (UNKNOWN_SENTINELS.has(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(fromWire);
  if (value === null || typeof value !== "object") return value;
  const object = value as Record<string, JavaScriptValue>;
  if (object[SIGNATURE] === SECRET_SIGNATURE) return new Secret(fromWire(object.value ?? null));
  return fromWireObject(object);
}

/** Properties in their wire form, as JSON, such as the event log has them. */
export function fromWireObject(object: Record<string, JavaScriptValue>): Props {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, fromWire(value)]));
}

/** Properties as a protobuf Struct. */
export function encode(props: Props): Struct {
  return Struct.fromJavaScript(toWireObject(props));
}

/** A protobuf Struct as properties; undefined means no properties. */
export function decode(struct: Struct | undefined): Props {
  return struct ? fromWireObject(struct.toJavaScript()) : {};
}
