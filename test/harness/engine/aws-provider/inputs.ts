/** Check, which fills in defaults and an automatic name, and Diff, which says what a change of inputs does to a resource. */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Props } from "../values";
import type { Kind } from "./kinds";

const RANDOM_DIGITS = 7;

/** The name in the program and seven hex digits of the seed that the engine sends with each Check: anew at every run. */
function autoName(urn: string, seed: Uint8Array, maxLength: number): string {
  const name = urn.split("::").slice(3).join("::"); // It may itself hold `::`.
  const digits = createHash("sha256").update(seed).update(urn).digest("hex").slice(0, RANDOM_DIGITS);
  return `${name.slice(0, maxLength - RANDOM_DIGITS - 1)}-${digits}`;
}

export interface CheckArguments {
  urn: string;
  seed: Uint8Array;
  /** The inputs of the last update, empty for a new resource. */
  olds: Props;
  news: Props;
}

/** The name that the program did not give: the old one as long as there is one. None with a name prefix: only the update knows. */
function automaticName({ name }: Kind, { urn, seed, olds }: CheckArguments, news: Props): Props {
  if (!name) return {};
  const { property, prefix, maxLength, lowerCase } = name;
  if (news[property] !== undefined || (prefix !== undefined && news[prefix] !== undefined)) return {};
  const drawn = autoName(urn, seed, maxLength);
  return { [property]: olds[property] ?? (lowerCase ? drawn.toLowerCase() : drawn) };
}

/** The checked inputs. A null input counts as one that is not given. */
export function check(kind: Kind, args: CheckArguments): Props {
  const news = Object.fromEntries(Object.entries(args.news).filter(([, value]) => value !== null));
  return { ...kind.defaults, ...news, ...automaticName(kind, args, news) };
}

export type Change = "add" | "delete" | "update";

/**
 * The inputs that differ, how, and which of them replace the resource. An unknown new value counts as a change: it may become
 * anything. The old resource must go first where its name was chosen by hand and the new one has the same.
 */
export function diff(kind: Kind, olds: Props, news: Props, ignored: readonly string[]) {
  const changes = new Map<string, Change>();
  for (const name of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    if (ignored.includes(name) || name.startsWith("__")) continue;
    if (isDeepStrictEqual(olds[name], news[name])) continue;
    changes.set(name, olds[name] === undefined ? "add" : news[name] === undefined ? "delete" : "update");
  }
  const replaces = [...changes.keys()].filter((name) => kind.forceNew.includes(name));
  const name = kind.name?.property;
  const sameName = name !== undefined && news[name] !== undefined && !changes.has(name);
  return { changes, replaces, deleteBeforeReplace: replaces.length > 0 && sameName };
}
