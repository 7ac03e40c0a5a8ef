import { Value, type Struct } from "google-protobuf/google/protobuf/struct_pb";
import { SECRET, SIGNATURE, UNKNOWNS } from "../lib/sentinels";
import { UNKNOWN, type Read } from "../lib/values";

/** Asks a question of each property of a message, in the form in which it comes over the wire. */
const by =
  <Answer>(answer: (value: Value) => Answer, otherwise: Answer) =>
  (properties: Struct | undefined) => {
    const fields = properties?.getFieldsMap();
    return (key: string): Answer => {
      const value = fields?.get(key);
      return value === undefined ? otherwise : answer(value);
    };
  };

/** Reads a property: a secret as the value that it holds, an unknown value (also one deep inside) as UNKNOWN. */
export const reader: (properties: Struct | undefined) => Read = by<unknown>(plain, undefined);

/** Whether a property is a secret, or has one anywhere inside. */
export const secrecy = by(hasSecret, false);

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
