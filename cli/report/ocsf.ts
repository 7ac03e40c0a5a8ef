import { capitalized } from "../../policypack/face";
import { fingerprints } from "./fingerprint";
import { quietIn } from "./groups";
import OCSF from "./ocsf.json";
import type { Context, Finding, Render, Report, Subject } from "./report";
import { BUCKET_POLICY, OWN, ruleOf } from "./rules";

/*
 * Events of OCSF 1.5.0, class Compliance Finding, for Security Lake and others that collect findings. Not ASFF, which Security
 * Hub's BatchImportFindings takes: it wants the account of each resource, and a preview doesn't know it.
 */

interface Result extends Subject, Pick<Finding, "message">, Pick<Report, "stack" | "notes" | "owner"> {
  /** In the standard, information is missing for the result of a warning. */
  readonly status: "Pass" | "Warning" | "Fail";
  readonly severity?: string;
  readonly isExempt?: boolean;
}

/** An event, which is a line, for each finding, for each policy without one, and for each reason why there is no verdict. */
export const ocsf: Render = (reports, context) => {
  const results = reports.flatMap(resultsOf);
  const uids = fingerprints(results);
  const lines = results.map((result, at) => JSON.stringify(eventOf(result, uids[at], context)));
  return `[\n${lines.join(",\n")}\n]\n`;
};

function resultsOf(report: Report): Result[] {
  const { stack, owner, findings, problems, notes } = report;
  const whole = { stack, owner, urn: stack, type: "pulumi:pulumi:Stack", name: stack, notes };
  const none = { ...whole, pack: OWN, policy: BUCKET_POLICY, status: "Warning", severity: "high" } as const;
  const pass = { ...whole, message: `No finding in ${stack}`, status: "Pass", severity: "informational" } as const;
  return [
    ...problems.map((message) => ({ ...none, message })),
    ...findings.map((finding): Result => {
      const status = finding.kind === "unverified" && !finding.blocks ? "Warning" : "Fail";
      return { ...finding, stack, notes, status, isExempt: finding.kind === "exempt" };
    }),
    ...(problems.length === 0 ? quietIn(report) : []).map((each) => ({ ...pass, ...each })),
  ];
}

function eventOf(result: Result, uid: string | undefined, { product, time }: Context): object {
  const { stack, owner, pack, policy, urn, type, name, position, message, status, isExempt = false, notes } = result;
  const severity = capitalized(result.severity ?? "unknown");
  const { displayName, description, remediationSteps, url, frameworks = [] } = ruleOf(pack, policy);
  const standards = frameworks.map((each) => [`${each.name} ${each.version}`, each.references] as const);
  const { homepage: url_string, version } = product;
  const at = Date.parse(time);
  return {
    ...{ ...OCSF.event, time: at, severity_id: OCSF.severity_id.indexOf(severity), severity },
    ...{ status_id: isExempt ? 3 : 1, status: isExempt ? "Suppressed" : "New", message },
    metadata: { version: OCSF.version, product: { name: OWN, vendor_name: OWN, version, url_string } },
    finding_info: {
      ...{ uid, title: displayName, desc: description, types: ["S3 public access"], created_time: at },
      analytic: { uid: `${pack}/${policy}`, name: policy, type_id: 1, type: "Rule" },
    },
    compliance: {
      ...{ control: policy, status_id: OCSF.status_id.indexOf(status), status, status_details: notes },
      standards: standards.map(([standard]) => standard),
      requirements: standards.flatMap(([standard, references]) => references.map((each) => `${standard}: ${each}`)),
    },
    ...(status !== "Pass" && { remediation: { desc: remediationSteps, references: url === undefined ? [] : [url] } }),
    resources: [{ uid: urn, name, type, namespace: stack, owner: owner && { name: owner }, data: position }],
  };
}
