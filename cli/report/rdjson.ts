import { type Alike, alikes, resourceList } from "./groups";
import { fenced } from "./markdown";
import type { Render, Report } from "./report";
import { ruleOf } from "./rules";

/*
 * Reviewdog's Diagnostic Format, for forges that it knows and this package doesn't. A range of lines without columns has its
 * last line in it. What is exempt is left out: reviewdog would make a comment of it.
 */

export const rdjson: Render = (reports, { product }) => {
  const source = { name: "s3-public-access-block", ...(product.homepage && { url: product.homepage }) };
  return `${JSON.stringify({ source, diagnostics: reports.flatMap(diagnostics) }, undefined, 2)}\n`;
};

function diagnostics({ findings, manifest }: Report) {
  return alikes(findings.filter(({ kind }) => kind !== "exempt")).map((alike) => {
    const [{ pack, policy, blocks, position, edits = [] }] = alike;
    // Reviewdog offers a change only on the very lines of its comment.
    const [edit, ...others] = edits;
    const fix = others.length === 0 ? edit : undefined;
    const line = fix?.startLine ?? position?.line ?? 1;
    const range = { start: { line }, end: { line: fix?.endLine ?? line } };
    const { url } = ruleOf(pack, policy);
    return {
      message: messageOf(alike, fix !== undefined),
      location: { path: fix?.file ?? position?.file ?? manifest, range },
      severity: blocks ? "ERROR" : "WARNING",
      code: { value: policy, ...(url && { url }) },
      ...(fix && { suggestions: [{ range, text: fix.text }] }),
    };
  });
}

/** Markdown, as forges take comments: what the program names is plain text in it. */
function messageOf([{ problem, fix, more }, ...others]: Alike, isOffered: boolean): string {
  const same = others.length === 0 ? [] : [`The same for ${resourceList(others, plain)}.`];
  const byHand = isOffered ? [] : [...(fix ? [fenced(fix)] : []), ...(more ? [plain(more)] : [])];
  return [plain(problem), ...same, ...byHand].join("\n\n");
}

const plain = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>|~]/g, "\\$&").replace(/[@#]|:(?=\/\/)/g, "$&\u200b");
