import { neutral } from "../report/neutral";
import { effectOf } from "../report/order";
import { findingsOf, remarkOn, type Audit } from "./report";

const COLUMNS = [
  ...["stack", "kind", "policy", "severity", "name", "type", "urn", "cause", "file", "line", "exempt until"],
  ...["exempt because", "remark"],
];

/** One row per finding, as RFC 4180 has it. */
export function csv(audit: Audit): string {
  const rows = findingsOf(audit).map((finding) => {
    const { stack, policy, severity, name, type, urn, cause, position, exemption } = finding;
    return [
      ...[stack, effectOf(finding), policy, severity, name, type, urn, cause],
      ...[position?.file ?? "", String(position?.line ?? "")],
      ...[exemption?.expires ?? "", exemption?.reason ?? "", remarkOn(finding) ?? ""],
    ];
  });
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/**
 * A spreadsheet takes a cell that begins so for a formula ("CSV Injection", OWASP), in East Asian locales fullwidth
 * characters too. Where its list separator is another one, cells begin inside of ours as well, whatever is quoted.
 */
const FORMULA = /(?<=^|[;\t\n])(?=["\p{Zs}\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫])|^(?=[\t\n])/gu;

/** A quote before what would be a formula makes it a text. */
function cell(text: string): string {
  const plain = neutral(text).replace(FORMULA, "'");
  return /[",;\t\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
