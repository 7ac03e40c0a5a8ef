import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { readSteps } from "../../../cli/gate/output";
import { findRoots } from "../../../cli/report/position";
import { shown } from "../../../cli/report/message";
import { noVerdict, type Finding } from "../../../cli/report/report";
import { read as readText } from "../../../policypack/findings/text";
import { withSource } from "../../../cli/source/with-source";
import { readCases } from "./cases";
import { tempFolder } from "../../temp-folder";

const BUCKET = "aws:s3/bucket:Bucket";
const AWS = 'import * as aws from "@pulumi/aws";\n';
const STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";

describe("a finding, where the source is read", () => {
  let folder: string;
  beforeEach(() => {
    folder = tempFolder("source");
    mkdirSync(join(folder, ".git"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  });

  /** The one finding, on a bucket that the frames place; "" is one that the SDK couldn't read. */
  function read(
    source: string,
    frames: readonly string[],
    { file = "index.ts", policy = "s3-bucket-public-access-block", block = "x", inputs = {}, inside = "" } = {},
  ): Finding {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), source);
    const [type, name] = [BUCKET, "site"];
    const urn = `urn:pulumi:dev::shop::${type}::${name}`;
    const stackTrace = frames.map((frame) => (frame === "" ? {} : { sourcePosition: `project:///${frame}` }));
    const parent = `urn:pulumi:dev::shop::${inside}::audit`;
    const state = { ...(inside === "" ? { stackTrace, parent: STACK } : { parent }), provider: "urn:p::1", inputs };
    const component = { op: "create", urn: parent, newState: { stackTrace, parent: STACK } };
    const other = `urn:pulumi:dev::shop::aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::${block}`;
    const created = [urn, other].map((each) => ({ op: "create", urn: each, newState: state }));
    const steps = readSteps(JSON.stringify({ steps: [component, ...created] }));
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
  for (const { title, file, before, settings } of readCases("places")) {
    it(`is placed, or left to a person, by ${title}`, () => {
      mkdirSync(join(folder, "node_modules/acme"), { recursive: true });
      writeFileSync(join(folder, "node_modules/acme/index.js"), "");
      const { frames = "", place, why, policy, lib } = settings;
      if (lib !== undefined) writeFileSync(join(folder, "lib.ts"), lib);
      const finding = read(before, frames.split(" "), { file, ...(policy && { policy }) });
      const { position } = finding;
      expect(position ? [position.file, position.line, position.column].join(":") : "-").to.equal(place);
      expect(finding.edits).to.equal(undefined);
      if (why === undefined) return;
      expect(finding.byHand).to.equal(why);
      if (!why.includes("imported")) expect(finding.fix).to.match(/^new aws.s3.BucketPublicAccessBlock\(/);
    });
  }

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

  it("is placed where the component of a package is made that makes it, and says where the way out is", () => {
    const source = 'new awsx.cloudtrail.Trail("audit");\n';
    const { position, byHand, message } = read(source, ["index.ts#1,1"], { inside: "awsx:cloudtrail:Trail" });
    expect([position?.line, byHand]).to.deep.equal([
      1,
      'the package of awsx:cloudtrail:Trail makes it: "Buckets that packages make" in docs/recipes.md has the way out',
    ]);
    expect(message).to.contain("Made inside awsx:cloudtrail:Trail 'audit', which this line makes.");
  });

  it("is left to a person if its bucket looks like a public site, with the code to adapt", () => {
    const source = `const a = new aws.s3.Bucket("site");\n${AWS}`;
    const { fix, edits, byHand } = read(source, ["index.ts#1,11"], { inputs: { website: {} } });
    expect([fix?.includes("bucket: a.id"), edits]).to.deep.equal([true, undefined]);
    expect(byHand).to.match(/^'site' configures a website, .* \(docs\/recipes.md\)$/);
  });
});
