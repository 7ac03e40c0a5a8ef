import { readFileSync } from "node:fs";
import { isObject } from "../policypack/face";
import type { Json } from "./gate/output";

/*
 * The configuration of a policy pack, from the file of `--policy-pack-config`, as the CLI reads it. Source: Pulumi's
 * pkg/resource/analyzer/config.go and exceptions.go. The audit also checks it against the policies (audit/config.ts).
 */

export interface ConfigFile {
  /** The whole of it, which a baseline adds to; {} of an empty file. */
  readonly content: Json;
  /** A level or an object, by the name of the policy or `all`. */
  readonly entries: Json;
  /** Whether it is of version 2, which has exceptions of the CLI's own, from 3.274 on. */
  readonly isVersioned: boolean;
}

/** The configuration has mistakes; a preview with it would fail. */
export class ConfigError extends Error {}

/** @throws ConfigError which names the place */
export function readConfigFile(text: string): ConfigFile {
  const content = parse(text);
  const { version } = content;
  if (typeof version !== "number") return { content, entries: without(content, "environments"), isVersioned: false };
  if (version !== 2) throw new ConfigError(`version: it is ${version}, and the only version that there is is 2`);
  return { content, entries: objectAt(content.policies, "policies"), isVersioned: true };
}

/** What holds for a policy: its own entry, and level and contact of `all` where it has none. */
export function settingsOf(entries: Json, policy: string): { level: unknown; contact: unknown; options: Json } {
  const [all, own] = [entryOf(entries, "all"), entryOf(entries, policy)];
  return {
    level: own.enforcementLevel ?? all.enforcementLevel,
    contact: own.contact ?? all.contact,
    options: without(own, "enforcementLevel"),
  };
}

/** An entry as an object: a level may stand for it. */
export function entryOf(entries: Json, name: string): Json {
  const entry = Object.hasOwn(entries, name) ? entries[name] : {};
  return isObject(entry) ? entry : { enforcementLevel: entry };
}

/** The configurations of local policy packs. */
export interface Configs {
  /** The entries for the pack at a path; undefined where it was given none, or one that can't be read. */
  readonly of: (path: string) => Json | undefined;
  /** The files of version 2, which an older CLI can't read. */
  readonly versioned: readonly string[];
  /** Why files can't be read. The CLI fails for it, too, and says no line. */
  readonly problems: readonly string[];
}

/** Reads the configuration of each pack, which is at the same place. */
export function readConfigs(packs: readonly string[], files: readonly string[]): Configs {
  const read = new Map<string | undefined, ConfigFile>();
  const problems: string[] = [];
  for (const [at, file] of files.entries()) {
    try {
      read.set(packs[at], readConfigFile(readFileSync(file, "utf8")));
    } catch (error) {
      problems.push(`${file}: ${(error as Error).message}`);
    }
  }
  return {
    of: (path) => read.get(path)?.entries,
    versioned: files.filter((_, at) => read.get(packs[at])?.isVersioned),
    problems,
  };
}

export function objectAt(value: unknown, place: string): Json {
  if (value === undefined) return {};
  if (!isObject(value)) throw new ConfigError(`${place}: not an object`);
  return value;
}

/** An object without one of its keys. */
export function without(object: Json, key: string): Json {
  return Object.fromEntries(Object.entries(object).filter(([each]) => each !== key));
}

function parse(text: string): Json {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = (error as Error).message.replace(/ in JSON at position .*|, .* is not valid JSON/s, "");
    throw new ConfigError(`it is not JSON: ${placeOfMistake(text)}: ${reason}`);
  }
  return objectAt(value, "the whole file");
}

/** The end of the shortest beginning that nothing could complete. Not every message of `JSON.parse` has a place. */
function placeOfMistake(text: string): string {
  let [right, wrong] = [0, text.length + 1];
  while (wrong - right > 1) {
    const middle = (right + wrong) >> 1;
    if (couldGoOn(text.slice(0, middle))) right = middle;
    else wrong = middle;
  }
  const lines = text.slice(0, right).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1}`;
}

function couldGoOn(start: string): boolean {
  try {
    JSON.parse(start);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const position = / at position (\d+)/.exec(message)?.[1];
    return message.startsWith("Unexpected end of") || Number(position) === start.length;
  }
}
