import { firstLine } from "../../policypack/face";
import { neutral } from "../report/neutral";
import { code, escape, fitted, prose, table, text } from "../report/markdown";
import {
  groupsOf,
  headline,
  KINDS,
  plural,
  remarkOn,
  totalsOf,
  type Audit,
  type Group,
  type Kind,
  type Located,
} from "./report";
import { adviceOn, type Advice } from "./advice";
import { exemptionLists } from "./text";

const MARKS: Record<Kind, string> = { blocking: "❌ ", advisory: "", exempt: "Exempt: " };

/** The report as Markdown, for a job's page, an issue or a wiki. */
export function markdown(audit: Audit): string {
  const { blocking } = totalsOf(audit);
  const mark = audit.unreadable.length > 0 || blocking > 0 ? "❌" : "✅";
  const lines = [
    `## ${mark} ${prose(headline(audit))}`,
    "",
    `Audited on ${audit.date}.`,
    "",
    ...table(
      "Not evaluated, which is not a pass",
      ["Stack", "Why"],
      audit.unreadable.map(({ name, reason }) => [code(name), prose(reason)]),
    ),
    ...KINDS.flatMap((kind) => groupsOf(audit, kind).flatMap((group) => section(group, kind))),
    ...exemptionLists(audit.exemptions).flatMap(({ title, list }) =>
      table(
        title,
        ["Policy", "URN", "Last day", "Reason"],
        list.map(({ policy, urn, expires = "none", reason }) => [
          code(policy),
          code(urn),
          expires,
          prose(reason),
        ]),
      ),
    ),
    ...table(
      "Stacks",
      ["Stack", "Resources", "Buckets", "Blocking", "Advisory", "Exempt"],
      audit.stacks.map(({ name, resources, buckets, blocking, advisory, exempt }) => [
        code(name),
        ...[resources, buckets, blocking, advisory, exempt].map(String),
      ]),
    ),
    totals(audit),
  ];
  return neutral(fitted(lines));
}

function totals(audit: Audit): string {
  const { resources, onlyRead } = totalsOf(audit);
  const read =
    onlyRead === 0 ? "" : ` Not evaluated: ${plural(onlyRead, "resource")} that a program only reads.`;
  return `${plural(resources, "resource")} in all.${read}`;
}

function section({ cause, policy, verdicts }: Group, kind: Kind): string[] {
  const [first] = verdicts;
  const advice = first === undefined ? undefined : adviceOn(first);
  return [
    ...table(
      MARKS[kind] + prose(cause),
      ["Resource", "Stack", "Where", ...(kind === "exempt" ? ["Why"] : [])],
      verdicts.map((each) => [
        subject(each),
        code(each.stack),
        place(each),
        ...(kind === "exempt" ? [prose(firstLine(each.problem))] : []),
      ]),
    ),
    `Policy: ${code(policy)}.`,
    "",
    ...(advice === undefined ? [] : adviceLines(advice)),
  ];
}

function adviceLines({ heading, before, code, after }: Advice): string[] {
  return [
    text([heading, ...before].join("\n")),
    "",
    ...(code === undefined ? [] : [`<pre>${escape(code)}</pre>`, ""]),
    ...(after.length === 0 ? [] : [text(after.join("\n")), ""]),
  ];
}

function subject(verdict: Located): string {
  const remark = remarkOn(verdict);
  const title = escape(verdict.urn);
  const tail = remark === undefined ? "" : `<br>${prose(remark)}`;
  return `<span title="${title}">${code(verdict.name)}<br>${code(verdict.type)}</span>${tail}`;
}

function place({ position }: Located): string {
  return position === undefined ? "not known" : code(`${position.file}:${position.line}`);
}
