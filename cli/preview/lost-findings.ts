import { today } from "../../policypack/shared/days";
import { readFileSync } from "node:fs";
import { readExemptions } from "../../policypack/exemptions/read";
import { isViolation, published, withExemptions } from "../../policypack/findings/with-exemptions";
import { contactOf } from "../../policypack/shared/contact";
import type { Options } from "./args";
import { lostBlocks, type Lost } from "./lost-blocks";
import { shown } from "../report/message";
import type { Language } from "../../policypack/shared/languages";
import { isObject } from "../../policypack/shared/values";
import type { Json, Step } from "./output";
import type { Finding } from "../report/finding";
import type { LoadedPack } from "./verdict";
import { LOST, OWN } from "../report/rules";

/** The policies whose level and exemptions hold for a loss, too. */
const POLICIES: Record<Lost["of"], string> = {
  bucket: "s3-bucket-public-access-block",
  account: "s3-account-public-access-block",
};

/** The configuration of the local policy pack at a path; undefined when it was given none. */
export type Configured = (path: string) => Json | undefined;

/** Reads the configuration files. One that isn't as it should be configures nothing: the CLI itself says so, and fails. */
export function configurations({ packs, configs }: Pick<Options, "packs" | "configs">): Configured {
  const read = new Map(configs.map((file, at) => [packs[at], parsed(file)]));
  return (path) => read.get(path);
}

/** Those of the files that are of version 2, which an older CLI can't read. */
export function versioned(configs: readonly string[]): string[] {
  return configs.filter((file) => contentOf(file)?.version === 2);
}

function parsed(file: string): Json | undefined {
  const value = contentOf(file);
  // From CLI 3.274 on, the policies may be one of the parts of a file. Its exceptions are the engine's: none is of a loss.
  if (value?.version === 2) return isObject(value.policies) ? value.policies : undefined;
  return value;
}

function contentOf(file: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A finding, and the resource at whose place it is to be shown. */
type LostFinding = Omit<Finding, "type" | "name" | "position"> & { readonly at: string };

/**
 * What the preview takes away from what stays, as findings. They are evaluated where this package's own policy pack ran;
 * what it says of the same bucket isn't said twice.
 * @param language tells the language of the program that a resource belongs to
 * @throws UnreadableError
 */
export function lostFindings(
  steps: readonly Step[],
  loaded: readonly LoadedPack[],
  told: readonly Finding[],
  configured: Configured,
  language: (urn: string) => Language | undefined,
): LostFinding[] {
  const found = new Map<string, LostFinding>();
  for (const { isLocal, path } of loaded.filter(({ name }) => name === OWN)) {
    // Of a pack that an organization requires nothing here tells the configuration: the defaults hold.
    const config = (isLocal ? configured(path) : undefined) ?? {};
    const accountSuffices = configurationOf(config, POLICIES.bucket).acceptAccountPublicAccessBlock === true;
    for (const lost of lostBlocks(steps, accountSuffices)) {
      for (const finding of evaluated(lost, config, language)) {
        if (isTold(lost, finding, told)) continue;
        // If the pack runs twice, with two configurations, what blocks counts.
        const key = `${lost.of} ${lost.urn}`;
        if (finding.blocks || !found.has(key)) found.set(key, finding);
      }
    }
  }
  return [...found.values()];
}

/** Whether the pack itself found that the bucket has no block: then it is the same fault. */
function isTold({ of, urn, isHidden }: Lost, { blocks }: LostFinding, told: readonly Finding[]): boolean {
  const same = told.filter((each) => each.pack === OWN && each.policy === POLICIES[of] && each.urn === urn);
  return !isHidden && same.some((each) => each.blocks || each.kind === "exempt" || !blocks);
}

/** Nothing where the policy is off. */
function evaluated(lost: Lost, config: Json, language: (urn: string) => Language | undefined): LostFinding[] {
  const policy = POLICIES[lost.of];
  const { enforcementLevel, contact, exemptions: given } = configurationOf(config, policy);
  if (enforcementLevel === "disabled") return [];
  const { urn, at, said, isNote } = lost;
  return withExemptions([{ urn, said, isNote }], new Map(), readExemptions(given).exemptions, today()).map(
    (matched) => {
      const whole = published(matched, { name: policy }, contactOf(contact), () => language(urn));
      // The CLI's own exceptions are of what a pack reports, and no pack reports this.
      const { howToExempt } = whole;
      const finding = { ...whole, howToExempt: howToExempt && { ...howToExempt, isExceptable: false } };
      const blocks = isViolation(matched) && enforcementLevel !== "advisory";
      return {
        pack: OWN,
        policy: LOST,
        urn,
        at,
        severity: "high",
        blocks,
        ...shown(finding, language(urn)?.comment),
      };
    },
  );
}

/** A policy's configuration, as the engine reads it: a level alone, or an object; `all` gives level and contact of the others. */
function configurationOf(config: Json, policy: string): Json {
  const [all, own] = [config.all, Object.hasOwn(config, policy) ? config[policy] : undefined].map((value) =>
    typeof value === "string" ? { enforcementLevel: value } : isObject(value) ? value : {},
  ) as [Json, Json];
  return {
    ...(all.enforcementLevel === undefined ? {} : { enforcementLevel: all.enforcementLevel }),
    ...(all.contact === undefined ? {} : { contact: all.contact }),
    ...own,
  };
}
