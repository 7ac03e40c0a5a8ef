import { neutral } from "../report/neutral";
import { findingsOf, kindOf, remarkOn, type Audit } from "./report";

const COLUMNS = [
  ...["stack", "kind", "policy", "severity", "name", "type", "urn", "cause", "file", "line", "exempt until"],
  ...["exempt because", "remark"],
];

/** A row a finding, as RFC 4180 has it. */
export function csv(audit: Audit): string {
  const rows = findingsOf(audit).map((finding) => {
    const { stack, policy, severity, name, type, urn, cause, position, exemption } = finding;
    return [
      ...[stack, kindOf(finding), policy, severity, name, type, urn, cause],
      ...[position?.file ?? "", String(position?.line ?? "")],
      ...[exemption?.expires ?? "", exemption?.reason ?? "", remarkOn(finding) ?? ""],
    ];
  });
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** A spreadsheet takes a text that begins with one of these for a formula ("CSV Injection", OWASP): a quote before it prevents it. */
function cell(text: string): string {
  const plain = neutral(text).replace(/^(?=[=+\-@\t\r])/, "'");
  return /[",\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
