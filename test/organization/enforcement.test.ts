import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

import { expect } from "chai";

import { acme } from "./acme";
import { Documented } from "./documented";
import { block, bucket } from "../programs/resources";
import { withoutNetwork } from "../harness/cloud/registry";
import { filesIn } from "../package/pack";
import { CLI } from "../cli/gate/gate";
import { tempFolder } from "../temp-folder";
import { newUser, type PreviewOutcome, type User } from "../harness/cloud/user";

const PACK = "s3-public-access-block";
const SITE = "urn:pulumi:prod::website::aws:s3/bucket:Bucket::site";
const BLOCKED = [`s3-bucket-public-access-block mandatory ${SITE}`];
const ADVISORY = ["--config", "docs/samples/advisory.json"];
const NOTED = [`s3-bucket-public-access-block advisory ${SITE}`];

/** Of the pack's code: its README has the same words without the braces. */
const TEXT = "{it} can be opened to the public: no";
/** The size of gzip's header; the compression's own starts there. */
const GZIP_HEADER = 10;

/** The sixth bit: of a letter, it changes the case. */
function withByteChanged(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 0x20;
  return changed;
}

const LOCKED_BUCKET = [bucket("data"), block("dataBlock", "data")];
const OPEN_BUCKET_TOO = [...LOCKED_BUCKET, bucket("site")];

describe("An organization that requires the pack, as docs/organization.md says", function () {
  this.timeout(300_000); // Publishing makes a build, on a busy machine too.
  const organization = acme();
  let docs: Documented;
  let developer: User;
  let website: string;
  let models: string;
  let version: string;

  before(async () => {
    const { cloud, source } = organization;
    version = source.version();
    developer = await newUser(cloud);
    const folder = tempFolder("enforcement");
    const bin = join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "npx"), `#!/bin/sh\nshift\nexec '${process.execPath}' '${CLI}' "$@"\n`, { mode: 0o755 });
    const PATH = [bin, developer.env.PATH].join(delimiter);
    docs = new Documented(source.folder, { ORG: "acme", VERSION: version, AUDIT: folder, PATH });
  });
  after(() => {
    developer.remove();
  });

  /** Runs a documented command that has to succeed, and returns what it printed. */
  async function done(command: string, user = organization.user, more: NodeJS.ProcessEnv = {}): Promise<string> {
    const { code, stdout, stderr } = await docs.run(command, user, more);
    expect(code, stdout + stderr).to.equal(0);
    return stdout;
  }

  async function enable(...args: string[]): Promise<void> {
    const { user, source } = organization;
    const { code, stderr } = await user.pulumi(["policy", "enable", `acme/${PACK}`, version, ...args], {
      cwd: source.folder,
    });
    expect(code, stderr).to.equal(0);
  }

  /** Previews a developer's project, expects that to come of it, and returns what was printed. */
  async function previews(folder: string, wanted: Partial<PreviewOutcome>, env?: NodeJS.ProcessEnv): Promise<string> {
    const outcome = await developer.preview(folder, env);
    expect(outcome, outcome.output).to.deep.include(wanted);
    return outcome.output;
  }

  it("logs in from an empty PULUMI_HOME", async () => {
    const { cloud } = organization;
    for (const user of [organization.user, developer]) {
      const printed = await done("pulumi login", user, { PULUMI_BACKEND_URL: cloud.url });
      expect(printed).to.contain(`Logged in to ${cloud.url} as developer`);
    }
    website = await developer.project("website", OPEN_BUCKET_TOO);
    symlinkSync(website, join(docs.values.AUDIT ?? "", "website"));
    models = await developer.project("models", LOCKED_BUCKET);
  });

  it("publishes the pack, which changes nothing for anyone yet", async () => {
    const printed = await done("npm run publish:pulumi -- $ORG");
    expect(printed).to.contain(`pulumi policy enable acme/${PACK} ${version} --config docs/samples/advisory.json`);
    expect(await done("pulumi policy ls $ORG")).to.match(new RegExp(`${PACK} +${version}\\n`));
    await previews(website, { code: 0, packs: {} });
  });

  it("enables it as advisory for a pilot group, and for no stack outside", async () => {
    const { user } = organization;
    for (const args of ["new pilot --mode preventative --yes", "edit pilot --add-stack website/prod"])
      expect((await user.pulumi(["policy", "group", ...args.split(" "), "--org", "acme"])).code).to.equal(0);
    await enable("--policy-group", "pilot", ...ADVISORY);
    await previews(models, { code: 0, packs: {} });
  });

  it("fails the preview where npm can't run, and says so", async () => {
    const folder = join(developer.home, "bin");
    mkdirSync(folder);
    writeFileSync(join(folder, "npm"), "#!/bin/sh\necho 'npm error code EPERM' >&2\nexit 1\n", { mode: 0o755 });
    const PATH = [folder, developer.env.PATH].join(delimiter);
    const output = await previews(website, { code: 1, violations: [] }, { PATH });
    expect(output).to.contain(`error: failed to install policy pack ${PACK}@v${version}: installing dependencies`);
    expect(output).to.contain("npm error code EPERM");
  });

  it("evaluates at the next preview, since all that runs was in the tarball", async () => {
    await previews(website, { code: 0, violations: NOTED });
    rmSync(installed(version), { recursive: true });
  });

  it("fails the preview where the download doesn't unpack, and runs what unpacks: the CLI compares no checksum", async () => {
    const { cloud } = organization;
    cloud.download = ({ tarball = Buffer.alloc(0) }) => withByteChanged(tarball, GZIP_HEADER);
    const output = await previews(website, { code: 1, violations: [] });
    expect(output).to.contain(`failed to install policy pack ${PACK}@v${version}: failed to extract tarball`);
    cloud.download = ({ tarball = Buffer.alloc(0) }) => {
      const stored = gzipSync(gunzipSync(tarball), { level: 0 });
      return withByteChanged(stored, stored.indexOf(TEXT) + "{it} ".length);
    };
    expect(await previews(website, { code: 0, violations: NOTED })).to.contain("Can be opened to the public: no");
    cloud.download = undefined;
    rmSync(installed(version), { recursive: true });
  });

  it("installs the pack with no registry and an empty npm cache, and shows violations that block nothing", async () => {
    const output = await previews(
      website,
      { code: 0, violations: NOTED, packs: { [PACK]: version } },
      withoutNetwork(join(developer.home, "npm")),
    );
    expect(output).to.contain("[advisory]").and.to.contain("(aws:s3:Bucket: site)");
  });

  it("has installed what was published, and nothing else", () => {
    const own = ["node_modules/.package-lock.json", "package-lock.json"]; // npm's notes
    const files = filesIn(installed(version)).filter((file) => !own.includes(file));
    expect(files).to.deep.equal(filesIn(join(organization.source.folder, "dist/policypack")));
    expect(files.length).to.be.within(1, 30);
  });

  it("enables it as advisory for every stack", async () => {
    await enable(...ADVISORY);
    await organization.user.pulumi(["policy", "disable", `acme/${PACK}`, "--policy-group", "pilot"]);
    await previews(models, { code: 0, violations: [], packs: { [PACK]: version } });
  });

  it("makes it mandatory: the open bucket is blocked before anything is created, the locked one passes", async () => {
    await enable();
    const { code, stdout } = await developer.pulumi(["up", "--yes"], { cwd: website });
    expect(code).to.equal(1);
    expect(stdout).to.contain("[mandatory]").and.to.contain("error: preview failed");
    expect(organization.cloud.log.filter((line) => line.includes("/checkpoint"))).to.deep.equal([]);
    await previews(website, { violations: BLOCKED });
    await previews(models, { code: 0 });
  });

  it("lets an exempt bucket pass, with its reason shown", async () => {
    const config = "--config docs/samples/exemptions.json";
    const valid = await done(`pulumi policy validate-config $ORG/s3-public-access-block $VERSION ${config}`);
    expect(valid).to.match(/ configuration is valid\.\n$/); // 3.274 names the pack and its version, too.
    await done(`pulumi policy enable $ORG/s3-public-access-block $VERSION ${config}`);
    const output = await previews(website, { code: 0, violations: NOTED });
    expect(output).to.contain("Exempt until 2099-03-31: Static site, reviewed by the security team");
  });

  it("blocks every stack while the configuration has a mistake in it, and says where", async () => {
    const mistakes: [object, string][] = [
      [{ exemptions: [{ urn: SITE }] }, "s3-bucket-public-access-block: exemptions.0: reason is required"],
      [{ exemptons: [] }, "exemptons: unknown key"],
    ];
    for (const [options, message] of mistakes) {
      organization.cloud.organization.change("default-policy-group", {
        addPolicyPack: { name: PACK, config: { "s3-bucket-public-access-block": options } },
      });
      expect(await previews(models, { code: 1 })).to.contain(message);
    }
  });

  it("asks for an exception in Pulumi Cloud, and lists it", async () => {
    await organization.user.pulumi(["policy", "enable", `acme/${PACK}`, version]);
    await done(
      'npx @acme/s3-public-access-block exempt site --cloud --reason "SEC-7" --expires 30 --stack $ORG/website/prod --cwd $AUDIT/website',
      developer,
    );
    await previews(website, { code: 0 });
    expect(await done("pulumi policy exception list s3-public-access-block --org $ORG")).to.contain("SEC-7");
    organization.cloud.organization.exceptions.all.pop();
  });

  it("upgrades to a second version, installed ahead for a runner without a network", async () => {
    await done("npm version minor");
    await done("npm run publish:pulumi -- $ORG");
    await done("pulumi policy enable $ORG/s3-public-access-block latest --config docs/samples/exemptions.json");
    await done("pulumi policy install --stack $ORG/website/prod", developer);
    await previews(
      website,
      { code: 0, violations: NOTED, packs: { [PACK]: organization.source.version() } },
      withoutNetwork(join(developer.home, "npm")),
    );
    expect(organization.source.version()).not.to.equal(version);
  });

  it("rolls back to the first version without a download", async () => {
    await done("pulumi policy enable $ORG/s3-public-access-block $VERSION --config docs/samples/exemptions.json");
    const { cloud } = organization;
    const before = cloud.log.length;
    await previews(website, { code: 0, packs: { [PACK]: version } });
    expect(cloud.log.slice(before).filter((line) => line.includes("/blobs/"))).to.deep.equal([]);
  });

  it("evaluates nothing once disabled", async () => {
    await done("pulumi policy disable $ORG/s3-public-access-block");
    await previews(website, { code: 0, violations: [], packs: {} });
  });

  it("has run every command of the docs", () => {
    expect([...docs.left]).to.deep.equal([]);
  });

  function installed(tag: string): string {
    return join(developer.home, "policies", "acme", `pulumi-analyzer-${PACK}-v${tag}`);
  }
});
