import {
  contactOf,
  isViolation,
  type Language,
  published,
  readExemptions,
  today,
  withExemptions,
} from "../../policypack/face";
import { type Configs, settingsOf } from "../config";
import { lostBlocks, type Lost } from "./lost-blocks";
import { shown } from "../report/message";
import type { Json, Step } from "./output";
import type { Finding } from "../report/report";
import type { LoadedPack } from "./verdict";
import { LOST, OWN } from "../report/rules";

/** The policies whose level and exemptions hold for a loss, too. */
const POLICIES: Record<Lost["of"], string> = {
  bucket: "s3-bucket-public-access-block",
  account: "s3-account-public-access-block",
};

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
  configs: Pick<Configs, "of">,
  language: (urn: string) => Language | undefined,
): LostFinding[] {
  const found = new Map<string, LostFinding>();
  for (const { isLocal, path } of loaded.filter(({ name }) => name === OWN)) {
    // Of a pack that an organization requires nothing here tells the configuration: the defaults hold.
    const config = (isLocal ? configs.of(path) : undefined) ?? {};
    const { options } = settingsOf(config, POLICIES.bucket);
    const accountSuffices = options.acceptAccountPublicAccessBlock === true;
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
  const { level, contact, options } = settingsOf(config, policy);
  if (level === "disabled") return [];
  const { urn, at, said, isNote } = lost;
  return withExemptions([{ urn, said, isNote }], new Map(), readExemptions(options.exemptions).exemptions, today()).map(
    (matched) => {
      const whole = published(matched, { name: policy }, contactOf(contact), () => language(urn));
      // The CLI's own exceptions are of what a pack reports, and no pack reports this.
      const { howToExempt } = whole;
      const finding = { ...whole, howToExempt: howToExempt && { ...howToExempt, isExceptable: false } };
      const blocks = isViolation(matched) && level !== "advisory";
      return { pack: OWN, policy: LOST, urn, at, severity: "high", blocks, ...shown(finding, language(urn)?.comment) };
    },
  );
}
