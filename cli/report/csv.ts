import { causeOf, findingsOf, type Located, remarkOn } from "./audit";
import { effectOf } from "./groups";
import { neutral } from "./neutral";
import type { Render } from "./report";

/** One row per finding, as RFC 4180 has it. */
export const csv: Render = (reports) => {
  const rows = findingsOf({ reports }).map((finding) => Object.values(COLUMNS).map((of) => cell(of(finding) ?? "")));
  return [Object.keys(COLUMNS), ...rows].map((row) => `${row.join(",")}\r\n`).join("");
};

const COLUMNS: Readonly<Record<string, (finding: Located) => string | undefined>> = {
  stack: ({ stack }) => stack,
  kind: effectOf,
  policy: ({ policy }) => policy,
  severity: ({ severity }) => severity,
  name: ({ name }) => name,
  type: ({ type }) => type,
  urn: ({ urn }) => urn,
  cause: causeOf,
  file: ({ position }) => position?.file,
  line: ({ position }) => position && String(position.line),
  "exempt until": ({ exemption }) => exemption?.expires,
  "exempt because": ({ exemption }) => exemption?.reason,
  remark: remarkOn,
  "in S3": ({ live }) => live?.word,
  owner: ({ owner }) => owner,
};

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
