import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../command";
import type { Audit } from "../report/audit";
import { placesIn } from "../report/links";
import type { Finding } from "../report/report";
import type { Options } from "./args";
import { tagged } from "./backend";
import { SourceError, type Source } from "./files";

/*
 * Who a finding is for: the owner of its stack, by a tag of that, or else of its line, by the repository's CODEOWNERS.
 */

type Given = Pick<Options, "ownerTag" | "split" | "files" | "organization">;

/**
 * Finds the owners, where they are asked for.
 * @param root the repository
 * @returns a function that puts them into an audit
 */
export async function ownersOf(
  { ownerTag: tag, split, files, organization }: Given,
  sources: readonly Source[],
  root: string,
) {
  if (tag === undefined && split === undefined) return (audit: Audit) => audit;
  const ofPath = codeowners(root);
  if (tag === undefined && ofPath === undefined)
    throw new UsageError(`there is no CODEOWNERS in ${root}: name a stack tag with --owner-tag`);
  const names = sources.map(({ name }) => name);
  const tags =
    tag !== undefined && files.length === 0 ? await tagged(tag, names, organization) : new Map<string, string>();
  if (tag !== undefined) for (const { name, tag: of } of sources) tags.set(name, tags.get(name) ?? of?.(tag) ?? "");
  const placeOf = ofPath && placesIn(root);
  const byLine = ({ position, urn }: Finding): string | undefined => {
    const place = position && placeOf?.(position, urn);
    return place && ofPath?.(place.file);
  };
  return (audit: Audit): Audit => ({
    ...audit,
    owners: { tag },
    reports: audit.reports.map((report) => {
      const owner = tags.get(report.stack)?.trim() || undefined;
      return { ...report, owner, findings: report.findings.map((each) => ({ ...each, owner: owner ?? byLine(each) })) };
    }),
  });
}

/** In the order in which GitHub looks for it ("About code owners"). */
const PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

function codeowners(root: string): ((path: string) => string | undefined) | undefined {
  const file = PLACES.map((place) => join(root, place)).find((path) => existsSync(path));
  try {
    return file === undefined ? undefined : readCodeowners(readFileSync(file, "utf8"));
  } catch (error) {
    throw new SourceError(`${file ?? ""} can't be read: ${(error as Error).message}`);
  }
}

/** Who owns a path, by GitHub's rules: the last pattern that matches counts, and one without owners leaves it without. */
export function readCodeowners(text: string): (path: string) => string | undefined {
  const rules = text.split(/\r?\n/).flatMap((line) => {
    const [pattern = "", ...owners] = line.replace(/(^|\s)#.*/, "").match(/(?:\\.|\S)+/g) ?? [];
    // GitHub has neither the negations nor the ranges of .gitignore, and skips such a line.
    if (pattern === "" || /^!|\[/.test(pattern)) return [];
    return [
      {
        pattern: patternOf(pattern.replace(/\\(.)/g, "$1")),
        owner: owners.filter((each) => each.includes("@")).join(" "),
      },
    ];
  });
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.owner || undefined;
}

const WILD: Readonly<Record<string, string>> = {
  "**/": "(?:.*/)?",
  "/**": "/.*",
  "**": ".*",
  "*": "[^/]*",
  "?": "[^/]",
};

/** As in .gitignore, but for a last `/*`, which in CODEOWNERS stands for files of that folder only. */
function patternOf(glob: string): RegExp {
  const parts = glob.replace(/^\//, "").replace(/\/$/, "/**");
  const body = parts.replace(/\*\*\/|\/\*\*$|\*\*|[*?]|[.+^${}()|[\]\\]/g, (found) => WILD[found] ?? `\\${found}`);
  const isAnchored = /^\/|\/(?!$)/.test(glob);
  return new RegExp(`^${isAnchored ? "" : "(?:.*/)?"}${body}${/\/\*$/.test(parts) ? "" : "(?:/.*)?"}$`);
}
