/**
 * The memory of the resources; previews never reach it. The backend here keeps nothing: what the engine hands over (a stack's
 * state) is all there is. A resource that is read by its id alone exists, with the provider's defaults.
 */
import { randomBytes } from "node:crypto";
import type { Props } from "../values";
import { kindOf } from "./kinds";
import type { Kind } from "./kinds";
import { ACCOUNT, existingOutputs, updatedOutputs } from "./outputs";

/** A resource as the backend is asked about it. */
export interface Subject {
  type: string;
  urn: string;
  /** The provider's region. */
  region: string;
}

export interface Backend {
  /** Makes a resource from checked inputs; its id and all its outputs. Rejects with what went wrong. */
  create(subject: Subject, inputs: Props): Promise<{ id: string; outputs: Props }>;
  /** The resource as it is now, with the inputs that would make it; undefined when there is none. */
  read(
    subject: Subject,
    id: string,
    state: Props,
    inputs: Props,
  ): Promise<{ outputs: Props; inputs: Props } | undefined>;
  /** Changes a resource; all its outputs after it. */
  update(subject: Subject, id: string, state: Props, oldInputs: Props, inputs: Props): Promise<Props>;
  /** Removes a resource; fine when it is already gone. */
  delete(subject: Subject, id: string, state: Props): Promise<void>;
}

/** A name that only the update can give: after a prefix. */
function lateName({ name }: Kind, inputs: Props): Props {
  if (!name || inputs[name.property] !== undefined) return {};
  const { [name.prefix ?? ""]: prefix = "" } = inputs;
  return { [name.property]: `${prefix as string}${randomBytes(9).toString("hex")}` };
}

export const memory: Backend = {
  create({ type, region }, given) {
    const kind = kindOf(type);
    const account = kind.id === "accountId" ? { accountId: ACCOUNT } : {};
    const inputs: Props = { ...account, ...given, ...lateName(kind, given) };
    const own = kind.id === undefined ? undefined : inputs[kind.id];
    const drawn = `${type.split(":").at(-1) ?? type}-${randomBytes(8).toString("hex")}`;
    const id = typeof own === "string" ? own : drawn;
    return Promise.resolve({ id, outputs: existingOutputs(type, id, inputs, region) });
  },
  read({ type, region }, id, state, inputs) {
    if (Object.keys(inputs).length > 0) return Promise.resolve({ outputs: state, inputs });
    const kind = kindOf(type);
    const read = { ...kind.defaults, ...(kind.id !== undefined && { [kind.id]: id }), ...state };
    return Promise.resolve({ outputs: existingOutputs(type, id, read, region), inputs: read });
  },
  update({ type, region }, id, state, oldInputs, inputs) {
    const outputs = updatedOutputs(type, state, oldInputs, inputs, region);
    const { properties } = existingOutputs(type, id, inputs, region);
    return Promise.resolve(properties === undefined ? outputs : { ...outputs, properties });
  },
  delete: () => Promise.resolve(),
};
