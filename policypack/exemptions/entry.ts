/** The lines of a message that tell how to exempt a resource. */
export function entryFor(policy: string, urn: string, exemptIf = "If it must be public"): string {
  const entry = JSON.stringify({ urn, reason: "" }).replaceAll('":"', '": "').replace('","', '", "');
  return `${exemptIf}, say why in the policy pack's configuration:\n  "${policy}": { "exemptions": [${entry}] }`;
}
