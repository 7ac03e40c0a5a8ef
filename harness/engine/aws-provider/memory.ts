/**
 * The backend that keeps nothing: what the engine hands over (a stack's state) is all there is. A resource that is read
 * by its id alone exists, with the provider's defaults.
 */
import { randomBytes } from "node:crypto";
import type { Props } from "../values";
import type { Backend } from "./backend";
import { kindOf } from "./kinds";
import type { Kind } from "./kinds";
import { ACCOUNT, existingOutputs, idOf, updatedOutputs } from "./outputs";

/** A name that only the update can give: after a prefix, or because automatic names are off. */
function lateName(kind: Kind, inputs: Props): Props {
  if (!kind.name || inputs[kind.name.property] !== undefined) return {};
  const prefix = kind.name.prefix === undefined ? undefined : inputs[kind.name.prefix];
  return {
    [kind.name.property]:
      `${typeof prefix === "string" ? prefix : "terraform-"}${randomBytes(9).toString("hex")}`,
  };
}

/** The inputs that an id stands for. */
function inputsFromId(kind: Kind, id: string): Props {
  return { ...kind.defaults, ...(kind.id === undefined ? {} : { [kind.id]: id }) };
}

export const memory: Backend = {
  create({ type, region }, given) {
    const kind = kindOf(type);
    const account = kind.id === "accountId" ? { accountId: ACCOUNT } : {};
    const inputs = { ...account, ...given, ...lateName(kind, given) };
    const id = idOf(kind, inputs) ?? `${type.split(":").at(-1) ?? type}-${randomBytes(8).toString("hex")}`;
    return Promise.resolve({ id, outputs: existingOutputs(type, id, inputs, region) });
  },
  read({ type, region }, id, state, inputs) {
    if (Object.keys(inputs).length > 0) return Promise.resolve({ outputs: state, inputs });
    const read = { ...inputsFromId(kindOf(type), id), ...state };
    return Promise.resolve({ outputs: existingOutputs(type, id, read, region), inputs: read });
  },
  update({ type, region }, id, state, oldInputs, inputs) {
    const outputs = updatedOutputs(type, state, oldInputs, inputs, region);
    const { properties } = existingOutputs(type, id, inputs, region);
    return Promise.resolve(properties === undefined ? outputs : { ...outputs, properties });
  },
  delete() {
    return Promise.resolve();
  },
};
