import type { PolicyConfigSchema } from "@pulumi/policy";
import { CONTACT, contactProblem, type Exemption, EXEMPTIONS, readExemptions } from "../exemptions/options";
import { problemsOfRules } from "../exemptions/rules";
import { didYouMean } from "../lib/suggest";
import type { Meta, Options } from "./definition";

/** The options that every policy has. */
const COMMON = { contact: CONTACT, exemptions: EXEMPTIONS };

/** The schema of a policy's configuration: its own options, and those of every policy. */
export function configSchema({ options }: Meta): PolicyConfigSchema {
  return { properties: { ...options, ...COMMON } };
}

/** The exemptions that a policy's configuration has, and each mistake in it, of which one is enough to exempt nothing. */
export function readConfiguration(
  meta: Meta,
  options: Options,
  all: Options,
): { exemptions: Exemption[]; problems: string[] } {
  const { exemptions, problems } = readExemptions(options.exemptions, all.exemptionRules);
  const known = optionNames(meta);
  const unknown = Object.keys(options)
    .filter((key) => !known.includes(key))
    .map((key) => unknownOption(key, known));
  const contact = contactProblem(options.contact);
  return { exemptions, problems: [...problems, ...(contact === undefined ? [] : [contact]), ...unknown] };
}

/** The names of the options that a policy has. */
export function optionNames({ options }: Pick<Meta, "options">): string[] {
  return [...Object.keys(options ?? {}), ...Object.keys(COMMON)];
}

/** What is said of an option that a policy doesn't have. */
export function unknownOption(key: string, known: readonly string[]): string {
  const list = [known.slice(0, -1).join(", "), ...known.slice(-1)].filter(Boolean).join(" and ");
  return `${key}: unknown key; this policy has ${list}${didYouMean(key, known, (name) => name)}`;
}

/** The mistakes in the options for all policies. */
export function problemsOfAll(options: Options): string[] {
  const unknown = Object.keys(options)
    .filter((key) => key !== "contact" && key !== "exemptionRules")
    .map((key) => `all.${key}: does nothing; for all policies there are enforcementLevel, contact and exemptionRules`);
  const contact = contactProblem(options.contact);
  const mistakes = [...(contact === undefined ? [] : [contact]), ...problemsOfRules(options.exemptionRules)];
  return [...unknown, ...mistakes.map((each) => `all.${each}`)];
}
