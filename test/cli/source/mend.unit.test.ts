import { expect } from "chai";
import { applyEdits, toEdit } from "../../../cli/source/edit";
import { callAt, makerIn } from "../../../cli/source/find";
import { mend } from "../../../cli/source/mend";
import { faultsIn, parse } from "../../../cli/source/syntax";
import { BUCKET, mended, readCases } from "./cases";

const AWS = 'import * as aws from "@pulumi/aws";\n';

describe("the change that mends", () => {
  for (const each of readCases()) {
    it(`${each.after === undefined ? "leaves" : "knows"} ${each.title}, in ${each.file}`, () => {
      const { found, after } = mended(each);
      expect(after, found?.why).to.equal(each.after ?? each.before);
      if (each.why) expect(found?.why).to.equal(each.why);
      expect(faultsIn(after, each.file)).to.be.at.most(faultsIn(each.before, each.file));
    });
  }

  it("gives two buckets of one scope two names", () => {
    const text = `${AWS}new aws.s3.Bucket(one);\nnew aws.s3.Bucket(two);\n`;
    const source = parse(text, "javascript");
    const edits = source.calls.flatMap((call) =>
      (mend(source, call, { kind: "block", properties: [] })?.groups ?? []).map((group) =>
        toEdit("index.ts", text, group),
      ),
    );
    expect(applyEdits(text, edits).match(/const \w+/g)).to.deep.equal(["const bucket", "const newBucket"]);
  });

  it("looks for a name of many parts in no time", () => {
    const text = `new aws.s3.Bucket(\`${"${a}a".repeat(200)}b\`);`;
    const source = parse(text, "javascript");
    expect(makerIn(source, { type: BUCKET, name: "a".repeat(2000) })).to.equal(undefined);
    expect(makerIn(source, { type: BUCKET, name: `${"a".repeat(2000)}b` })).to.equal(source.calls[0]);
  });

  it("keeps the line breaks of Windows", () => {
    for (const each of readCases()) {
      const { after } = mended({ ...each, before: each.before.replaceAll("\n", "\r\n") });
      expect(after, each.title).to.equal((each.after ?? each.before).replaceAll("\n", "\r\n"));
    }
  });
});

describe("the call at a position", () => {
  const at = (text: string, line: number, column?: number, name = "site"): string | undefined => {
    const source = parse(text, "javascript");
    const call = callAt(
      source,
      { line, ...(column === undefined ? {} : { column }) },
      { type: BUCKET, name },
    );
    return call && text.slice(call.from, call.open);
  };

  it("is a new where it begins", () => {
    expect(at('const a = new s3.Bucket("site");', 1, 11)).to.equal("new s3.Bucket");
  });
  it("is a method's where its name is", () => {
    expect(at('teams.map((t) => new s3.Bucket("site"));', 1, 7)).to.equal("teams.map");
  });
  it("is a function's that is called at once where the bracket is", () => {
    expect(at('(() => {\n  new s3.Bucket("site");\n})();', 3, 3)).to.equal(
      '(() => {\n  new s3.Bucket("site");\n})',
    );
  });
  it("is a super where it begins", () => {
    expect(at('class A extends B { constructor() {\n super("site"); } }', 2, 2)).to.equal("super");
  });
  it("isn't there in an import, behind the end of a line, nor of the file", () => {
    const text = 'import { Bucket } from "@pulumi/aws/s3/bucket";\nnew Bucket("site");\n';
    expect([at(text, 1, 58), at(text, 1, 20), at(text, 9, 1)]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
