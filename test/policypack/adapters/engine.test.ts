import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { EXECUTABLE } from "../../bench/packs";
import { workspace, type Run, type Workspace } from "../../harness/engine";
import { ROOT } from "../../harness/engine/paths";
import { CASES, told } from "./templates";

/** The policy, the level and the resource of each finding, and what it calls the resource. */
function found({ violations }: Run): string[] {
  return violations
    .map(({ policy, level, urn, message }) => {
      const subject = /'([^' ]+)'/.exec(message)?.[1] ?? "";
      return `${level} ${policy}: ${urn.split("::").slice(3).join("::")}, ${subject}`;
    })
    .sort();
}

const NOTE = "advisory s3-bucket-public-access-block: url, url";
const bucket = (name: string, subject = name): string => `mandatory s3-bucket-public-access-block: ${name}, ${subject}`;

const OPEN = [
  NOTE,
  bucket("bridged"),
  bucket("control"),
  bucket("control-with-block"),
  bucket("json", "json#/Resources/Data"),
  bucket("set", "set#/Resources/Data"),
  bucket("yaml", "yaml#/Resources/Data"),
  "mandatory s3-account-public-access-block: organization, organization",
  "mandatory s3-no-public-bucket-policy: json, json#/Resources/Policy",
].sort();

describe("The roads, as the real engine sees them", function () {
  this.timeout(300_000);
  const stacks: Workspace[] = [];
  after(() => Promise.all(stacks.map((stack) => stack.remove())));

  async function stackWith(ROADS: string): Promise<Workspace> {
    const stack = await workspace("roads", { env: { ROADS } });
    stacks.push(stack);
    return stack;
  }

  it("are each found at the first preview, by the pack in its folder and as an executable", async () => {
    const stack = await stackWith("open");
    for (const pack of [ROOT, EXECUTABLE.path]) {
      const run = await stack.preview({ packs: [pack] });
      expect(found(run), path.basename(pack) + run.stdout + run.stderr).to.deep.equal(OPEN);
      expect(run.code).to.equal(1);
    }
  });

  it("pass at the first preview, the update and later previews, when all of them are closed", async () => {
    const stack = await stackWith("closed");
    const packs = [ROOT];
    for (const run of [await stack.preview({ packs }), await stack.up({ packs }), await stack.preview({ packs })]) {
      expect(found(run), run.stdout + run.stderr).to.deep.equal([NOTE]);
      expect(run.code).to.equal(0);
    }
  });

  it(`have the verdicts of templates.yaml on ${CASES.length} templates, in one preview`, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "templates-"));
    const file = path.join(folder, "templates.json");
    writeFileSync(file, JSON.stringify(Object.fromEntries(CASES.map(({ name, body }) => [name, body]))));
    const stack = await workspace("roads", { env: { TEMPLATES: file } });
    stacks.push(stack);
    const run = await stack.preview({ packs: [ROOT] });
    rmSync(folder, { recursive: true });
    const at = ({ urn }: { urn: string }): string => urn.split("::").at(-1)?.replace(/#.*/, "") ?? "";
    for (const { name, body, finds } of CASES) {
      const found = run.violations.filter((each) => at(each) === name).map(told);
      expect(found.sort(), `${name}: ${body}`).to.deep.equal([...finds].sort());
    }
  });
});

const EXEMPT = {
  "s3-no-public-folder": {
    exemptions: [{ urn: "urn:pulumi:*::roads-packages::synced-folder:index:S3BucketFolder::*", reason: "A site" }],
  },
};
const SKIPPED = "advisory s3-bucket-public-access-block: one, one";
const OTHER_BLOCK = "module.site.aws_s3_bucket_public_access_block.other";
const FOLDER = "s3-no-public-folder: files, files";

describe("The roads of other packages, as the real engine sees them", function () {
  this.timeout(300_000);
  const stacks: Workspace[] = [];
  after(() => Promise.all(stacks.map((stack) => stack.remove())));

  async function stackWith(ROADS: string): Promise<Workspace> {
    const packages = ["site", "aws-native", "acme"];
    const stack = await workspace("roads-packages", { env: { ROADS }, packages });
    stacks.push(stack);
    return stack;
  }

  const OTHERS = [
    SKIPPED,
    bucket("ChangeSet", "ChangeSet#/Resources/Data"),
    bucket("Stack", "Stack#/Resources/Data"),
    bucket("StackSet", "StackSet#/Resources/Data"),
    bucket("extension"),
    "mandatory s3-account-public-access-block: organization, organization",
    "mandatory s3-no-public-bucket-policy: bridged-policy, bridged-policy",
    "mandatory s3-public-access-block-flags: bridged-block, bridged-block",
    `mandatory s3-public-access-block-flags: ${OTHER_BLOCK}, ${OTHER_BLOCK}`,
    bucket("module.site.aws_s3_bucket.this[0]"),
    "mandatory s3-no-public-acl: light, light",
    "mandatory s3-no-public-acl: module.site.aws_s3_bucket_acl.this[0], module.site.aws_s3_bucket_acl.this[0]",
  ];

  it("are each found at the first preview, many public objects of one folder and many buckets of one type once", async () => {
    const stack = await stackWith("open");
    const run = await stack.preview({ packs: [ROOT] });
    expect(found(run), run.stdout + run.stderr).to.deep.equal([...OTHERS, `mandatory ${FOLDER}`].sort());
    expect(run.code).to.equal(1);
    const texts = run.violations.map(({ message }) => message.split("\n", 1)[0]);
    expect(texts).to.include(
      "'one' and 2 more have the type acme:s3/bucket:Bucket, which can make an S3 bucket that this pack can't evaluate.",
    );
    expect(texts).to.include("Synced folder 'files' makes 40 objects public, by the canned ACL public-read.");
  });

  it("have all objects of all folders exempt by one wildcard", async () => {
    const stack = await stackWith("open");
    const file = path.join(path.dirname(stack.home), "configuration.json");
    writeFileSync(file, JSON.stringify(EXEMPT));
    const run = await stack.preview({ packs: [ROOT], configs: [file] });
    expect(found(run), run.stdout + run.stderr).to.deep.equal([...OTHERS, `advisory ${FOLDER}`].sort());
  });

  it("pass when all of them are closed", async () => {
    const stack = await stackWith("closed");
    const run = await stack.preview({ packs: [ROOT] });
    expect(found(run), run.stdout + run.stderr).to.deep.equal([SKIPPED]);
    expect(run.code).to.equal(0);
  });
});
