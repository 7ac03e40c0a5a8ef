/** Check: turns a program's inputs into the provider's, with defaults and an automatic name filled in. */
import type { Props, Value } from "../values";
import type { Kind } from "./kinds";
import { autoName } from "./names";

/** What the stack's configuration `pulumi:autonaming` asks for, when it asks. */
export interface Autonaming {
  mode: "propose" | "enforce" | "disable";
  proposedName: string;
}

export interface CheckArguments {
  urn: string;
  seed: Uint8Array;
  /** The inputs of the last update, empty for a new resource. */
  olds: Props;
  news: Props;
  autonaming: Autonaming | undefined;
}

/** A null input counts as one that is not given. */
function given(props: Props): Props {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== null));
}

/**
 * The name that the program did not give: the old one as long as there is one. None with a name prefix, or when
 * automatic names are turned off: then only the update can tell.
 */
function automaticName(
  kind: Kind,
  { urn, seed, olds, autonaming }: CheckArguments,
  news: Props,
): Value | undefined {
  if (!kind.name || news[kind.name.property] !== undefined) return undefined;
  if (kind.name.prefix !== undefined && news[kind.name.prefix] !== undefined) return undefined;
  const old = olds[kind.name.property];
  if (old !== undefined && old !== null) return old;
  if (autonaming?.mode === "disable") return undefined;
  if (autonaming?.mode === "enforce") return autonaming.proposedName;
  const proposed =
    autonaming?.proposedName.slice(0, kind.name.maxLength) ?? autoName(urn, seed, kind.name.maxLength);
  return kind.name.lowerCase ? proposed.toLowerCase() : proposed;
}

/** The checked inputs. */
export function check(kind: Kind, args: CheckArguments): Props {
  const news = given(args.news);
  const name = automaticName(kind, args, news);
  return {
    ...kind.defaults,
    ...news,
    ...(kind.name && name !== undefined ? { [kind.name.property]: name } : {}),
  };
}
