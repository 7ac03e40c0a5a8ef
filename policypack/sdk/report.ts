import type { EnforcementLevel, ReportViolation } from "@pulumi/policy";
import type { Resource } from "../engine/resource";
import { entryFor } from "../exemptions/entry";
import { exemptionFor } from "../exemptions/match";
import { exempt } from "../shared/kinds";
import { firstLine, type Language, written } from "../shared/languages";
import { readConfiguration } from "./configuration";
import type { Finding, PackPolicy, Options } from "./definition";
import { today } from "./today";

/** Where findings are reported. */
export interface Press {
  readonly policy: PackPolicy;
  readonly options: Options;
  readonly report: ReportViolation;
  /** The language of the program that a resource belongs to, where it is known. */
  readonly language: (urn: string) => Language | undefined;
  /** Is told of what a finding covers that fails the run. */
  readonly cover?: (urn: string) => void;
}

/** Reports the findings. A configuration with a mistake in it exempts nothing, and fails whatever the level is. */
export function publish(
  { policy, options, report, language, cover }: Press,
  resources: readonly Resource[],
  findings: readonly Finding[],
): void {
  const { exemptions, problems } = readConfiguration(policy, options);
  if (problems.length > 0) {
    const list = problems.map((problem) => `\n  ${problem}`).join("");
    violation(report, {
      message: `The configuration of ${policy.name} is not valid:${list}`,
      enforcementLevel: "mandatory",
    });
  }
  const reported = new Set<string>();
  // What is inside of a resource is shown on that one, the only one that the engine knows.
  const hosts = new Map(resources.map(({ urn, on = urn }) => [urn, on]));
  for (const { urn: place, message: text, isNote, covers = [], alsoExempt } of findings) {
    if (reported.has(place)) continue;
    reported.add(place);
    const urn = hosts.get(place) ?? place;
    const found = exemptionFor(exemptions, place, today()) ?? exemptionFor(exemptions, urn, today());
    const message = (): string => written(text, () => language(urn));
    if (isNote === true) {
      violation(report, { urn, message: message(), enforcementLevel: "advisory" });
      continue;
    }
    if (found?.holds === true) {
      const { reason, expires } = found.exemption;
      violation(report, {
        urn,
        message: exempt(reason, expires, firstLine(text)),
        enforcementLevel: "advisory",
      });
      continue;
    }
    const end =
      found === undefined
        ? entryFor([{ policy: policy.name, urn: place }, ...(alsoExempt?.() ?? [])], policy.exemptIf)
        : `Its exemption ran out on ${found.exemption.expires ?? ""}: ${found.exemption.reason}`;
    violation(report, { urn, message: `${message()}\n${end}` });
    if (cover !== undefined) covers.forEach(cover);
  }
}

/** Of a run that makes nothing, which a finding must not stop: a bucket is often destroyed because it is open. */
export function shownOnly(report: ReportViolation): ReportViolation {
  const show = (found: { message: string; urn?: string }): void => {
    const message = `${found.message}\n${SHOWN_ONLY}`;
    violation(report, { ...found, message, enforcementLevel: "advisory" });
  };
  return show as unknown as ReportViolation;
}

const SHOWN_ONLY =
  "This only shows: the program made no resource in this run, as in a refresh or a destroy with --run-program.";

/** The SDK's typed form puts the policy's description before each message and knows one enforcement level a policy. */
function violation(
  report: ReportViolation,
  violation: { message: string; urn?: string; enforcementLevel?: EnforcementLevel },
): void {
  (report as unknown as (violation: object) => void)(violation);
}
