import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { EXECUTABLE } from "../../bench/packs";
import { workspace, type Run, type Workspace } from "../../harness/engine";
import { needsEngine } from "../../harness/engine/needs-engine";
import { ROOT } from "../../harness/engine/paths";
import { ADAPTED } from "../../docs/properties";
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

const mandatory = (policy: string, name: string, subject = name): string => `mandatory ${policy}: ${name}, ${subject}`;
const bucket = (name: string, subject = name): string => mandatory("s3-bucket-public-access-block", name, subject);

const URL_NOTE = "advisory s3-bucket-public-access-block: url, url";
const OPEN = [
  URL_NOTE,
  ...["bridged", "control", "control-with-block"].map((name) => bucket(name)),
  ...["json", "set", "yaml"].map((name) => bucket(name, `${name}#/Resources/Data`)),
  mandatory("s3-account-public-access-block", "organization"),
  mandatory("s3-no-public-bucket-policy", "json", "json#/Resources/Policy"),
].sort();

const TYPE_NOTE = "advisory s3-bucket-public-access-block: one, one";
const IN_PACKAGES = [
  TYPE_NOTE,
  ...["ChangeSet", "Stack", "StackSet"].map((name) => bucket(name, `${name}#/Resources/Data`)),
  ...["extension", "module.site.aws_s3_bucket.this[0]"].map((name) => bucket(name)),
  mandatory("s3-account-public-access-block", "organization"),
  mandatory("s3-no-public-bucket-policy", "bridged-policy"),
  mandatory("s3-public-access-block-flags", "bridged-block"),
  mandatory("s3-public-access-block-flags", "module.site.aws_s3_bucket_public_access_block.other"),
  mandatory("s3-no-public-acl", "light"),
  mandatory("s3-no-public-acl", "module.site.aws_s3_bucket_acl.this[0]"),
];
const FOLDER = "s3-no-public-folder: files, files";
const EXEMPT = [{ urn: "urn:pulumi:*::roads-packages::synced-folder:index:S3BucketFolder::*", reason: "A site" }];

describe("The roads, as the real engine sees them", function () {
  needsEngine();
  this.timeout(300_000);
  const packs = [ROOT];
  const stacks: Workspace[] = [];
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "roads-"));
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await Promise.all(stacks.map((stack) => stack.remove()));
  });

  async function stackWith(env: NodeJS.ProcessEnv, packages?: string[]): Promise<Workspace> {
    const stack = await workspace(packages === undefined ? "roads" : "roads-packages", {
      env,
      packages: packages ?? [],
    });
    stacks.push(stack);
    return stack;
  }
  const withPackages = (ROADS: string): Promise<Workspace> => stackWith({ ROADS }, ["site", "aws-native", "acme"]);

  function written(content: unknown): string {
    const file = path.join(folder, "content.json");
    writeFileSync(file, JSON.stringify(content));
    return file;
  }

  function expectFound(run: Run, wanted: readonly string[]): void {
    expect(found(run), run.stdout + run.stderr).to.deep.equal([...wanted].sort());
    expect(run.code).to.equal(wanted.some((each) => each.startsWith("mandatory")) ? 1 : 0);
  }

  it("are each found at the first preview, by the pack in its folder and as an executable, and are all that are listed", async () => {
    const [stack, others] = [await stackWith({ ROADS: "open" }), await withPackages("open")];
    const [run, inPackages] = [await stack.preview({ packs }), await others.preview({ packs })];
    expectFound(run, OPEN);
    expectFound(await stack.preview({ packs: [EXECUTABLE.path] }), OPEN);
    expectFound(inPackages, [...IN_PACKAGES, `mandatory ${FOLDER}`]);
    const texts = inPackages.violations.map(({ message }) => message.split("\n", 1)[0]);
    expect(texts).to.include(
      "'one' and 2 more have the type acme:s3/bucket:Bucket, which can make an S3 bucket that this pack can't evaluate.",
    );
    expect(texts).to.include("Synced folder 'files' makes 40 objects public, by the canned ACL public-read.");
    const open = [run, inPackages].flatMap(({ violations }) => violations.filter(({ level }) => level === "mandatory"));
    const types = open.map(({ urn }) => urn.split("::")[2]?.split("$").at(-1));
    const listed = ADAPTED.flatMap(({ tokens }) => tokens).map((token) => token.replace("PKG", "site"));
    expect(listed).to.include("aws-native:lightsail:Bucket");
    // Only Pulumi Cloud shows policies a state of Terraform.
    const unseen = listed.filter((token) => !types.includes(token) && !token.startsWith("pulumi:terraform:"));
    expect(unseen).to.deep.equal([]);
    const configs = [written({ "s3-no-public-folder": { exemptions: EXEMPT } })];
    expectFound(await others.preview({ packs, configs }), [...IN_PACKAGES, `advisory ${FOLDER}`]);
  });

  it("pass at the first preview, the update and later previews, when all of them are closed", async () => {
    const stack = await stackWith({ ROADS: "closed" });
    for (const run of [await stack.preview({ packs }), await stack.up({ packs }), await stack.preview({ packs })])
      expectFound(run, [URL_NOTE]);
    expectFound(await (await withPackages("closed")).preview({ packs }), [TYPE_NOTE]);
  });

  it(`have the verdicts of templates.yaml on ${CASES.length} templates, in one preview`, async () => {
    const TEMPLATES = written(Object.fromEntries(CASES.map(({ name, body }) => [name, body])));
    const run = await (await stackWith({ TEMPLATES })).preview({ packs });
    const at = ({ urn }: { urn: string }): string => urn.split("::").at(-1)?.replace(/#.*/, "") ?? "";
    for (const { name, body, finds } of CASES) {
      const found = run.violations.filter((each) => at(each) === name).map(told);
      expect(found.sort(), `${name}: ${body}`).to.deep.equal([...finds].sort());
    }
  });
});
