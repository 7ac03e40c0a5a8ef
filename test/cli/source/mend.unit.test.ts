/*
 * The programs of test/testdata/fix, which `fix` changes, or leaves; several in a file, each with the line breaks of Windows, too:
 *
 *     === a title
 *     name: the resource's logical name, "site" if it isn't given
 *     wanted: properties to turn on, or "private" for an ACL; without it, a block
 *     taken: names that blocks of the stack have
 *     shown: a line of the code that a person is shown
 *     --- index.ts
 *     the program
 *     --- fixed
 *     the program as it is then, with FLAGS for the four flags; or "--- left" and why
 *
 * test/cli/fix/compile.test.ts gives the results to the compilers; `stubs` has what the Go programs need for that.
 */
import { expect } from "chai";
import { applyEdits, toEdit } from "../../../cli/source/edit";
import { callAt, makerIn } from "../../../cli/source/find";
import { fix } from "../../../cli/source/fix";
import { faultsIn, parse } from "../../../cli/source/syntax";
import type { Wanted } from "../../../cli/source/target";
import { BUCKET, type Case, mended, readCases } from "./cases";
import { expectSection } from "../../docs/section";
import { testdata } from "../../testdata";

const AWS = 'import * as aws from "@pulumi/aws";\n';

describe("the change that mends", () => {
  for (const each of readCases()) {
    it(`${each.after === undefined ? "leaves" : "knows"} ${each.title}, in ${each.file}`, () => {
      const { found, after } = mended(each);
      expect(after, found?.why).to.equal(each.after ?? each.before);
      if (each.why) expect(found?.why).to.equal(each.why);
      const { shown } = each.settings;
      if (shown) expect(found?.lines.map((line) => line.trim())).to.contain(shown);
      expect(faultsIn(after, each.file)).to.be.at.most(faultsIn(each.before, each.file));
    });
  }

  /** A program with blocks for all its buckets, and other changes. */
  function locked(text: string, ...others: Wanted[]): string {
    const source = parse(text, "javascript");
    const changes = source.calls.flatMap((call) =>
      [{ kind: "block", properties: [] } as const, ...others].map((wanted) =>
        fix({ source, call }, wanted, { isTaken: () => false, properties: [], names: [] }),
      ),
    );
    const groups = changes.flatMap((change) => change?.groups ?? []).filter(({ length }) => length > 0);
    return applyEdits(
      text,
      groups.map((group) => toEdit("index.ts", text, group)),
    );
  }

  it("gives two buckets of one scope two names", () => {
    const after = locked(`${AWS}new aws.s3.Bucket(one);\nnew aws.s3.Bucket(two);\n`);
    expect(after.match(/const \w+/g)).to.deep.equal(["const bucket", "const newBucket"]);
  });

  it("is made together with those of the same bucket's ACL, and of the other buckets in a list", () => {
    const bucket = 'new aws.s3.Bucket("a", { acl: "public-read" });\n';
    const makePrivate = { kind: "private", properties: [] } as const;
    for (const before of ["", "const a = ", "return "]) {
      const after = locked(`${AWS}function f() {\n  ${before}${bucket}}\n`, makePrivate);
      expect(after).to.contain(
        `const a = ${bucket.replace("public-read", "private")}  new aws.s3.BucketPublicAccessBlock`,
      );
    }
    const listed = locked(`${AWS}const all = [new aws.s3.Bucket("a"), new aws.s3.Bucket("b")];\n`);
    expect(listed.match(/^const .*/gm)).to.deep.equal([
      'const a = new aws.s3.Bucket("a");',
      'const b = new aws.s3.Bucket("b");',
      "const all = [a, b];",
    ]);
  });

  it("looks for a name of many parts in no time", () => {
    const text = `new aws.s3.Bucket(\`${"${a}a".repeat(200)}b\`);`;
    const source = parse(text, "javascript");
    expect(makerIn(source, { type: BUCKET, name: "a".repeat(2000) })).to.equal(undefined);
    expect(makerIn(source, { type: BUCKET, name: `${"a".repeat(2000)}b` })).to.equal(source.calls[0]);
  });

  it("changes nothing of what it has made, and makes one block", () => {
    for (const each of readCases().filter(({ after }) => after !== undefined)) {
      const { before, after = "", settings, title } = each;
      const blocks = (text: string): number =>
        text.split(/PublicAccessBlock\(|Lock\(|s3:BucketPublicAccessBlock$/m).length;
      if (settings.wanted) expect(mended({ ...each, before: after }).after, title).to.equal(after);
      else expect(blocks(after), title).to.equal(blocks(before) + 1);
    }
  });

  it("is what the table in the documents says, by language and shape", async () => {
    const cases = readCases().filter(({ settings }) => settings.shape !== undefined);
    const titles = { ts: "TypeScript", py: "Python", go: "Go", yaml: "YAML" };
    const rows = Object.entries(titles).map(([ending, title]) => {
      const own = cases.filter(({ file }) => file.endsWith(`.${ending}`));
      const shapes = (found: readonly Case[]): string =>
        [...new Set(found.map(({ settings }) => settings.shape))].sort().join(", ");
      const [fixed, left] = [true, false].map((is) => own.filter(({ after }) => (after !== undefined) === is));
      for (const each of left ?? []) expect(mended(each).found?.lines, each.title).not.to.equal(undefined);
      const [done, shown] = [shapes(fixed ?? []), shapes(left ?? [])];
      return `| ${title} | ${done} | ${shown} |`;
    });
    await expectSection("docs/fix.md", "shapes", ["|  | fixed | shown |", "| - | - | - |", ...rows].join("\n"));
  });

  it("keeps the line breaks of Windows", () => {
    for (const each of readCases()) {
      const { after } = mended({ ...each, before: each.before.replaceAll("\n", "\r\n") });
      expect(after, each.title).to.equal((each.after ?? each.before).replaceAll("\n", "\r\n"));
    }
  });
});

it("the call at a position is the innermost whose name or bracket is there", () => {
  const cases = testdata("calls.yaml") as [text: string, line: number, column: number, call: string | null][];
  for (const [text, line, column, expected] of cases) {
    const call = callAt(parse(text, "javascript"), { line, column }, { type: BUCKET, name: "site" });
    expect(call ? text.slice(call.from, call.open) : null, text).to.equal(expected);
  }
});
