import { isViolation, type Language, published, today, withExemptions } from "../../policypack/face";
import { type Config, type Configs, NO_CONFIG } from "../config";
import type { Finding } from "../report/report";
import { shown } from "../report/message";
import { LOST, OWN } from "../report/rules";
import type { LoadedPack } from "./events";
import { type Lost, lostBlocks } from "./lost-blocks";
import type { Step } from "./output";

/** The policies whose level and exemptions hold for a loss, too. */
const POLICIES = { bucket: "s3-bucket-public-access-block", account: "s3-account-public-access-block" } as const;

/** A finding, and the resource at whose place it is to be shown. */
type LostFinding = Omit<Finding, "type" | "name" | "position"> & { readonly at: string };

/**
 * What the preview takes away from what stays, as findings. They are evaluated where this package's own policy pack ran;
 * what it says of the same bucket isn't said twice.
 * @param language the language of the program that a resource belongs to
 * @throws UnreadableError
 */
export function lostFindings(
  steps: readonly Step[],
  loaded: readonly LoadedPack[],
  reported: readonly Finding[],
  configs: Pick<Configs, "of">,
  language: (urn: string) => Language | undefined,
): LostFinding[] {
  const found = new Map<string, LostFinding>();
  for (const { path } of loaded.filter(({ name }) => name === OWN)) {
    // One that an organization requires has no path, and nothing here shows its configuration: the defaults hold.
    const config = configs.of(path) ?? NO_CONFIG;
    const { options } = config.of(POLICIES.bucket);
    for (const lost of lostBlocks(steps, options.acceptAccountPublicAccessBlock === true)) {
      for (const finding of evaluated(lost, config, language)) {
        if (isReported(lost, finding, reported)) continue;
        // If the pack runs twice, with two configurations, what blocks counts.
        const key = `${lost.of} ${lost.urn}`;
        if (finding.blocks || !found.has(key)) found.set(key, finding);
      }
    }
  }
  return [...found.values()];
}

/** Whether the pack itself found that the bucket has no block: then it is the same fault. */
function isReported({ of, urn, isHidden }: Lost, { blocks }: LostFinding, reported: readonly Finding[]): boolean {
  const same = reported.filter((each) => each.pack === OWN && each.policy === POLICIES[of] && each.urn === urn);
  return !isHidden && same.some((each) => each.blocks || each.kind === "exempt" || !blocks);
}

/** Nothing where the policy is off. */
function evaluated(
  { of, urn, at, said, isNote }: Lost,
  config: Config,
  language: (urn: string) => Language | undefined,
): LostFinding[] {
  const { level, contact, exemptions } = config.of(POLICIES[of]);
  if (level === "disabled") return [];
  return withExemptions([{ urn, said, isNote }], new Map(), exemptions, today()).map((matched) => {
    const whole = published(matched, { name: POLICIES[of] }, contact, () => language(urn));
    // The CLI's own exceptions are of what a pack reports, and no pack reports this.
    const howToExempt = whole.howToExempt && { ...whole.howToExempt, isExceptable: false };
    const blocks = isViolation(matched) && level !== "advisory";
    const message = shown({ ...whole, howToExempt }, language(urn)?.comment);
    return { pack: OWN, policy: LOST, urn, at, severity: "high", blocks, ...message };
  });
}
