import type { EnforcementLevel, ReportViolation } from "@pulumi/policy";
import type { Resource } from "../engine/resource";
import type { Configuration } from "../engine/view";
import { remarksOn } from "../exemptions/remarks";
import type { Exemption } from "../exemptions/schema";
import type { Finding } from "../findings/finding";
import { onlyShown, write } from "../findings/text";
import { contactOf } from "../shared/contact";
import type { Language } from "../shared/languages";
import { unknownPolicy } from "../shared/suggest";
import { problemsOfAll, readConfiguration } from "./configuration";
import type { PackPolicy, Options } from "./definition";
import { coveredBy, isViolation, published, withExemptions } from "../findings/with-exemptions";
import { today } from "../shared/days";

/** A policy's configuration, read once, and what has been made of it in this run. */
export interface Run {
  readonly exemptions: readonly Exemption[];
  /** Whom to ask. */
  readonly contact: string | undefined;
  /** What is yet to be told of its mistakes. */
  readonly problems: string[];
  /** The exemptions that a finding fell under. */
  readonly used: Set<Exemption>;
  /** The URNs of the resources that the policy evaluated. */
  readonly urns: Set<string>;
}

/** Where findings are reported. */
export interface Press {
  readonly policy: PackPolicy;
  readonly run: Run;
  readonly report: ReportViolation;
  /** The language of the program that a resource belongs to, where it is known. */
  readonly language: (urn: string) => Language | undefined;
  /** Is told of what a finding covers that fails the run. */
  readonly cover?: (urn: string) => void;
  /** Whether a finding that fails the run tells of the resource. */
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
export function publish(
  { policy, run, report, language, cover, isCovered }: Press,
  resources: readonly Resource[],
  findings: readonly Finding[],
): void {
  const { exemptions, contact, problems, used, urns } = run;
  const untold = problems.splice(0);
  if (untold.length > 0) {
    violation(report, {
      message: `The configuration of ${policy.name} is not valid:${listed(untold)}`,
      enforcementLevel: "mandatory",
    });
  }
  if (exemptions.length > 0) for (const { urn } of resources) urns.add(urn);
  // What is inside of a resource is shown on that one, the only one that the engine knows.
  const hosts = new Map(resources.map(({ urn, on = urn }) => [urn, on]));
  const matched = withExemptions(findings, hosts, exemptions, today());
  for (const each of matched) {
    const { finding, urn, exemption } = each;
    if (exemption !== undefined) used.add(exemption.exemption);
    if (isCovered?.(finding.urn) === true) continue;
    const message = write(published(each, policy, contact, () => language(urn)));
    violation(report, { urn, message, ...(!isViolation(each) && { enforcementLevel: "advisory" }) });
  }
  if (cover !== undefined) coveredBy(matched).forEach(cover);
}

/** Reports what is worth a word about the exemptions, at the end of a run; nothing of it blocks. */
export function remark(
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

const toldOf = new WeakSet<Configuration>();

/** Reports the names in the configuration that no policy has, and what is wrong with what it has for all: once a configuration, whichever policy comes to it first. */
export function remarkOnNames(
  configuration: Configuration,
  known: readonly string[],
  report: ReportViolation,
): void {
  if (toldOf.has(configuration)) return;
  toldOf.add(configuration);
  const strangers = configuration.names.filter((name) => name !== "all" && !known.includes(name));
  const remarks = [
    ...strangers.sort().map((name) => unknownPolicy(name, known)),
    ...problemsOfAll(configuration.all),
  ];
  if (remarks.length === 0) return;
  violation(report, {
    message: `The policy pack's configuration needs a look:${listed(remarks)}`,
    enforcementLevel: "advisory",
  });
}

function listed(lines: readonly string[]): string {
  return lines.map((line) => `\n  ${line}`).join("");
}

/** Of a run that makes nothing, which a finding must not stop: a bucket is often destroyed because it is open. */
export function shownOnly(report: ReportViolation): ReportViolation {
  const show = (found: { message: string; urn?: string }): void => {
    violation(report, { ...found, message: onlyShown(found.message), enforcementLevel: "advisory" });
  };
  return show as unknown as ReportViolation;
}

/** The SDK's typed form puts the policy's description before each message and knows one enforcement level a policy. */
function violation(
  report: ReportViolation,
  violation: { message: string; urn?: string; enforcementLevel?: EnforcementLevel },
): void {
  (report as unknown as (violation: object) => void)(violation);
}
