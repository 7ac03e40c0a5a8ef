import type { EnforcementLevel, ReportViolation } from "@pulumi/policy";
import type { Resource } from "../engine/resource";
import { entryFor } from "../exemptions/entry";
import { exemptionFor } from "../exemptions/match";
import { exempt } from "../shared/kinds";
import { readConfiguration } from "./configuration";
import type { Finding, PackPolicy, Options } from "./definition";
import { today } from "./today";

/** Reports the findings. A configuration with a mistake in it exempts nothing, and fails whatever the level is. */
export function publish(
  policy: PackPolicy,
  options: Options,
  resources: readonly Resource[],
  findings: Finding[],
  report: ReportViolation,
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
  for (const { urn: place, message, isNote } of findings) {
    if (reported.has(place)) continue;
    reported.add(place);
    const urn = hosts.get(place) ?? place;
    const found = exemptionFor(exemptions, place, today()) ?? exemptionFor(exemptions, urn, today());
    if (isNote === true) {
      violation(report, { urn, message, enforcementLevel: "advisory" });
    } else if (found === undefined) {
      violation(report, { urn, message: `${message}\n${entryFor(policy.name, place, policy.exemptIf)}` });
    } else if (found.holds) {
      const { reason, expires } = found.exemption;
      violation(report, {
        urn,
        message: exempt(reason, expires, firstLine(message)),
        enforcementLevel: "advisory",
      });
    } else {
      const { reason, expires } = found.exemption;
      violation(report, { urn, message: `${message}\nIts exemption ran out on ${expires ?? ""}: ${reason}` });
    }
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

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? message;
}

/** The SDK's typed form puts the policy's description before each message and knows one enforcement level a policy. */
function violation(
  report: ReportViolation,
  violation: { message: string; urn?: string; enforcementLevel?: EnforcementLevel },
): void {
  (report as unknown as (violation: object) => void)(violation);
}
