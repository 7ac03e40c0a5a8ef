import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../command";
import type { Audit } from "../report/audit";
import { placesIn } from "../report/links";
import type { Options } from "./args";
import { tagged } from "./backend";
import { type Source, taggedIn } from "./files";

/* Who a finding is for: the owner of its stack, by a tag of that, or else of its line, by the repository's CODEOWNERS. */

/** The function that puts the owners into an audit, where they are asked for. `root` is the repository's. @throws UsageError */
export async function ownersOf(options: Options, sources: readonly Source[], root: string) {
  const { ownerTag: tag, out, organization, files } = options;
  if (tag === undefined && out === undefined) return (audit: Audit) => audit;
  // In the order in which GitHub looks for it ("About code owners").
  const places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"].map((file) => join(root, file));
  const file = places.find((each) => existsSync(each));
  const names = sources.map(({ name }) => name);
  const ofStacks = files.length > 0 ? taggedIn : tagged;
  const tags = tag === undefined ? new Map<string, string>() : await ofStacks(tag, names, organization);
  const none = tag === undefined || tags.size > 0 ? [] : [`No stack has the tag ${tag} (an exported state has none)`];
  if (file === undefined && (tag === undefined || (files.length > 0 && none.length > 0))) {
    const how = tag === undefined ? "name a stack tag with --owner-tag" : `audit the backend. ${none.join("")}`;
    throw new UsageError(`there is no CODEOWNERS in ${root}: ${how}`);
  }
  const ofPath = codeowners(file === undefined ? "" : readFileSync(file, "utf8"));
  const placeOf = placesIn(root);
  return (audit: Audit): Audit => {
    const reports = audit.reports.map((report) => {
      const owner = given(tags.get(report.stack));
      const findings = report.findings.map((each) => {
        const place = each.position && placeOf(each.position, each.urn);
        return { ...each, owner: owner ?? (place && ofPath(place.file)) };
      });
      return { ...report, owner, findings };
    });
    const instead = file === undefined ? "" : ": owners are those in CODEOWNERS";
    const notes = [...(audit.notes ?? []), ...none.map((each) => each + instead)];
    return { ...audit, notes, owners: { tag }, reports };
  };
}

/** Who owns a path, by GitHub's rules: the last pattern that matches counts, and one without owners leaves it without. */
export function codeowners(text: string): (path: string) => string | undefined {
  const rules = text.split(/\r?\n/).flatMap((line) => {
    const [pattern = "", ...words] = line.replace(/(^|\s)#.*/, "").match(/(?:\\.|\S)+/g) ?? [];
    const owner = words.filter((each) => each.includes("@")).join(" ");
    // GitHub has neither the negations nor the ranges of .gitignore, and skips such a line.
    if (pattern === "" || /^!|\[/.test(pattern)) return [];
    return { pattern: patternOf(pattern.replace(/\\(.)/g, "$1")), owner };
  });
  return (path) => given(rules.findLast(({ pattern }) => pattern.test(path))?.owner);
}

const given = (name = ""): string | undefined => (name.trim() === "" ? undefined : name);

const WILD: Record<string, string> = { "**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]" };

/** As in .gitignore, but for a last `/*`, which in CODEOWNERS stands for files of that folder only. */
function patternOf(glob: string): RegExp {
  const parts = glob.replace(/^\//, "").replace(/\/$/, "/**");
  const body = parts.replace(/\*\*\/|\/\*\*$|\*\*|[*?]|[.+^${}()|[\]\\]/g, (found) => WILD[found] ?? `\\${found}`);
  const isAnchored = /^\/|\/(?!$)/.test(glob);
  return new RegExp(`^${isAnchored ? "" : "(?:.*/)?"}${body}${parts.endsWith("/*") ? "" : "(?:/.*)?"}$`);
}
