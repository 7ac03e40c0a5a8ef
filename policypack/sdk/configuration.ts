import type { PolicyConfigSchema } from "@pulumi/policy";
import { readExemptions } from "../exemptions/read";
import { EXEMPTIONS, type Exemption } from "../exemptions/schema";
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
  const known = [...Object.keys(meta.options ?? {}), "exemptions"];
  const unknown = Object.keys(options)
    .filter((key) => !known.includes(key))
    .map((key) => `${key}: unknown key; this policy has ${known.join(" and ")}`);
  return { exemptions, problems: [...problems, ...unknown] };
}
