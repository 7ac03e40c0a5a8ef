import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { acme } from "./acme";
import { Documented } from "./documented";
import { block, bucket } from "../programs/resources";
import { type OwnRegistry, registryOfOne } from "../harness/cloud/registry";
import { writeProgram } from "../harness/engine";
import { packAs } from "../package/pack";
import { tempFolder } from "../temp-folder";

const RULE = "s3-bucket-public-access-block";
const OPEN = [bucket("site")];
const LOCKED = [...OPEN, block("siteBlock", "site")];

const urn = (project: string, name: string): string => `urn:pulumi:prod::${project}::aws:s3/bucket:Bucket::${name}`;

describe("A rollout on the day of the audit, as docs/organization.md says", function () {
  this.timeout(300_000); // Publishing makes a build, on a busy machine too.
  const organization = acme();
  let docs: Documented;
  let website: string;
  let folder: string;
  let registry: OwnRegistry;

  before(async () => {
    const { source, user } = organization;
    folder = tempFolder("rollout");
    registry = await registryOfOne(await packAs("@acme/s3-public-access-block"));
    // npx asks whether to install, and npm writes a cache.
    const npm = { ...registry.env, npm_config_yes: "true", npm_config_cache: join(folder, "npm") };
    docs = new Documented(source.folder, { ...npm, ORG: "acme", VERSION: source.version(), AUDIT: folder }, true);
    const built = await source.run("npm", ["run", "build"], user.env);
    expect(built.code, built.stderr).to.equal(0);
    website = await user.project("website", OPEN);
    await up();
  });
  after(() => {
    registry.close();
  });

  async function up(): Promise<void> {
    const { code, stdout, stderr } = await organization.user.pulumi(["up", "--yes"], { cwd: website });
    expect(code, stdout + stderr).to.equal(0);
  }

  /** Runs a documented command, and returns what it printed. */
  async function printed(command: string, code = 0): Promise<string> {
    const outcome = await docs.run(command, organization.user);
    expect(outcome.code, outcome.stdout + outcome.stderr).to.equal(code);
    return outcome.stdout;
  }
  const last = (text: string): string => text.trimEnd().split("\n").at(-1) ?? "";

  it("begins with an audit, which tells what would be blocked", async () => {
    const said = await printed(
      "npx @acme/s3-public-access-block audit --all --organization $ORG --html $AUDIT/audit.html",
      1,
    );
    expect(last(said)).to.equal("1 finding would block 1 of 1 stack with 1 bucket.");
    expect(readFileSync(join(folder, "audit.html"), "utf8")).to.contain("1 finding would block");
  });

  it("writes a baseline of it", async () => {
    const said = await printed(
      "npx @acme/s3-public-access-block audit --all --organization $ORG --baseline $AUDIT/baseline.json",
    );
    expect(said).to.contain("Wrote 1 exemption until ");
    expect(last(said)).to.match(/^ {2}watch it .* audit --all --organization \S+ --config \S+baseline\.json$/);
  });

  it("publishes and enables the pack, which shows what is old and blocks what is new", async () => {
    await printed("npm run publish:pulumi -- $ORG");
    await printed("pulumi policy enable $ORG/s3-public-access-block $VERSION --config $AUDIT/baseline.json");
    const { user } = organization;
    const old = await user.preview(website);
    expect([old.code, old.violations], old.output).to.deep.equal([0, [`${RULE} advisory ${urn("website", "site")}`]]);
    const shop = await user.project("shop", OPEN);
    const more = await user.preview(shop);
    expect([more.code, more.violations.filter((each) => each.includes("mandatory"))]).to.deep.equal([
      1,
      [`${RULE} mandatory ${urn("shop", "site")}`],
    ]);
  });

  it("tells in the next audit what is still exempt, and then which exemption nothing needs", async () => {
    const again = "npx @acme/s3-public-access-block audit --all --organization $ORG --config $AUDIT/baseline.json";
    const exempt = await printed(again);
    expect(exempt).to.contain("Exempt: Bucket can be opened").and.not.contain("Unused exemptions");
    await writeProgram(website, { name: "website", resources: LOCKED });
    await up();
    expect(await printed(again)).to.contain("Unused exemptions (1)");
  });

  it("may have an audit policy group beside it, and lists what policies have found", async () => {
    await printed("pulumi policy group new watched --org $ORG --entity-type stacks --mode audit --yes");
    const { cloud } = organization;
    expect(cloud.organization.group("watched").mode).to.equal("audit");
    const before = cloud.log.length;
    await printed("pulumi policy issue list --org $ORG");
    await printed("pulumi policy compliance list --org $ORG --group-by stack");
    expect(cloud.log.slice(before).filter((line) => line.includes("policyresults"))).to.deep.equal([
      "POST /api/orgs/acme/policyresults/issues 200",
      "POST /api/orgs/acme/policyresults/compliance 200",
    ]);
  });

  it("has run every command of the section", () => {
    expect([...docs.left]).to.deep.equal([]);
  });
});
