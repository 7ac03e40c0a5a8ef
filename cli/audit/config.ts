import type { Json } from "../gate/output";
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
import { ConfigError, entryOf, objectAt, readConfigFile, settingsOf } from "../config";

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
  const { content, entries, isVersioned } = readConfigFile(text);
  const names = policies.map(({ name }) => name);
  const problems = Object.keys(entries)
    .filter((each) => each !== "all" && !names.includes(each))
    .map((each) => unknownPolicy(each, names));
  for (const name of ["all", ...names]) problems.push(...levelProblems(entries, name));
  const { options: forAll } = settingsOf(entries, "all");
  problems.push(...problemsOfAll(forAll));
  // The CLI knows no default level of "all", and refuses the whole file.
  if (isObject(entries.all) && entries.all.enforcementLevel === undefined)
    problems.push("all.enforcementLevel: missing");
  const exceptions = isVersioned ? readExceptions(content.exceptions, problems) : () => [];
  const configs = new Map(
    policies.map((policy) => {
      const { name } = policy;
      const { level: given, contact, options } = settingsOf(entries, name);
      const { exemptions, problems: found } = readExemptions(options.exemptions);
      problems.push(...[...optionProblems(policy, options), ...found].map((each) => `${name}: ${each}`));
      const level = LEVELS.get(given) ?? defaultLevel(policy);
      const own = { exemptions: [...exemptions, ...exceptions(name)], exceptions: exceptions(name) };
      return [name, { level, options, ...own, contact: contactOf(contact) }];
    }),
  );
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return { content, of: (policy) => configs.get(policy.name) ?? NO_CONFIG.of(policy) };
}

function levelProblems(entries: Json, name: string): string[] {
  const { enforcementLevel: given } = entryOf(entries, name);
  if (given === undefined || LEVELS.has(given)) return [];
  const list = [...LEVELS.keys()].join(", ");
  return [`${name}: ${JSON.stringify(given)} is not an enforcement level; there are ${list}`];
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
