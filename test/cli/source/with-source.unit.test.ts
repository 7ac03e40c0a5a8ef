import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readSteps } from "../../../cli/preview/output";
import { findRoots } from "../../../cli/report/position";
import { shown } from "../../../cli/report/message";
import { noVerdict, type Finding } from "../../../cli/report/report";
import { read as readText } from "../../../policypack/findings/text";
import { withSource } from "../../../cli/source/with-source";

const BUCKET = "aws:s3/bucket:Bucket";
const AWS = 'import * as aws from "@pulumi/aws";\n';
const STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";

describe("a finding, where the source is read", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "source-")));
    mkdirSync(join(folder, ".git"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** The one finding, on a bucket that the frames place; "" is one that the SDK couldn't read. */
  function read(
    source: string,
    frames: readonly string[],
    {
      file = "index.ts",
      name = "site",
      policy = "s3-bucket-public-access-block",
      type = BUCKET,
      block = "x",
    } = {},
  ): Finding {
    writeFileSync(join(folder, file), source);
    const urn = `urn:pulumi:dev::shop::${type}::${name}`;
    const stackTrace = frames.map((frame) => (frame === "" ? {} : { sourcePosition: `project:///${frame}` }));
    const state = { stackTrace, parent: STACK, provider: "urn:p::1" };
    const other = `urn:pulumi:dev::shop::aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::${block}`;
    const created = [urn, other].map((each) => ({ op: "create", urn: each, newState: state }));
    const steps = readSteps(JSON.stringify({ steps: created }));
    const fix = "new aws.s3.BucketPublicAccessBlock({\n    blockPublicAcls: true,\n});";
    const finding: Finding = {
      ...{ pack: "s3-public-access-block", policy, urn, type, name, blocks: true },
      ...shown(readText(`Open.\nAdd one:\n      ${fix.replaceAll("\n", "\n      ")}`)),
      position: { file, line: 99 },
    };
    const roots = findRoots(folder);
    if (roots === undefined) throw new Error("there is no project");
    const report = { ...noVerdict([], "dev", roots.manifest), findings: [finding] };
    return withSource(report, steps, roots).findings[0] ?? finding;
  }
  const place = (...given: Parameters<typeof read>): string => {
    const { position } = read(...given);
    return position === undefined ? "-" : [position.file, position.line, position.column].join(":");
  };

  it("stays at a super, whose class is what makes the bucket", () => {
    const source = "class Site extends Bucket {\n  constructor() {\n    super(`x`);\n  }\n}\n";
    expect(place(source, ["index.ts#3,5"])).to.equal("index.ts:3:5");
  });

  it("leaves a new of another name for the one of its own, and is nowhere where there is none", () => {
    const other = 'new Bucket("other");\n';
    expect(place(`${other}new Bucket("site");\n`, ["index.ts#1,1"])).to.equal("index.ts:2:1");
    expect(place(other, ["index.ts#1,1"])).to.equal("-");
  });

  it("is nowhere where the text isn't a call, and several could be meant", () => {
    const source = "import a from 'a';\nnew Bucket(one);\nnew Bucket(two);\n";
    expect(place(source, ["index.ts#1,1"])).to.equal("-");
  });

  it("goes to the next frame where the innermost is in no call", () => {
    const source = "const a = 1;\nmake();\n";
    expect(place(source, ["index.ts#1,1", "index.ts#2,1"])).to.equal("index.ts:2:1");
  });

  it("isn't looked for by its name where a library makes it", () => {
    const source = 'new Bucket("site");\nnew Trail("trail");\n';
    mkdirSync(join(folder, "node_modules/acme"), { recursive: true });
    writeFileSync(join(folder, "node_modules/acme/index.js"), "");
    const { position, edits } = read(source, ["node_modules/acme/index.js#1,1", "index.ts#2,1"]);
    expect([position, edits]).to.deep.equal([{ file: "index.ts", line: 2, column: 1 }, undefined]);
  });

  it("keeps the place in a file of a language that isn't read, and the pack's fix", () => {
    const { position, fix } = read("new Bucket();", ["App.java#7"], { file: "App.java" });
    expect([position, fix?.split("\n")[0]]).to.deep.equal([
      { file: "App.java", line: 7 },
      "new aws.s3.BucketPublicAccessBlock({",
    ]);
  });

  it("without an edit says why there is none", () => {
    const bucket = `const all = f(new aws.s3.Bucket("site"));\n${AWS}`;
    const reasons = [
      read("new Bucket();", ["App.java#7"], { file: "App.java" }),
      read(bucket, ["index.ts#1,15"], { policy: "other" }),
      read(bucket, ["index.ts#1,15"]),
      read("", ["index.ts#1,15"]),
      read('new Bucket("site");', ["index.ts#1,1"]),
      read("new Site();", ["node_modules/acme/index.js#1,1", "index.ts#1,1"]),
    ].map(({ byHand, edits }) => [byHand, edits]);
    expect(reasons).to.deep.equal(
      [
        "App.java is in a language that isn't read here",
        "what fixes it is for a person to decide",
        "what makes it in index.ts isn't of a form that can be changed without a person",
        "the program's source doesn't show where its resource is made",
        "index.ts: Bucket isn't imported from Pulumi's AWS package",
        "a library or a class makes its resource, not index.ts itself",
      ].map((why) => [why, undefined]),
    );
  });

  it("keeps the fix of another policy", () => {
    const { fix, edits } = read('new aws.s3.Bucket("site");\n', ["index.ts#1,1"], { policy: "other" });
    expect([fix?.split("\n")[0], edits]).to.deep.equal(["new aws.s3.BucketPublicAccessBlock({", undefined]);
  });

  it("has its fix in the message, too, and the edit that makes it", () => {
    const { message, edits } = read(`const a = new aws.s3.Bucket("site");\n${AWS}`, ["index.ts#1,11"]);
    const lines = [
      'new aws.s3.BucketPublicAccessBlock("siteAccessBlock", {',
      "  bucket: a.id,",
      "  blockPublicAcls: true,",
      "});",
    ];
    expect(message).to.equal(["Open.", "Add one:", ...lines.map((line) => `      ${line}`)].join("\n"));
    const text = ['const a = new aws.s3.Bucket("site");', ...lines].join("\n");
    const changes = [{ from: 36, to: 36, text: `\n${lines.join("\n")}` }];
    expect(edits).to.deep.equal([{ file: "index.ts", startLine: 1, endLine: 1, text, changes }]);
  });

  it("has a name for its block that no other block of the stack has", () => {
    const source = `const a = new aws.s3.Bucket("site");\n${AWS}`;
    const { fix } = read(source, ["index.ts#1,11"], { block: "siteAccessBlock" });
    expect(fix).to.contain('("sitePublicAccessBlock", {');
  });

  it("has its place and the pack's fix in a program that breaks off in the middle", () => {
    const { position, fix, edits } = read('const a = new aws.s3.Bucket("site", {', ["index.ts#1,11"]);
    expect(position).to.deep.equal({ file: "index.ts", line: 1, column: 11 });
    expect([fix?.split("\n")[0], edits]).to.deep.equal(["new aws.s3.BucketPublicAccessBlock({", undefined]);
  });
});
