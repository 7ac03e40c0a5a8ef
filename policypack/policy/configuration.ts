import type { PolicyConfigSchema } from "@pulumi/policy";
import { contactProblems, readExemptions } from "../exemptions/options";
import { problemsOfRules } from "../exemptions/rules";
import COMMON from "../exemptions/schema.json";
import { didYouMean } from "../lib/suggest";
import type { Meta, Options } from "./definition";

/** The schema of a policy's configuration: its own options, and those of every policy. */
export function configSchema({ options }: Meta): PolicyConfigSchema {
  const common = COMMON as PolicyConfigSchema["properties"];
  return { properties: options === undefined ? common : { ...options, ...common } };
}

/** The exemptions in a policy's configuration, and each mistake in it: with a single one, nothing is exempt. */
export function readConfiguration(meta: Meta, options: Options, all: Options) {
  const { exemptions, problems } = readExemptions(options.exemptions, all.exemptionRules);
  const known = Object.keys(configSchema(meta).properties);
  const list = [known.slice(0, -1).join(", "), ...known.slice(-1)].join(" and ");
  const unknown = Object.keys(options)
    .filter((key) => !known.includes(key))
    .map((key) => `${key}: unknown key; this policy has ${list}${didYouMean(key, known, (name) => name)}`);
  return { exemptions, problems: [...problems, ...contactProblems(options.contact), ...unknown] };
}

/** The mistakes in the options for all policies. */
export function problemsOfAll(options: Options): string[] {
  const unknown = Object.keys(options)
    .filter((key) => key !== "contact" && key !== "exemptionRules")
    .map((key) => `all.${key}: has no effect; "all" supports enforcementLevel, contact and exemptionRules`);
  const mistakes = [...contactProblems(options.contact), ...problemsOfRules(options.exemptionRules)];
  return [...unknown, ...mistakes.map((each) => `all.${each}`)];
}
