import type { PolicyConfigSchema } from "@pulumi/policy";
import { readExemptions } from "../exemptions/read";
import { EXEMPTIONS, type Exemption } from "../exemptions/schema";
import { didYouMean } from "../shared/suggest";
import type { Meta, Options } from "./definition";

/** The schema of a policy's configuration: its own options, and exemptions. */
export function configSchema({ options }: Meta): PolicyConfigSchema {
  return { properties: { ...options, exemptions: EXEMPTIONS } };
}

/** The exemptions that a policy's configuration has, and each mistake in it, of which one is enough to exempt nothing. */
export function readConfiguration(
  meta: Meta,
  options: Options,
): { exemptions: Exemption[]; problems: string[] } {
  const { exemptions, problems } = readExemptions(options.exemptions);
  const known = optionNames(meta);
  const unknown = Object.keys(options)
    .filter((key) => !known.includes(key))
    .map((key) => unknownOption(key, known));
  return { exemptions, problems: [...problems, ...unknown] };
}

/** The names of the options that a policy has. */
export function optionNames({ options }: Pick<Meta, "options">): string[] {
  return [...Object.keys(options ?? {}), "exemptions"];
}

/** What is said of an option that a policy doesn't have. */
export function unknownOption(key: string, known: readonly string[]): string {
  return `${key}: unknown key; this policy has ${known.join(" and ")}${didYouMean(key, known, (name) => name)}`;
}

/** What is said of a policy that the pack doesn't have, whose configuration does nothing; `all` stands for each of them. */
export function unknownPolicy(name: string, known: readonly string[]): string {
  const meant = didYouMean(name, [...known, "all"], (policy) => policy);
  return `${name}: there is no such policy${meant === "" ? `; there are ${known.join(", ")}, and all` : meant}`;
}
