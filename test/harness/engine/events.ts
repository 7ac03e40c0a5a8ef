/** Reads what happened to which resource out of a run's events. */
import type { Run } from "./run";
import { fromWireObject, UNKNOWN } from "./values";
import type { Props } from "./values";

/** One step of a run: what was done to a resource, and what it was left with. */
export interface Step {
  op: string;
  urn: string;
  type: string;
  name: string;
  inputs: Props;
  outputs: Props;
}

interface Metadata {
  op: string;
  urn: string;
  type: string;
  new: { inputs: Record<string, never>; outputs: Record<string, never> } | null;
}

/** The steps that the run took or, in a preview, would take, in order. */
export function steps({ events }: Run): Step[] {
  return events.flatMap(({ resOutputsEvent }) => {
    if (resOutputsEvent === undefined) return [];
    const { op, urn, type, new: made } = (resOutputsEvent as { metadata: Metadata }).metadata;
    const [inputs, outputs] = [fromWireObject(made?.inputs ?? {}), fromWireObject(made?.outputs ?? {})];
    return [{ op, urn, type, name: urn.split("::").slice(3).join("::"), inputs, outputs }];
  });
}

/** Properties that are known. */
export function known(props: Props): Props {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== UNKNOWN));
}

/** The names of those that are not. */
export function unknown(props: Props): string[] {
  return Object.keys(props)
    .filter((name) => props[name] === UNKNOWN)
    .sort();
}
