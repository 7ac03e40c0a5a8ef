import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Audit } from "../report/audit";
import { isOf, ownersIn } from "../report/changes";
import { orReportError } from "../report/files";
import { AUDIT_FORMATS } from "../report/formats";

/* One report per owner, in a folder that has nothing else of such names. */

const endingOf = (format: string): string => (format === "summary" ? "md" : format);

/** The files of the whole audit and of each owner, in the formats that were asked for, or as a page and JSON. */
export function splitByOwner(audit: Audit, folder: string, asked: readonly string[]) {
  const owners = ownersIn(audit).map((owner) => ({ base: fileOf(owner), part: ofOwner(audit, owner) }));
  const formats = AUDIT_FORMATS.filter(({ name }) => (asked.length === 0 ? ["html", "json"] : asked).includes(name));
  return [{ base: "audit", part: audit }, ...owners].flatMap(({ base, part }) =>
    formats.map(({ name, render }) => ({ file: join(folder, `${base}.${endingOf(name)}`), render, audit: part })),
  );
}

/** A name that is one file on every system: of another owner it is another one, whatever is left out of it. */
function fileOf(owner: string | undefined): string {
  if (owner === undefined) return "no-owner";
  const plain = (owner.toLowerCase().match(/[a-z0-9_]+/g) ?? []).join("-").slice(0, 60);
  return `owner-${plain}${plain === owner ? "" : `.${createHash("sha256").update(owner).digest("hex").slice(0, 8)}`}`;
}

/** A stack without an owner may have lines that have one: it is in the report of each. What is about the whole is in none. */
function ofOwner(audit: Audit, owner: string | undefined): Audit {
  const isOwn = isOf(owner);
  const reports = audit.reports.flatMap((report) => {
    const findings = report.findings.filter(isOwn);
    const urns = new Set(findings.map(({ urn }) => urn));
    const live = report.live?.filter(({ urn }) => isOwn(report) || urns.has(urn));
    const verdict = findings.some(({ blocks }) => blocks) ? ("blocked" as const) : ("passed" as const);
    const own = { ...report, findings, ...(live && { live }), ...(report.verdict !== "failed" && { verdict }) };
    return isOwn(report) || findings.length > 0 ? [own] : [];
  });
  const { changes = [], curve = [] } = audit.comparison ?? {};
  const comparison = audit.comparison && {
    ...audit.comparison,
    changes: changes.filter(isOwn),
    curve: curve.map((point) => (isOwn(point) ? point : { ...point, open: 0 })), // The days stay.
  };
  return { ...audit, reports, comparison, exemptions: undefined, coverage: undefined };
}

/** Makes the folder, without the reports of an earlier run: their owners may have none any more. @throws ReportError */
export const clearSplit = orReportError((folder) => {
  const endings = AUDIT_FORMATS.map(({ name }) => endingOf(name)).join("|");
  const own = new RegExp(`^(audit|no-owner|owner-[a-z0-9_-]*(\\.[0-9a-f]{8})?)\\.(${endings})$`);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (own.test(name)) rmSync(join(folder, name));
});
