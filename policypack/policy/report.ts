import type { EnforcementLevel, ReportViolation } from "@pulumi/policy";
import type { Resource } from "../engine/resource";
import type { Configuration } from "../engine/view";
import { remarksOn } from "../exemptions/remarks";
import { contactOf, type Exemption } from "../exemptions/options";
import type { Finding } from "../findings/finding";
import { onlyShown, write } from "../findings/text";
import type { Language } from "../languages";
import { unknownPolicy } from "../lib/suggest";
import { problemsOfAll, readConfiguration } from "./configuration";
import type { PackPolicy, Options } from "./definition";
import { coveredBy, isViolation, published, withExemptions } from "../findings/with-exemptions";
import { today } from "../lib/days";

/** A policy's configuration, read once, and what has been made of it in this run. */
export interface Run {
  readonly exemptions: readonly Exemption[];
  /** Whom to ask. */
  readonly contact: string | undefined;
  /** Configuration mistakes not reported yet. */
  readonly problems: string[];
  /** The exemptions that a finding fell under. */
  readonly used: Set<Exemption>;
  /** The URNs of the resources that the policy evaluated. */
  readonly urns: Set<string>;
}

/** Reports the findings of a policy. */
export interface Reporter {
  readonly policy: PackPolicy;
  readonly run: Run;
  readonly report: ReportViolation;
  /** The language of the program that a resource belongs to, where it is known. */
  readonly language: (urn: string) => Language | undefined;
  /** Called with each resource that a failing finding covers. */
  readonly cover?: (urn: string) => void;
  /** Whether a failing finding on another resource covers it. */
  readonly isCovered?: (urn: string) => boolean;
}

export function newRun(policy: PackPolicy, options: Options, { all }: Configuration): Run {
  const contact = contactOf(options.contact ?? all.contact);
  return { ...readConfiguration(policy, options), contact, used: new Set(), urns: new Set() };
}

/**
 * Reports the findings. A configuration with a mistake in it exempts nothing, and fails whatever the level is; that is said
 * once, and not at every resource.
 */
export function reportFindings(
  { policy, run, report, language, cover, isCovered }: Reporter,
  resources: readonly Resource[],
  findings: readonly Finding[],
): void {
  const { exemptions, contact, problems, used, urns } = run;
  const unreported = problems.splice(0);
  if (unreported.length > 0) {
    violation(report, {
      message: `The configuration of ${policy.name} is not valid:${listed(unreported)}`,
      enforcementLevel: "mandatory",
    });
  }
  if (exemptions.length > 0) for (const { urn } of resources) urns.add(urn);
  // What is inside of a resource is shown on that one, the only one that the engine knows.
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
}

/** Reports likely mistakes in the exemptions, at the end of a run. They never block. */
export function reportExemptionIssues(
  policy: PackPolicy,
  { exemptions, used, urns }: Run,
  urnStart: string | undefined,
  report: ReportViolation,
): void {
  if (exemptions.length === 0) return;
  const remarks = remarksOn(exemptions, { today: today(), stack: urnStart, urns: [...urns], used });
  if (remarks.length === 0) return;
  violation(report, {
    message: `The exemptions of ${policy.name} need a look:${listed(remarks)}`,
    enforcementLevel: "advisory",
  });
}

/** Names in the configuration that no policy has, and mistakes in its part for all policies. */
export function configurationIssues({ names, all }: Configuration, known: readonly string[]): string[] {
  const unknown = names.filter((name) => name !== "all" && !known.includes(name)).sort();
  return [...unknown.map((name) => unknownPolicy(name, known)), ...problemsOfAll(all)];
}

export function reportConfigurationIssues(issues: readonly string[], report: ReportViolation): void {
  if (issues.length === 0) return;
  violation(report, {
    message: `The policy pack's configuration needs a look:${listed(issues)}`,
    enforcementLevel: "advisory",
  });
}

function listed(lines: readonly string[]): string {
  return lines.map((line) => `\n  ${line}`).join("");
}

/** Of a run that makes nothing, which a finding must not stop: a bucket is often destroyed because it is open. */
export function shownOnly(report: ReportViolation): ReportViolation {
  const show = (finding: { message: string; urn?: string }): void => {
    violation(report, { ...finding, message: onlyShown(finding.message.trimEnd()), enforcementLevel: "advisory" });
  };
  return show as unknown as ReportViolation;
}

/**
 * The SDK's typed form puts the policy's description before each message and knows one enforcement level a policy. The CLI prints
 * one finding right after the other: the line break at the end is an empty line between them.
 */
function violation(
  report: ReportViolation,
  violation: { message: string; urn?: string; enforcementLevel?: EnforcementLevel },
): void {
  (report as unknown as (violation: object) => void)({ ...violation, message: `${violation.message}\n` });
}
