import type { PolicyConfigSchema } from "@pulumi/policy";
import { readExemptions } from "../exemptions/read";
import { EXEMPTIONS, type Exemption } from "../exemptions/schema";
import type { Meta, Settings } from "./definition";

/** The schema of a policy's configuration: its own settings, and exemptions. */
export function configSchema({ settings }: Meta): PolicyConfigSchema {
  return { properties: { ...settings, exemptions: EXEMPTIONS } };
}

/** The exemptions that a policy's configuration has, and each mistake in it, of which one is enough to exempt nothing. */
export function readConfiguration(
  meta: Meta,
  settings: Settings,
): { exemptions: Exemption[]; problems: string[] } {
  const { exemptions, problems } = readExemptions(settings.exemptions);
  const known = [...Object.keys(meta.settings ?? {}), "exemptions"];
  const unknown = Object.keys(settings)
    .filter((key) => !known.includes(key))
    .map((key) => `${key}: unknown key; this policy has ${known.join(" and ")}`);
  return { exemptions, problems: [...problems, ...unknown] };
}
