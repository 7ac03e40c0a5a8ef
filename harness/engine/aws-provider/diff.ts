/** Diff: what a change of inputs does to a resource. */
import { isDeepStrictEqual } from "node:util";
import type { Props } from "../values";
import type { Kind } from "./kinds";

export type Change = "add" | "delete" | "update";

export interface Difference {
  /** Each input that changes, and how. */
  changes: Map<string, Change>;
  /** Those among them that replace the resource. */
  replaces: string[];
  /** Whether the old one must go first: its name was chosen by hand and the new one has the same. */
  deleteBeforeReplace: boolean;
}

/** The difference between two sets of inputs. An unknown new value counts as a change: it may become anything. */
export function diff(kind: Kind, olds: Props, news: Props, ignored: readonly string[]): Difference {
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
