import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Exemption, Meta, Options } from "../policypack/face";
import {
  contactOf,
  groupBy,
  isObject,
  isText,
  metas,
  problemsOfAll,
  readConfiguration,
  unknownPolicy,
} from "../policypack/face";
import type { Json } from "./gate/output";
import { type Fitting, fits } from "./shape";

/*
 * The configuration of a policy pack, from the file of `--policy-pack-config`, as the CLI reads it. Source: Pulumi's
 * pkg/resource/analyzer/config.go and exceptions.go.
 */

/** A file's configuration for this package's own policy pack. */
export interface Config {
  /** The whole of it, which a baseline adds to; {} of an empty file. */
  readonly content: Json;
  /** The hash of its text, in hex. */
  readonly sha256: string;
  /** Each mistake and its place. A preview with any of them fails, or does without a part of the configuration. */
  readonly problems: readonly string[];
  /** Pulumi ESC's, which have more of the configuration, under "policyConfig". The CLI opens them, and nothing here does. */
  readonly environments: readonly string[];
  readonly of: (policy: string) => PolicyConfig;
}

export interface PolicyConfig {
  readonly level: Level;
  readonly options: Options;
  readonly exemptions: readonly Exemption[];
  /** The engine's: they also cover what is inside their targets, which the engine doesn't know. */
  readonly exceptions: readonly Exemption[];
  /** All of both. */
  readonly exempting: readonly Exemption[];
  readonly contact: string | undefined;
}

export type Level = "mandatory" | "advisory" | "disabled";

/** The file isn't a configuration of any policy pack. */
export class ConfigError extends Error {}

/** A policy that could remediate a resource fails the preview where it doesn't. */
const LEVELS: ReadonlyMap<unknown, Level> = new Map(
  Object.entries({ mandatory: "mandatory", remediate: "mandatory", advisory: "advisory", disabled: "disabled" }),
);

const POLICIES: readonly Meta[] = metas;
const NAMES = POLICIES.map(({ name }) => name);

/**
 * Reads the text of a configuration file.
 * @throws ConfigError which names the place
 */
export function readConfig(text: string): Config {
  const content = parse(text);
  if (isVersioned(content) && content.version !== 2)
    throw new ConfigError(`version: ${content.version} is not supported, only 2 is`);
  const environments = content.environments ?? [];
  if (!fits(environments, ["string"])) throw new ConfigError("environments: not a list of names");
  const entries = isVersioned(content) ? objectAt(content.policies, "policies") : without(content, "environments");
  /** An entry as an object: a level may stand for it. */
  const entryOf = (name: string): Json => {
    const entry = Object.hasOwn(entries, name) ? entries[name] : {};
    return isObject(entry) ? entry : { enforcementLevel: entry };
  };
  const unknown = Object.keys(entries).filter((name) => name !== "all" && !NAMES.includes(name));
  const problems = unknown.map((name) => unknownPolicy(name, NAMES));
  const levels = [...LEVELS.keys()].join(", ");
  for (const name of ["all", ...NAMES]) {
    const given = entryOf(name).enforcementLevel;
    if (given !== undefined && !LEVELS.has(given))
      problems.push(`${name}: ${JSON.stringify(given)} is not an enforcement level; there are ${levels}`);
  }
  const all = entryOf("all");
  problems.push(...problemsOfAll(without(all, "enforcementLevel")));
  // The CLI knows no default level of "all", and refuses the whole file.
  if (isObject(entries.all) && all.enforcementLevel === undefined) problems.push("all.enforcementLevel: missing");
  const configs = POLICIES.map((meta): [string, PolicyConfig] => {
    const { enforcementLevel, ...options } = entryOf(meta.name);
    const { exemptions, problems: found } = readConfiguration(meta, options, all);
    for (const [key, { type }] of Object.entries(meta.options ?? {})) {
      const isOf = options[key] === undefined || typeof type !== "string" || typeof options[key] === type;
      if (!isOf) found.push(`${key}: not a ${type}`);
    }
    problems.push(...found.map((each) => `${meta.name}: ${each}`));
    const level = LEVELS.get(enforcementLevel ?? all.enforcementLevel) ?? LEVELS.get(meta.level) ?? "mandatory";
    const contact = contactOf(options.contact ?? all.contact);
    return [meta.name, { ...NOTHING, level, options, exemptions, exempting: exemptions, contact }];
  });
  const byName = new Map(configs);
  const sha256 = createHash("sha256").update(text).digest("hex");
  const config = { content, sha256, problems, environments, of: (policy: string) => byName.get(policy) ?? NOTHING };
  return isVersioned(content) ? withExceptions(config, readExceptions(content.exceptions, problems)) : config;
}

export interface Excepted {
  readonly policy: string;
  readonly exemption: Exemption;
}

/** Of an exception: what it is about. */
export const MATCH = { policies: ["string"], targets: ["string"] } as const;

export function excepted({ policies, targets }: Fitting<typeof MATCH>, terms: Omit<Exemption, "urn">): Excepted[] {
  // A target isn't a pattern: with a star in its name it would stand for others, so it stands for nothing here.
  const exactly = targets.map((urn) => (urn.includes("*") ? "" : urn));
  return exactly.flatMap((urn) => policies.map((policy) => ({ policy, exemption: { urn, ...terms } })));
}

/** The configuration with more exceptions of the engine. */
export function withExceptions(config: Config, more: readonly Excepted[]): Config {
  if (more.length === 0) return config;
  const byPolicy = groupBy(more, ({ policy }) => policy);
  const configs = NAMES.map((name): [string, PolicyConfig] => {
    const own = config.of(name);
    const exceptions = [...own.exceptions, ...(byPolicy.get(name) ?? []).map(({ exemption }) => exemption)];
    return [name, { ...own, exceptions, exempting: [...own.exemptions, ...exceptions] }];
  });
  const byName = new Map(configs);
  return { ...config, of: (policy) => byName.get(policy) ?? NOTHING };
}

export const CONFIG_FILE = "s3-public-access-block.json";

/** The file that configures this package's own pack where none is named, in the first of the folders that has it. */
export function foundConfig(...folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, CONFIG_FILE)).find((file) => existsSync(file));
}

const NOTHING: PolicyConfig = {
  level: "mandatory",
  ...{ options: {}, exemptions: [], exceptions: [], exempting: [], contact: undefined },
};
export const NO_CONFIG = readConfig("");

/** Whether it is of version 2, which has exceptions of the CLI's own, from 3.274 on. Its policies are a level deeper. */
export function isVersioned(content: Json): content is Json & { readonly version: number } {
  return typeof content.version === "number";
}

export function without(object: Json, key: string): Json {
  return Object.fromEntries(Object.entries(object).filter(([each]) => each !== key));
}

function objectAt(value: unknown, place: string): Json {
  if (value === undefined) return {};
  if (!isObject(value)) throw new ConfigError(`${place}: not an object`);
  return value;
}

/** The engine's exceptions. They name URNs exactly, and never expire. */
function readExceptions(exceptions: unknown, problems: string[]): Excepted[] {
  if (!isObject(exceptions ?? {})) problems.push("exceptions: not an object");
  return Object.entries(isObject(exceptions) ? exceptions : {}).flatMap(([id, entry]) => {
    const { reason, match } = isObject(entry) ? entry : {};
    const parts: unknown[] = Array.isArray(match) ? match : [];
    if (!isText(reason)) {
      problems.push(`exceptions.${id}.reason: missing; say why the resources are excepted`);
      return [];
    }
    if (parts.length === 0) problems.push(`exceptions.${id}.match: not a list of policies and targets`);
    return parts.flatMap((part, at) => {
      if (fits(part, MATCH) && part.policies.length * part.targets.length > 0) return excepted(part, { reason });
      problems.push(`exceptions.${id}.match[${at}]: policies and targets must be lists of strings`);
      return [];
    });
  });
}

export type Configs = ReturnType<typeof readConfigs>;

/** Reads the configurations of local policy packs, each at the same place as its pack. */
export function readConfigs(packs: readonly string[], files: readonly string[]) {
  const read = new Map<string, Config>();
  const [versioned, problems]: [string[], string[]] = [[], []];
  for (const [at, file] of files.entries()) {
    try {
      const config = readConfig(readFileSync(file, "utf8"));
      read.set(packs[at] ?? "", config);
      if (isVersioned(config.content)) versioned.push(file);
    } catch (error) {
      problems.push(`${file}: ${(error as Error).message}`);
    }
  }
  return {
    /** Of the pack at a path, where it was given one that can be read. */
    of: (path: string): Config | undefined => read.get(path),
    /** The files of version 2, which an older CLI can't read. */
    versioned,
    /** Why files can't be read. The CLI fails for it, too, and says no line. */
    problems,
  };
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
