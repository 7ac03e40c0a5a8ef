import type { Json } from "../preview/output";
import {
  contactOf,
  contactProblem,
  type Exemption,
  isObject,
  isText,
  type Options,
  type PackPolicy,
  readExemptions,
  unknownPolicy,
} from "../../policypack/face";
import { configSchema, optionNames, problemsOfAll, unknownOption } from "../../policypack/face-with-policies";
import { without } from "./values";

/*
 * The policy pack's configuration as the CLI reads it from the file of `--policy-pack-config`, also in version 2, which has
 * exceptions of its own. Source: Pulumi's pkg/resource/analyzer/config.go and exceptions.go.
 */

export interface Config {
  /** The file's own content, which a baseline adds to; {} where there is no file. */
  readonly content: Json;
  readonly of: (policy: PackPolicy) => PolicyConfig;
}

export interface PolicyConfig {
  readonly level: Level;
  readonly options: Options;
  /** In the order of the file, the engine's own exceptions after the pack's exemptions. */
  readonly exemptions: readonly Exemption[];
  /** The latter alone: they also are for what is inside of their targets, of which the engine knows nothing. */
  readonly exceptions: readonly Exemption[];
  /** Whom to ask. */
  readonly contact: string | undefined;
}

export type Level = "mandatory" | "advisory" | "disabled";

/** The configuration has mistakes; a preview with it would fail. */
export class ConfigError extends Error {}

export const NO_CONFIG: Config = {
  content: {},
  of: (policy) => ({
    ...{ level: defaultLevel(policy), options: {}, exemptions: [], exceptions: [] },
    contact: undefined,
  }),
};

/** A policy that could remediate a resource fails the preview where it doesn't. */
const LEVELS = new Map<unknown, Level>([
  ["mandatory", "mandatory"],
  ["remediate", "mandatory"],
  ["advisory", "advisory"],
  ["disabled", "disabled"],
]);

function defaultLevel({ level }: PackPolicy): Level {
  return LEVELS.get(level) ?? "mandatory";
}

/**
 * Reads the text of a configuration file.
 * @throws ConfigError which names every mistake and its place
 */
export function readConfig(text: string, policies: readonly PackPolicy[]): Config {
  const content = parse(text);
  const isVersioned = typeof content.version === "number";
  if (isVersioned && content.version !== 2) {
    throw new ConfigError(
      `version: it is ${String(content.version)}, and the only version that there is is 2`,
    );
  }
  const entries = isVersioned ? objectAt(content.policies, "policies") : without(content, "environments");
  const problems: string[] = [];
  const names = [...policies.map(({ name }) => name), "all"];
  for (const name of Object.keys(entries).filter((each) => !names.includes(each))) {
    problems.push(
      unknownPolicy(
        name,
        policies.map((policy) => policy.name),
      ),
    );
  }
  const all = levelIn(entries.all, "all", problems);
  const forAll = optionsIn(entries.all);
  problems.push(...problemsOfAll(forAll));
  // The CLI knows no default level of "all", and refuses the whole file.
  if (isObject(entries.all) && entries.all.enforcementLevel === undefined)
    problems.push("all.enforcementLevel: missing");
  const exceptions = isVersioned ? readExceptions(content.exceptions, problems) : () => [];
  const configs = new Map(
    policies.map((policy) => {
      const { name } = policy;
      const options = optionsIn(entries[name]);
      const { exemptions, problems: found } = readExemptions(options.exemptions);
      problems.push(...[...optionProblems(policy, options), ...found].map((each) => `${name}: ${each}`));
      const level = levelIn(entries[name], name, problems) ?? all ?? defaultLevel(policy);
      const contact = contactOf(options.contact ?? forAll.contact);
      const own = { exemptions: [...exemptions, ...exceptions(name)], exceptions: exceptions(name) };
      return [name, { level, options, ...own, contact }];
    }),
  );
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return { content, of: (policy) => configs.get(policy.name) ?? NO_CONFIG.of(policy) };
}

function parse(text: string): Json {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return objectAt(value, "the whole file");
}

function objectAt(value: unknown, place: string): Json {
  if (value === undefined) return {};
  if (!isObject(value)) throw new ConfigError(`${place}: not an object`);
  return value;
}

function optionsIn(entry: unknown): Options {
  return isObject(entry) ? without(entry, "enforcementLevel") : {};
}

function levelIn(entry: unknown, place: string, problems: string[]): Level | undefined {
  if (entry === undefined) return undefined;
  const given = isObject(entry) ? entry.enforcementLevel : entry;
  if (given === undefined) return undefined;
  const level = LEVELS.get(given);
  if (level === undefined) {
    problems.push(
      `${place}: ${JSON.stringify(given)} is not an enforcement level; there are ${[...LEVELS.keys()].join(", ")}`,
    );
  }
  return level;
}

function optionProblems(policy: PackPolicy, options: Options): string[] {
  const schemas = configSchema(policy).properties;
  const known = optionNames(policy);
  const contact = contactProblem(options.contact);
  const others = Object.entries(options).flatMap(([key, value]) => {
    if (!known.includes(key)) return [unknownOption(key, known)];
    const type = key === "exemptions" || key === "contact" ? undefined : schemas[key]?.type;
    return typeof type === "string" && typeof value !== type ? [`${key}: not a ${type}`] : [];
  });
  return contact === undefined ? others : [contact, ...others];
}

/** The engine's exceptions, by policy. They name URNs exactly, and hold for good. */
function readExceptions(value: unknown, problems: string[]): (policy: string) => Exemption[] {
  const byPolicy = new Map<string, Exemption[]>();
  for (const [id, entry] of Object.entries(objectAt(value ?? undefined, "exceptions"))) {
    const place = `exceptions.${id}`;
    const { reason, match } = isObject(entry) ? entry : {};
    if (!isText(reason)) {
      problems.push(`${place}.reason: missing; say why the resources are excepted`);
      continue;
    }
    const parts: unknown[] = Array.isArray(match) ? match : [];
    if (parts.length === 0) problems.push(`${place}.match: not a list of policies and targets`);
    for (const [at, part] of parts.entries()) {
      const { policies, targets } = isObject(part) ? part : {};
      if (!isTexts(policies) || !isTexts(targets)) {
        problems.push(`${place}.match[${at}]: policies and targets must be lists of strings`);
        continue;
      }
      for (const policy of policies) {
        const list = byPolicy.get(policy) ?? [];
        list.push(...targets.map((urn) => ({ urn: exactly(urn), reason })));
        byPolicy.set(policy, list);
      }
    }
  }
  return (policy) => byPolicy.get(policy) ?? [];
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");
}

/** A target isn't a pattern: with a star in its name it would stand for others, so it stands for nothing here. */
function exactly(urn: string): string {
  return urn.includes("*") ? "" : urn;
}
