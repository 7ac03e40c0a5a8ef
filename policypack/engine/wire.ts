import { Value, type Struct } from "google-protobuf/google/protobuf/struct_pb";
import { specialSecretSig as SECRET, specialSigKey as SIGNATURE } from "./sdk/rpc";
import { UNKNOWN, type Read } from "../shared/values";

/**
 * Reads properties as they come over the wire: a secret is read as the value it holds, an unknown value (also one deep
 * inside) as UNKNOWN.
 */
export function reader(properties: Struct | undefined): Read {
  const fields = properties?.getFieldsMap();
  return (key) => {
    const value = fields?.get(key);
    return value === undefined ? undefined : plain(value);
  };
}

/** Tells of each property whether it is a secret, or has one anywhere inside. */
export function secrecy(properties: Struct | undefined): (key: string) => boolean {
  const fields = properties?.getFieldsMap();
  return (key) => {
    const value = fields?.get(key);
    return value !== undefined && hasSecret(value);
  };
}

// @pulumi/pulumi/runtime/rpc and @pulumi/policy/proxy keep the same ones to themselves.
const UNKNOWNS = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
  "[secret]", // what `pulumi policy analyze --file` shows of a secret that it can't decrypt
]);

function plain(value: Value): unknown {
  switch (value.getKindCase()) {
    case Value.KindCase.NULL_VALUE:
      return null;
    case Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case Value.KindCase.STRING_VALUE:
      return UNKNOWNS.has(value.getStringValue()) ? UNKNOWN : value.getStringValue();
    case Value.KindCase.LIST_VALUE:
      return value.getListValue()?.getValuesList().map(plain);
    case Value.KindCase.STRUCT_VALUE:
      return plainStruct(value.getStructValue());
    default:
      return UNKNOWN; // A kind that this version of the protocol doesn't know proves nothing.
  }
}

function hasSecret(value: Value): boolean {
  if (value.hasListValue()) return value.getListValue()?.getValuesList().some(hasSecret) ?? false;
  const fields = value.getStructValue()?.getFieldsMap();
  if (fields === undefined) return false;
  if (fields.get(SIGNATURE)?.getStringValue() === SECRET) return true;
  let isFound = false;
  fields.forEach((inner) => {
    isFound ||= hasSecret(inner);
  });
  return isFound;
}

/** All the properties at once, or the value of a secret that holds them. */
export function plainStruct(struct: Struct | undefined): unknown {
  const fields = new Map<string, Value>();
  struct?.getFieldsMap().forEach((value, key) => fields.set(key, value));
  if (fields.get(SIGNATURE)?.getStringValue() === SECRET) {
    const secret = fields.get("value");
    return secret === undefined ? UNKNOWN : plain(secret);
  }
  return Object.fromEntries([...fields].map(([key, inner]) => [key, plain(inner)]));
}
