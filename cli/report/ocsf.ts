import { capitalized } from "../../policypack/face";
import { fingerprints } from "./fingerprint";
import type { Context, Finding, Render, Report, Subject } from "./report";
import { BUCKET_POLICY, OWN, ruleOf } from "./rules";

/*
 * Events of OCSF 1.5.0, class Compliance Finding, for Security Lake and others that collect findings. Not ASFF, which Security
 * Hub's BatchImportFindings takes: it wants the account of each resource, and a preview doesn't know it.
 */

/** The places in these lists are the standard's numbers. */
const STATUSES = ["unknown", "pass", "warning", "fail"] as const;
const SEVERITIES = ["unknown", "informational", "low", "medium", "high", "critical"] as const;

interface Result extends Subject, Pick<Finding, "message"> {
  readonly stack: string;
  /** The standard calls it a warning where information is missing for a result. */
  readonly status: (typeof STATUSES)[number];
  readonly severity: (typeof SEVERITIES)[number];
  readonly isExempt?: boolean;
  readonly notes: readonly string[];
}

/** An event, which is a line, for each finding, for each policy without one, and for each reason why there is no verdict. */
export const ocsf: Render = (reports, context) => {
  const results = reports.flatMap(resultsOf);
  const uids = fingerprints(results);
  const lines = results.map((result, at) => JSON.stringify(eventOf(result, uids[at], context)));
  return `[\n${lines.join(",\n")}\n]\n`;
};

function resultsOf({ stack, findings, policies = [], problems, notes }: Report): Result[] {
  const whole = { stack, urn: stack, type: "pulumi:pulumi:Stack", name: stack, notes };
  const keyOf = ({ pack, policy }: Pick<Subject, "pack" | "policy">): string => JSON.stringify([pack, policy]);
  const loud = new Set(findings.map(keyOf));
  return [
    ...problems.map((message): Result => {
      return { ...whole, pack: OWN, policy: BUCKET_POLICY, message, status: "warning", severity: "high" };
    }),
    ...findings.map((finding): Result => {
      const { kind, blocks, severity = "unknown" } = finding;
      const status = kind === "unverified" && !blocks ? "warning" : "fail";
      return { ...finding, stack, notes, status, severity, isExempt: kind === "exempt" };
    }),
    ...(problems.length > 0 ? [] : policies.filter((each) => !loud.has(keyOf(each)))).map((each): Result => {
      const message = `No finding in ${stack}`;
      return { ...whole, ...each, message, status: "pass", severity: "informational" };
    }),
  ];
}

function eventOf(result: Result, uid: string | undefined, { product, time }: Context): object {
  const { stack, pack, policy, urn, type, name, position, message, status, severity, isExempt = false, notes } = result;
  const { displayName, description, remediationSteps, url, frameworks = [] } = ruleOf(pack, policy);
  const standards = frameworks.map((each) => [`${each.name} ${each.version}`, each.references] as const);
  return {
    ...{ activity_id: 1, activity_name: "Create", category_uid: 2, category_name: "Findings" },
    ...{ class_uid: 2003, class_name: "Compliance Finding", type_uid: 200301, type_name: "Compliance Finding: Create" },
    ...{ time: Date.parse(time), severity_id: SEVERITIES.indexOf(severity), severity: capitalized(severity) },
    ...{ status_id: isExempt ? 3 : 1, status: isExempt ? "Suppressed" : "New", message },
    metadata: {
      version: "1.5.0",
      product: { name: OWN, vendor_name: OWN, version: product.version, url_string: product.homepage },
    },
    finding_info: {
      ...{ uid, title: displayName, desc: description, types: ["S3 public access"], created_time: Date.parse(time) },
      analytic: { uid: `${pack}/${policy}`, name: policy, type_id: 1, type: "Rule" },
    },
    compliance: {
      ...{ control: policy, status_id: STATUSES.indexOf(status), status: capitalized(status), status_details: notes },
      standards: standards.map(([standard]) => standard),
      requirements: standards.flatMap(([standard, references]) => references.map((each) => `${standard}: ${each}`)),
    },
    ...(status !== "pass" && { remediation: { desc: remediationSteps, references: url === undefined ? [] : [url] } }),
    resources: [{ uid: urn, name, type, namespace: stack, data: position }],
  };
}
