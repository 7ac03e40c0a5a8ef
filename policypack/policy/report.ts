import type { EnforcementLevel, ReportViolation } from "@pulumi/policy";
import type { Resource } from "../engine/resource";
import type { Configuration } from "../engine/view";
import { exemptionFor } from "../exemptions/match";
import { remarksOn } from "../exemptions/remarks";
import { contactOf, type Exemption } from "../exemptions/options";
import type { Finding } from "../findings/finding";
import { onlyShown, write } from "../findings/text";
import { coveredBy, isViolation, published, withExemptions } from "../findings/with-exemptions";
import type { Language } from "../languages";
import { today } from "../lib/days";
import { unknownPolicy } from "../lib/suggest";
import { problemsOfAll, readConfiguration } from "./configuration";
import type { PackPolicy, Options } from "./definition";

/** The circumstances that a report of findings depends on. */
export interface Circumstances {
  /** The language of the program that a resource belongs to, where it is known. */
  readonly language: (urn: string) => Language | undefined;
  /** Called with each resource that a failing finding covers. */
  readonly cover?: (urn: string) => void;
  /** Whether a failing finding on another resource covers it. */
  readonly isCovered?: (urn: string) => boolean;
}

/** Reports what a policy finds in a run, by a configuration that is read once. */
export function reporterOf(
  policy: PackPolicy,
  options: Options,
  { all }: Configuration,
  tags: ReadonlyMap<string, string>,
) {
  const { exemptions, problems } = readConfiguration(policy, options, all);
  const contact = contactOf(options.contact ?? all.contact, tags);
  const used = new Set<Exemption>();
  /** The URNs of the resources that the policy evaluated. */
  const urns = new Set<string>();
  return {
    isExempt: (urn: string): boolean => exemptionFor(exemptions, urn, today())?.holds === true,

    /**
     * Reports the findings. A configuration with a mistake in it exempts nothing, and fails whatever the level is; that is said
     * once, and not at every resource.
     */
    report: (
      report: ReportViolation,
      resources: readonly Resource[],
      findings: readonly Finding[],
      { language, cover, isCovered }: Circumstances,
    ): void => {
      reportList(report, `The configuration of ${policy.name} is not valid`, problems.splice(0), "mandatory");
      if (exemptions.length > 0) for (const { urn } of resources) urns.add(urn);
      if (findings.length === 0) return;
      // A finding inside a resource is shown on that one, the only one that the engine knows.
      const hosts = new Map(resources.map(({ urn, on = urn }) => [urn, on]));
      const matched = withExemptions(findings, hosts, exemptions, today());
      for (const match of matched) {
        const { finding, urn, exemption } = match;
        if (exemption !== undefined) used.add(exemption.exemption);
        if (isCovered?.(finding.urn) === true) continue;
        const message = write(published(match, policy, contact, language));
        violation(report, { urn, message, ...(!isViolation(match) && { enforcementLevel: "advisory" }) });
      }
      if (cover !== undefined) coveredBy(matched).forEach(cover);
    },

    /** Reports likely mistakes in the exemptions, at the end of a run. They never block. */
    reportExemptionIssues: (report: ReportViolation, stack: string | undefined): void => {
      if (exemptions.length === 0) return;
      const remarks = remarksOn(exemptions, { today: today(), stack, urns: [...urns], used });
      reportList(report, `The exemptions of ${policy.name} need a look`, remarks, "advisory");
    },
  };
}

/** Names in the configuration that no policy has, and mistakes in its part for all policies. */
export function configurationIssues({ levels, all }: Configuration, known: readonly string[]): string[] {
  const unknown = [...levels.keys()].filter((name) => name !== "all" && !known.includes(name)).sort();
  return [...unknown.map((name) => unknownPolicy(name, known)), ...problemsOfAll(all)];
}

export function reportList(
  report: ReportViolation,
  heading: string,
  lines: readonly string[],
  enforcementLevel: EnforcementLevel,
): void {
  if (lines.length > 0) violation(report, { message: [`${heading}:`, ...lines].join("\n  "), enforcementLevel });
}

/** Of a run that makes nothing, which a finding must not stop: a bucket is often destroyed because it is open. */
export function shownOnly(report: ReportViolation): ReportViolation {
  const show = (finding: Shown): void => {
    violation(report, { ...finding, message: onlyShown(finding.message), enforcementLevel: "advisory" });
  };
  return show as unknown as ReportViolation;
}

/** The SDK's typed form puts the policy's description before each message and knows one enforcement level a policy. */
function violation(report: ReportViolation, shown: Shown): void {
  (report as unknown as (shown: Shown) => void)(shown);
}

interface Shown {
  message: string;
  urn?: string;
  enforcementLevel?: EnforcementLevel;
}
