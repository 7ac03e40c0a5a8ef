import { createHash } from "node:crypto";
import { expect } from "chai";
import type { ChangedFile } from "../../../cli/review/github";
import { hunksOf } from "../../../cli/review/hunks";
import { commentOf, isOffered, suggestionsOf, type Suggestion } from "../../../cli/review/suggestions";
import type { Suggestible } from "../../../cli/report/suggestions";
import { toEdit, type Change } from "../../../cli/source/edit";
import { committed, suggestedIn } from "../../../harness/github/suggestion";

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
  const sha = createHash("sha1").update(`blob ${source.length}\0${source}`).digest("hex");
  return [{ filename: FILE, sha, patch }];
}

const WHOLE = "@@ -0,0 +1,30 @@\n";

describe("suggestions", () => {
  it("are one for findings that one change fixes", () => {
    const change = added(3, "block");
    expect(pieces(suggested(finding([change]), finding([change])))).to.deep.equal([
      [3, 3, "line 3\nblock", 2],
    ]);
  });

  it("are one for changes of the same lines, since only one of two could be committed", () => {
    const all = suggested(
      finding([replaced(3, "three"), added(5, "block")]),
      finding([replaced(9, "nine")]),
      finding([added(4, "more")]),
    );
    expect(pieces(all)).to.deep.equal([
      [3, 5, "three\nline 4\nmore\nline 5\nblock", 2],
      [9, 9, "nine", 1],
    ]);
  });

  it("leave the second of two that exclude each other for the next push", () => {
    const all = suggested(finding([replaced(3, "three")]), finding([replaced(3, "3")]));
    expect(pieces(all)).to.deep.equal([[3, 3, "three", 1]]);
  });

  it("join an import and what needs it where few lines are between them, and leave a fix of distant pieces", () => {
    const all = suggested(
      finding([added(1, "import")], [added(4, "block")]),
      finding([added(10, "import")], [added(20, "block")]),
    );
    expect(pieces(all)).to.deep.equal([[1, 4, "line 1\nimport\nline 2\nline 3\nline 4\nblock", 1]]);
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
    return commentOf({ edit, findings: [finding([change])] }, source, files);
  };

  it("is on the lines that it replaces, says what is wrong as plain text, and has the change", () => {
    const [one] = suggested(finding([replaced(3, "three"), added(5, "block")]));
    const found = one && commentOf(one, SOURCE, changed(WHOLE));
    expect([found?.path, found?.start_line, found?.line]).to.deep.equal([FILE, 3, 5]);
    expect(found?.body).to.contain("is &#42;open&#42;.");
    expect(suggestedIn(found?.body ?? "")).to.equal("three\nline 4\nline 5\nblock");
    const single = comment(SOURCE, replaced(3, "three"), changed(WHOLE));
    expect([single?.start_line, single?.line]).to.deep.equal([undefined, 3]);
  });

  it("holds any text: a fence in it doesn't end it", () => {
    const text = "`````\n```suggestion\n# text\n````";
    const found = comment(SOURCE, replaced(3, text), changed(WHOLE));
    expect(found && committed(SOURCE, found)).to.equal(SOURCE.replace("line 3", () => text));
  });

  it("isn't there where its lines aren't in one part of the diff", () => {
    const parts = changed("@@ -1,2 +3,2 @@ f\n@@ -9 +10 @@\n@@ -20,4 +22,0 @@\n");
    const on = (line: number): number | undefined => comment(SOURCE, replaced(line, "new"), parts)?.line;
    expect([2, 3, 4, 5, 10, 11, 22].map(on)).to.deep.equal([
      ...[undefined, 3, 4, undefined, 10, undefined, undefined],
    ]);
    const both = toEdit(FILE, SOURCE, [replaced(4, "new"), replaced(10, "new")]);
    expect(commentOf({ edit: both, findings: [] }, SOURCE, parts)).to.equal(undefined);
  });

  it("isn't there for a file that is another one in the pull request, or whose diff isn't told", () => {
    const [file] = changed(WHOLE);
    const { filename = "", sha = "" } = file ?? {};
    const change = replaced(3, "three");
    for (const files of [[], changed(WHOLE, "merged with its base\n"), [{ filename, sha }]]) {
      expect(comment(SOURCE, change, files)).to.equal(undefined);
    }
  });

  it("isn't there for line breaks of Windows, nor where it would have to be cut", () => {
    const windows = "one\r\ntwo\r\n";
    expect(comment(windows, { from: 0, to: 3, text: "1" }, changed(WHOLE, windows))).to.equal(undefined);
    expect(comment(SOURCE, replaced(3, "x".repeat(66_000)), changed(WHOLE))).to.equal(undefined);
  });

  it("tells five of the findings that it fixes, and how many more there are", () => {
    const findings = Array.from({ length: 8 }, () => finding([replaced(3, "three")]));
    const [one] = suggested(...findings);
    const body = (one && commentOf(one, SOURCE, changed(WHOLE))?.body) ?? "";
    expect(body.match(/is &#42;open/g)?.length).to.equal(5);
    expect(body).to.contain("The same change fixes 3 more findings.");
    expect(one && isOffered(one, [body])).to.equal(true);
  });
});

describe("a suggestion", () => {
  it("is offered once a comment has each of its findings, whatever the comment says", () => {
    const [first, second] = [finding([replaced(3, "three")]), finding([replaced(4, "four")])];
    const [one] = suggested(first);
    const body = (one && commentOf(one, SOURCE, changed(WHOLE))?.body) ?? "";
    const both: Suggestion = { edit: toEdit(FILE, SOURCE, [replaced(3, "3")]), findings: [first, second] };
    expect(one && isOffered(one, ["other", `${body}\nedited`])).to.equal(true);
    expect(isOffered(both, [body])).to.equal(false);
    expect(one && isOffered(one, [`quoted:\n${body}`])).to.equal(false);
  });
});

describe("the hunks of a patch", () => {
  it("are the lines of its new side", () => {
    expect(hunksOf("@@ -1,3 +1,4 @@ class A {\n a\n+@@ -1 +99 @@\n@@ -9 +10 @@")).to.deep.equal([
      { first: 1, last: 4 },
      { first: 10, last: 10 },
    ]);
    expect(hunksOf("@@ -1,3 +0,0 @@\n-a")).to.deep.equal([]);
  });
});
