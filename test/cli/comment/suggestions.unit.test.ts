import { createHash } from "node:crypto";
import { expect } from "chai";
import type { ChangedFile } from "../../../cli/comment/forge";
import { commentOf, hunksOf, marksIn, suggestionsOf, type Suggestion } from "../../../cli/comment/suggestions";
import type { Suggestible } from "../../../cli/report/suggestions";
import { toEdit, type Change } from "../../../cli/source/edit";
import { committed, suggestedIn } from "../../harness/forge/suggestion";

const SOURCE = Array.from({ length: 30 }, (_, at) => `line ${at + 1}\n`).join("");
const FILE = "infra/index.ts";

const at = (line: number): number => SOURCE.indexOf(`line ${line}\n`);
const replaced = (line: number, text: string): Change => ({ from: at(line), to: at(line + 1) - 1, text });
const added = (line: number, text: string): Change => {
  const from = at(line + 1) - 1;
  return { from, to: from, text: `\n${text}` };
};

let count = 0;
/** A finding with an edit for each of the lists of changes. */
function finding(...edits: Change[][]): Suggestible {
  count += 1;
  return {
    ...{ policy: "no-open-bucket", problem: `Bucket 'b${count}' is *open*.` },
    fingerprint: count.toString(16).padStart(32, "0"),
    edits: edits.map((changes) => toEdit(FILE, SOURCE, changes)),
  };
}

const suggested = (...findings: Suggestible[]): Suggestion[] => suggestionsOf(findings, () => SOURCE);
const pieces = (all: readonly Suggestion[]): unknown[] =>
  all.map(({ edit: { startLine, endLine, text }, findings }) => [startLine, endLine, text, findings.length]);

function changed(patch: string, source = SOURCE): ChangedFile[] {
  const blob = createHash("sha1").update(`blob ${source.length}\0${source}`).digest("hex");
  return [{ path: FILE, oldPath: FILE, blob, patch }];
}

/** A part of a patch that adds so many lines. */
const adding = (from: number, count: number): string => `@@ -0,0 +${from},${count} @@\n${"+\n".repeat(count)}`;
const WHOLE = adding(1, 300);
const fence = (): string => "suggestion";

describe("suggestions", () => {
  it("are one for changes of the same lines or of close ones, since only one of two could be committed", () => {
    const same = added(3, "block");
    expect(pieces(suggested(finding([same]), finding([same])))).to.deep.equal([[3, 3, "line 3\nblock", 2]]);
    const near = [finding([replaced(3, "three"), added(5, "block")]), finding([replaced(9, "nine")])];
    expect(pieces(suggested(...near, finding([added(4, "more")])))).to.deep.equal([
      [3, 5, "three\nline 4\nmore\nline 5\nblock", 2],
      [9, 9, "nine", 1],
    ]);
    const withImport = finding([added(1, "import")], [added(4, "block")]);
    const distant = finding([added(10, "import")], [added(20, "block")]);
    const joined = [1, 4, "line 1\nimport\nline 2\nline 3\nline 4\nblock", 1];
    expect(pieces(suggested(withImport, distant))).to.deep.equal([joined]);
  });

  it("leave the second of two that exclude each other for the next push", () => {
    const all = suggested(finding([replaced(3, "three")]), finding([replaced(3, "3")]));
    expect(pieces(all)).to.deep.equal([[3, 3, "three", 1]]);
  });

  it("leave a file that isn't there, or has changed since the preview", () => {
    const one = finding([replaced(3, "three")]);
    expect(suggestionsOf([one], () => undefined)).to.deep.equal([]);
    expect(suggestionsOf([one], () => "another text\n")).to.deep.equal([]);
  });
});

describe("the comment of a suggestion", () => {
  const comment = (source: string, change: Change, files: ChangedFile[]) => {
    const edit = toEdit(FILE, source, [change]);
    return commentOf({ edit, findings: [finding([change])] }, source, files, fence);
  };

  it("is on the lines that it replaces, says what is wrong as plain text, and has the change", () => {
    const [one] = suggested(finding([replaced(3, "three"), added(5, "block")]));
    const found = one && commentOf(one, SOURCE, changed(WHOLE), fence);
    expect([found?.file.path, found?.startLine, found?.line]).to.deep.equal([FILE, 3, 5]);
    expect(found?.body).to.contain("is &#42;open&#42;.");
    expect(suggestedIn(found?.body ?? "")).to.equal("three\nline 4\nline 5\nblock");
  });

  it("holds any text: a fence in it doesn't end it", () => {
    const text = "`````\n```suggestion\n# text\n````";
    const found = comment(SOURCE, replaced(3, text), changed(WHOLE));
    expect(found && committed(SOURCE, { path: FILE, line: found.line, body: found.body })).to.equal(
      SOURCE.replace("line 3", () => text),
    );
  });

  it("isn't there where its lines aren't in one part of the diff", () => {
    const parts = changed("@@ -1,2 +3,2 @@ f\n a\n b\n@@ -9 +10 @@\n-a\n+b\n@@ -20,1 +22,0 @@\n-a\n");
    const on = (line: number): number | undefined => comment(SOURCE, replaced(line, "new"), parts)?.line;
    expect([2, 3, 4, 5, 10, 11, 22].map(on)).to.deep.equal([...[undefined, 3, 4, undefined, 10, undefined, undefined]]);
    const both = toEdit(FILE, SOURCE, [replaced(4, "new"), replaced(10, "new")]);
    expect(commentOf({ edit: both, findings: [] }, SOURCE, parts, fence)).to.equal(undefined);
  });

  it("isn't there for another file or none, line breaks of Windows, what GitLab could take for a command, and what is too long", () => {
    const [windows, long] = ["one\r\ntwo\r\n", "line\n".repeat(200)];
    const three = replaced(3, "three");
    const kept = changed(WHOLE);
    const cases: [string, Change, ChangedFile[], boolean][] = [
      [SOURCE, three, kept, true],
      [SOURCE, three, [], false],
      [SOURCE, three, changed(WHOLE, "merged with its base\n"), false],
      [windows, { from: 0, to: 3, text: "1" }, changed(WHOLE, windows), false],
      [SOURCE, replaced(3, "x".repeat(66_000)), kept, false],
      [SOURCE, replaced(3, "a\n/merge"), kept, false],
      [long, { from: 0, to: 499, text: "x" }, changed(WHOLE, long), true],
      [long, { from: 0, to: 504, text: "x" }, changed(WHOLE, long), false],
    ];
    expect(cases.map(([source, change, files]) => comment(source, change, files) !== undefined)).to.deep.equal(
      cases.map(([, , , isThere]) => isThere),
    );
  });

  it("names five of the findings that it fixes, and how many more there are", () => {
    const findings = Array.from({ length: 8 }, () => finding([replaced(3, "three")]));
    const [one] = suggested(...findings);
    const body = (one && commentOf(one, SOURCE, changed(WHOLE), fence)?.body) ?? "";
    expect(body.match(/is &#42;open/g)?.length).to.equal(5);
    expect(body).to.contain("The same change fixes 3 more findings.");
    expect(marksIn(body)).to.deep.equal(findings.map(({ fingerprint }) => fingerprint));
    expect(marksIn(`quoted:\n${body}`)).to.deep.equal([]);
  });
});

describe("the parts of a patch", () => {
  it("are the lines of its new side, with their numbers on the old side", () => {
    const patch =
      "@@ -1,3 +1,4 @@ class A {\n a\n+@@ -1 +99 @@\n-b\n--- c\n+d\n e\n@@ -9 +10 @@\n-f\n+g\n\\ No newline\n";
    expect(hunksOf(patch).map((lines) => [...lines].map(String))).to.deep.equal([["1,1", "2,", "3,", "4,4"], ["10,"]]);
    expect(hunksOf("@@ -1,3 +0,0 @@\n-a").map(({ size }) => size)).to.deep.equal([0]);
  });
});
