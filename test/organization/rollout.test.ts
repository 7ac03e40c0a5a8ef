import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { acme } from "./acme";
import { Documented } from "./documented";
import { block, bucket } from "../programs/resources";
import { type OwnRegistry, registryOfOne } from "../harness/cloud/registry";
import { writeProgram } from "../harness/engine";
import { packAs } from "../package/pack";
import { tempFolder } from "../temp-folder";
import { CLI, jobless } from "../cli/gate/gate";
import { addStack } from "../cli/audit/states";
import { run } from "../harness/engine/command";

/** The rollout is one for 2,000 stacks; a test of all of them takes a quarter of an hour: ROLLOUT_STACKS=2000. */
const STACKS = Number(process.env.ROLLOUT_STACKS ?? 30);
const ENABLE = "pulumi policy enable $ORG/s3-public-access-block $VERSION";
const OPEN = [bucket("site")];
/** What names the team "web" as an owner in a report, and how often for each of its stacks, which have two findings. */
const OWNED: Record<string, [RegExp, number]> = {
  html: [/<td>web<\/td>/g, 1],
  csv: [/,web\r\n/g, 2],
  json: [/ {6}"owner": "web"/g, 3],
  sarif: [/"owner": "web"/g, 2],
  ocsf: [/"status":"Fail".*"owner":\{"name":"web"\}/g, 2],
};
const LOCKED = [...OPEN, block("siteBlock", "site")];

describe("A rollout by the tags of stacks, as docs/organization.md says", function () {
  this.timeout(300_000 + STACKS * 1000); // Publishing makes a build, on a busy machine too.
  const organization = acme();
  let docs: Documented;
  let website: string;
  let shop: string;
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
    organization.cloud.stacks.page = 100;
    for (let at = 0; at < STACKS; at++)
      addStack(organization.cloud, `team-${at}`, { team: at % 3 === 0 ? "data" : "web" });
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

  const ARGS = "audit --all --organization $ORG --resume $AUDIT/audit.part";
  const exports = () => organization.cloud.log.filter((line) => line.endsWith("/export 200")).length;

  it("begins with an audit, which goes on where it was interrupted, and reads each stack once", async () => {
    const { cloud, user } = organization;
    const interrupt = new AbortController();
    const timer = setInterval(() => {
      if (exports() >= 8) interrupt.abort();
    }, 20);
    const args = ARGS.replace("$ORG", "acme").replace("$AUDIT", folder).split(" ");
    const cut = await run(process.execPath, [CLI, ...args], { env: jobless(user.env), signal: interrupt.signal });
    clearInterval(timer);
    const why = "interrupted by SIGINT. With --resume FILE an audit goes on where it was";
    expect([cut.code, cut.stderr.includes(why)], cut.stdout + cut.stderr).to.deep.equal([2, true]);
    const read = readFileSync(join(folder, "audit.part"), "utf8").trimEnd().split("\n").length - 1;
    expect(read).to.be.within(4, STACKS);

    const [before, requests] = [exports(), cloud.log.length];
    const said = await printed(`npx @acme/s3-public-access-block ${ARGS} --html $AUDIT/audit.html`, 1);
    expect(exports() - before).to.equal(STACKS + 1 - read);
    expect(cloud.log.length - requests).to.be.below(4 * (STACKS + 1 - read) + 20 + STACKS / 100); // A page has 100 stacks.
    const counts = [2 * STACKS + 1, STACKS + 1, 3 * STACKS + 1];
    const [findings, stacks, buckets] = counts.map((count) => count.toLocaleString("en-US"));
    expect(last(said)).to.equal(
      `${findings} findings would block ${stacks} of ${stacks} stacks with ${buckets} buckets.`,
    );
    expect(readFileSync(join(folder, "audit.html"), "utf8")).to.contain(`${findings} findings would block`);
  });

  it("writes a baseline of it, and reads no stack again for that, but one that was updated", async () => {
    const { cloud } = organization;
    const [before, some] = [exports(), cloud.stacks.all[0]];
    if (some) some.lastUpdate = 1_700_000_001;
    // More often than the CLI asks again.
    let limited = 0;
    cloud.isBusy = (path) => path.endsWith("/export") && limited++ < 7;
    const byOwner = "--baseline $AUDIT/baseline.json --owner-tag team --split-by owner --out $AUDIT/owners";
    const said = await printed(`npx @acme/s3-public-access-block ${ARGS} ${byOwner}`);
    expect([exports() - before, limited]).to.deep.equal([1, 8]);
    expect(said).to.match(/Wrote [\d,]+ exemptions until /);
    expect(last(said)).to.match(/^ {2}watch it .* audit --all --organization \S+ --config \S+baseline\.json$/);
  });

  it("writes a report for each owner, and names the owner of each finding in every format", async () => {
    const bases = ["audit", "no-owner", "owner-data", "owner-web"];
    expect(readdirSync(join(folder, "owners"))).to.deep.equal(
      bases.flatMap((base) => [`${base}.html`, `${base}.json`]),
    );
    const files = Object.keys(OWNED).flatMap((format) => [`--${format}`, join(folder, format)]);
    const args = ["audit", "--all", "--organization", "acme", "--owner-tag", "team", ...files];
    const { code, stdout } = await run(process.execPath, [CLI, ...args], { env: jobless(organization.user.env) });
    expect(code).to.equal(1);
    expect(stdout).to.match(/^ {2}- acme\/team-1\/prod {2}2 × urn:pulumi:prod::team-1::\S+ {2}web$/m);
    const web = STACKS - Math.ceil(STACKS / 3);
    for (const [format, [owned, per]] of Object.entries(OWNED))
      expect(readFileSync(join(folder, format), "utf8").match(owned), format).to.have.length(per * web);
  });

  /** What comes of a preview of both projects, by the levels of what they are shown. */
  async function levels(): Promise<string[]> {
    const outcomes = [await organization.user.preview(website), await organization.user.preview(shop)];
    return outcomes.map(({ code, violations }) => [code, ...violations.map((each) => each.split(" ")[1])].join(" "));
  }

  it("is advisory for the stacks with a tag, and for no other", async () => {
    await printed("npm run publish:pulumi -- $ORG");
    await printed("pulumi stack tag set env dev --stack $ORG/website/prod");
    const { user } = organization;
    shop = await user.project("shop", OPEN);
    expect((await user.pulumi(["stack", "tag", "set", "env", "prod"], { cwd: shop })).code).to.equal(0);
    await printed("pulumi policy group new s3 --org $ORG --mode preventative --stack-rule env=dev --yes");
    await printed(`${ENABLE} --policy-group s3 --config docs/samples/advisory.json`);
    expect(await levels()).to.deep.equal(["0 advisory", "0"]);
  });

  it("is mandatory by tag: what is old is shown, what is new is blocked; and goes back", async () => {
    await printed(`${ENABLE} --policy-group s3 --config $AUDIT/baseline.json`);
    expect(await levels()).to.deep.equal(["0 advisory", "0"]);
    await printed("pulumi policy group edit s3 --org $ORG --stack-rule 'env=dev OR env=prod'");
    const members = await printed("pulumi policy group get s3 --org $ORG --stacks --all");
    expect(members.match(/\w+\/prod/g)).to.deep.equal(["website/prod", "shop/prod"]);
    expect(await levels()).to.deep.equal(["0 advisory", "1 mandatory"]);
    await printed("pulumi policy group edit s3 --org $ORG --stack-rule env=dev");
    expect(await levels()).to.deep.equal(["0 advisory", "0"]);
  });

  it("is mandatory for every stack at last", async () => {
    await printed(`${ENABLE} --config $AUDIT/baseline.json`);
    await printed("pulumi policy disable $ORG/s3-public-access-block --policy-group s3");
    expect(await levels()).to.deep.equal(["0 advisory", "1 mandatory"]);
  });

  it("tells in the next audit what is still exempt, and then which exemption nothing needs", async () => {
    const again = `npx @acme/s3-public-access-block ${ARGS} --config $AUDIT/baseline.json`;
    expect(await printed(again))
      .to.contain("Exempt: Bucket can be opened")
      .and.not.contain("Unused exemptions");
    await writeProgram(website, { name: "website", resources: LOCKED });
    await up();
    expect(await printed(again)).to.contain("Unused exemptions (1)");
  });

  it("may have an audit policy group beside it, and lists what policies have found", async () => {
    await printed("pulumi policy group new watched --org $ORG --mode audit --yes");
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
