import { EXIT_CODES } from "../command";
import { causeOf, exitCodeOf, findingsOf, rowsOf, totalsOf, unreadableIn } from "./audit";
import { effectOf } from "./groups";
import { type AuditFacts, type Render, type Report, type Subject, worst } from "./report";
import { OWN, ruleOf } from "./rules";
import { isOpenBucket } from "./words";

/*
 * The reports for a program. `version` goes up when something in them changes its meaning or goes away; more may come. What a
 * finding has is named one by one: what else it gets, such as the edits of its fix, is not part of the contract.
 */

export const VERSION = 1;

export const json: Render = (reports, { product, time, audit }) => {
  const run = { version: VERSION, tool: { name: OWN, version: product.version }, time };
  const document = audit === undefined ? ofPreview(reports) : ofAudit(reports, audit);
  return `${JSON.stringify({ ...run, ...document, frameworks: frameworksOf(reports) }, undefined, 2)}\n`;
};

/** The requirements that policies with findings answer, by the policy's name. */
function frameworksOf(reports: readonly Report[]): Readonly<Record<string, unknown>> {
  const all = findingsOf({ reports }).map(({ pack, policy }) => [policy, ruleOf(pack, policy)] as const);
  return Object.fromEntries(all.flatMap(([policy, { frameworks }]) => (frameworks ? [[policy, frameworks]] : [])));
}

function ofPreview(reports: readonly Report[]): object {
  const verdict = worst(reports);
  return {
    verdict,
    exitCode: EXIT_CODES[verdict],
    stacks: reports.map(({ stack, manifest, verdict, problems, notes, packs, policies = [], ...found }) => ({
      ...{ stack, project: manifest, configuration: found.configuration, verdict, problems, notes },
      packs: packs.map(({ name, version, isRequired = false }) => ({ name, version, isRequired })),
      policies: policies.map(({ pack, policy }) => ({ pack, policy })),
      findings: found.findings.map((finding) => {
        const { blocks, kind, severity, message, problem, fix, more } = finding;
        return { ...subject(finding), blocks, kind, severity, message, problem, fix, more };
      }),
      remediations: found.remediations.map(subject),
    })),
  };
}

function subject({ pack, policy, urn, type, name, position, placedAt }: Subject) {
  return { pack, policy, urn, type, name, position, placedAt };
}

/** An audit's. Undefined keys are left out where it is written. */
export function ofAudit(reports: readonly Report[], audit: AuditFacts) {
  const { date, configuration, exemptions, coverage, comparison, owners } = audit;
  const stacks = rowsOf({ reports });
  const buckets = reports.flatMap(({ stack, live = [] }) => live.map((each) => ({ stack, ...each })));
  return {
    ...{ date, configuration, exitCode: exitCodeOf({ ...audit, reports }) },
    totals: { stacks: stacks.length, ...totalsOf({ reports }) },
    stacks,
    findings: findingsOf({ reports }).map((finding) => {
      const { stack, policy, severity, urn, type, name, message, fix, position } = finding;
      const { covers, exemption, elsewhere, live, owner, physicalId } = finding;
      const about = { urn, type, name, physicalId, owner, cause: causeOf(finding), message, fix, position };
      const more = { covers, exemption, elsewhere, live };
      return { stack, policy, kind: effectOf(finding), severity, open: isOpenBucket(finding), ...about, ...more };
    }),
    live: reports.some(({ live }) => live !== undefined) ? { coverage, buckets } : undefined,
    ...{ unreadable: unreadableIn({ reports }), exemptions, ownerTag: owners?.tag, comparison },
  };
}
