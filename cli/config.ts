import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  contactOf,
  type Exemption,
  isObject,
  isText,
  type Meta,
  metas,
  type Options,
  problemsOfAll,
  readConfiguration,
  unknownPolicy,
} from "../policypack/face";
import type { Json } from "./gate/output";

/*
 * The configuration of a policy pack, from the file of `--policy-pack-config`, as the CLI reads it. Source: Pulumi's
 * pkg/resource/analyzer/config.go and exceptions.go.
 */

/** A file's configuration for this package's own policy pack. */
export interface Config {
  /** The whole of it, which a baseline adds to; {} of an empty file. */
  readonly content: Json;
  /** Each mistake and its place. A preview with any of them fails, or does without a part of the configuration. */
  readonly problems: readonly string[];
  readonly of: (policy: string) => PolicyConfig;
}

export interface PolicyConfig {
  readonly level: Level;
  readonly options: Options;
  /** The pack's own, in the order of the file. */
  readonly exemptions: readonly Exemption[];
  /** The engine's: they also are for what is inside of their targets, of which the engine knows nothing. */
  readonly exceptions: readonly Exemption[];
  /** Whom to ask. */
  readonly contact: string | undefined;
}

export type Level = "mandatory" | "advisory" | "disabled";

/** The file isn't a configuration of any policy pack. */
export class ConfigError extends Error {}

/** A policy that could remediate a resource fails the preview where it doesn't. */
const LEVELS: ReadonlyMap<unknown, Level> = new Map([
  ["mandatory", "mandatory"],
  ["remediate", "mandatory"],
  ["advisory", "advisory"],
  ["disabled", "disabled"],
]);

const POLICIES: readonly Meta[] = metas;
const NAMES = POLICIES.map(({ name }) => name);

/**
 * Reads the text of a configuration file.
 * @throws ConfigError which names the place
 */
export function readConfig(text: string): Config {
  const content = parse(text);
  const { version } = content;
  if (typeof version === "number" && version !== 2) {
    throw new ConfigError(`version: ${version} is not supported, only 2 is`);
  }
  const entries = isVersioned(content) ? objectAt(content.policies, "policies") : without(content, "environments");
  const problems = Object.keys(entries)
    .filter((name) => name !== "all" && !NAMES.includes(name))
    .map((name) => unknownPolicy(name, NAMES));
  problems.push(...["all", ...NAMES].flatMap((name) => levelProblems(name, entryOf(entries, name).enforcementLevel)));
  const all = entryOf(entries, "all");
  problems.push(...problemsOfAll(without(all, "enforcementLevel")));
  // The CLI knows no default level of "all", and refuses the whole file.
  if (isObject(entries.all) && all.enforcementLevel === undefined) problems.push("all.enforcementLevel: missing");
  const exceptions = isVersioned(content) ? readExceptions(content.exceptions, problems) : [];
  const configs = POLICIES.map((meta): [string, PolicyConfig] => {
    const { enforcementLevel, ...options } = entryOf(entries, meta.name);
    const { exemptions, problems: found } = readConfiguration(meta, options, all);
    problems.push(...[...found, ...typeProblems(meta, options)].map((each) => `${meta.name}: ${each}`));
    const given = LEVELS.get(enforcementLevel ?? all.enforcementLevel);
    const config = {
      level: given ?? LEVELS.get(meta.level) ?? "mandatory",
      options,
      exemptions,
      exceptions: exceptions.filter(({ policy }) => policy === meta.name).map(({ exemption }) => exemption),
      contact: contactOf(options.contact ?? all.contact),
    };
    return [meta.name, config];
  });
  const byName = new Map(configs);
  return { content, problems, of: (policy) => byName.get(policy) ?? NOTHING };
}

/** The file that configures this package's own pack where none is named. */
export const CONFIG_FILE = "s3-public-access-block.json";

/** That file, in the first of the folders that has it. */
export function foundConfig(...folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, CONFIG_FILE)).find((file) => existsSync(file));
}

/** Where there is no configuration. */
export const NO_CONFIG = readConfig("");
const NOTHING: PolicyConfig = { level: "mandatory", options: {}, exemptions: [], exceptions: [], contact: undefined };

/** Whether it is of version 2, which has exceptions of the CLI's own, from 3.274 on. Its policies are a level deeper. */
export function isVersioned({ version }: Json): boolean {
  return typeof version === "number";
}

/** An object without one of its keys. */
export function without(object: Json, key: string): Json {
  return Object.fromEntries(Object.entries(object).filter(([each]) => each !== key));
}

/** An entry as an object: a level may stand for it. */
function entryOf(entries: Json, name: string): Json {
  const entry = Object.hasOwn(entries, name) ? entries[name] : {};
  return isObject(entry) ? entry : { enforcementLevel: entry };
}

function objectAt(value: unknown, place: string): Json {
  if (value === undefined) return {};
  if (!isObject(value)) throw new ConfigError(`${place}: not an object`);
  return value;
}

function levelProblems(name: string, given: unknown): string[] {
  if (given === undefined || LEVELS.has(given)) return [];
  return [`${name}: ${JSON.stringify(given)} is not an enforcement level; there are ${[...LEVELS.keys()].join(", ")}`];
}

function typeProblems({ options: schemas = {} }: Pick<Meta, "options">, options: Options): string[] {
  return Object.entries(schemas).flatMap(([key, { type }]) =>
    options[key] === undefined || typeof type !== "string" || typeof options[key] === type
      ? []
      : [`${key}: not a ${type}`],
  );
}

/** The engine's exceptions. They name URNs exactly, and hold for good. */
function readExceptions(value: unknown, problems: string[]): { policy: string; exemption: Exemption }[] {
  const exceptions = value ?? {};
  if (!isObject(exceptions)) {
    problems.push("exceptions: not an object");
    return [];
  }
  return Object.entries(exceptions).flatMap(([id, entry]) => {
    const { reason, match } = isObject(entry) ? entry : {};
    const parts: unknown[] = Array.isArray(match) ? match : [];
    if (!isText(reason)) problems.push(`exceptions.${id}.reason: missing; say why the resources are excepted`);
    else if (parts.length === 0) problems.push(`exceptions.${id}.match: not a list of policies and targets`);
    if (!isText(reason)) return [];
    return parts.flatMap((part, at) => {
      const { policies, targets } = isObject(part) ? part : {};
      if (isTexts(policies) && isTexts(targets)) {
        // A target isn't a pattern: with a star in its name it would stand for others, so it stands for nothing here.
        const exactly = targets.map((urn) => (urn.includes("*") ? "" : urn));
        return policies.flatMap((policy) => exactly.map((urn) => ({ policy, exemption: { urn, reason } })));
      }
      problems.push(`exceptions.${id}.match[${at}]: policies and targets must be lists of strings`);
      return [];
    });
  });
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");
}

/** The configurations of local policy packs. */
export interface Configs {
  /** Of the pack at a path; undefined where it was given none, or one that can't be read. */
  readonly of: (path: string) => Config | undefined;
  /** The files of version 2, which an older CLI can't read. */
  readonly versioned: readonly string[];
  /** Why files can't be read. The CLI fails for it, too, and says no line. */
  readonly problems: readonly string[];
}

/** Reads the configuration of each pack, which is at the same place. */
export function readConfigs(packs: readonly string[], files: readonly string[]): Configs {
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
  return { of: (path) => read.get(path), versioned, problems };
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
