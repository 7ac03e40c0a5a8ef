import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Audit } from "../report/audit";
import { ReportError } from "../report/files";
import { AUDIT_FORMATS } from "../report/formats";
import { natural } from "../report/groups";

/*
 * One report per owner, in a folder that has nothing else of such names.
 */

const endingOf = (format: string): string => (format === "summary" ? "md" : format);

/** The reports of the whole audit and of each owner, by the names of their files without an ending. */
export function splitByOwner(audit: Audit): [name: string, audit: Audit][] {
  const { reports, comparison } = audit;
  const all = [...reports, ...reports.flatMap(({ findings }) => findings), ...(comparison?.changes ?? [])];
  const owners = [...new Set(all.map(({ owner }) => owner))].sort((one, other) => natural(one ?? "", other ?? ""));
  return [["audit", audit], ...owners.map((owner): [string, Audit] => [fileOf(owner), ofOwner(audit, owner)])];
}

/** A name that is one file on every system: of another owner it is another one, whatever is left out of it. */
function fileOf(owner: string | undefined): string {
  if (owner === undefined) return "no-owner";
  const plain = owner
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .slice(0, 60);
  const mark = createHash("sha256").update(owner).digest("hex").slice(0, 8);
  return `owner-${plain === owner ? plain : `${plain.replace(/^-|-$/g, "")}.${mark}`}`;
}

/** A stack without an owner may have lines that have one: it is in the report of each. What is about the whole is in none. */
function ofOwner(audit: Audit, owner: string | undefined): Audit {
  const isOwn = (each: { readonly owner?: string | undefined }): boolean => each.owner === owner;
  const reports = audit.reports.flatMap((report) => {
    const findings = report.findings.filter(isOwn);
    if (!isOwn(report) && findings.length === 0) return [];
    const urns = new Set(findings.map(({ urn }) => urn));
    const live = report.live?.filter(({ urn }) => isOwn(report) || urns.has(urn));
    const verdict = findings.some(({ blocks }) => blocks) ? ("blocked" as const) : ("passed" as const);
    return [
      { ...report, findings, ...(live && { live }), verdict: report.verdict === "failed" ? report.verdict : verdict },
    ];
  });
  const comparison = audit.comparison && {
    ...audit.comparison,
    changes: audit.comparison.changes.filter(isOwn),
    // Its days stay, with nothing on them.
    curve: audit.comparison.curve.map((point) => (isOwn(point) ? point : { ...point, open: 0 })),
  };
  return { ...audit, reports, comparison, exemptions: undefined, coverage: undefined };
}

/** The file of a report in the folder. */
export const splitFile = (folder: string, name: string, format: string): string =>
  join(folder, `${name}.${endingOf(format)}`);

/** Makes the folder, without the reports of an earlier run: their owners may have none any more. @throws ReportError */
export function clearSplit(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const endings = AUDIT_FORMATS.map(({ name }) => endingOf(name)).join("|");
    const own = new RegExp(`^(audit|no-owner|owner-[a-z0-9_-]*(\\.[0-9a-f]{8})?)\\.(${endings})$`);
    for (const name of readdirSync(folder)) if (own.test(name)) rmSync(join(folder, name));
  } catch (error) {
    throw new ReportError(`the folder ${folder} can't be written: ${(error as Error).message}`);
  }
}
