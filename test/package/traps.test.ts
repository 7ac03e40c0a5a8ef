import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

import { expect } from "chai";

import { bucket } from "../programs/resources";
import { type Cloud, Organization, startCloud } from "../harness/cloud/server";
import { CACHE, newUser, type User } from "../harness/cloud/user";

/** The smallest pack: it finds fault with every bucket. */
const CODE = `
  const { PolicyPack } = require("@pulumi/policy");
  new PolicyPack("small", {
    policies: [{
      name: "no-bucket",
      description: "No buckets",
      enforcementLevel: "mandatory",
      validateResource: (args, report) => {
        if (args.type === "aws:s3/bucket:Bucket") report("there is a bucket");
      },
    }],
  });
`;
/** The size of gzip's header; the compression's own starts there. */
const GZIP_HEADER = 10;
const FOUND = ["no-bucket mandatory urn:pulumi:prod::web::aws:s3/bucket:Bucket::data"];

// PULUMI_HOME is below the project's root here: the packs find its SDKs, and there is nothing to install.
describe("What the way of publishing depends on in the CLI", () => {
  let cloud: Cloud;
  let user: User;
  let web: string;
  let packs: string;

  before(async () => {
    mkdirSync(CACHE, { recursive: true });
    packs = mkdtempSync(join(CACHE, "packs-"));
    cloud = await startCloud("acme");
    user = await newUser(cloud, { homes: packs });
    await user.pulumi(["login", cloud.url]);
    web = await user.project("web", [bucket("data")]);
  });

  afterEach(() => {
    cloud.download = undefined;
    cloud.organization = new Organization("acme");
    rmSync(join(user.home, "policies"), { recursive: true, force: true });
  });

  after(async () => {
    user.remove();
    rmSync(packs, { recursive: true, force: true });
    await cloud.close();
  });

  /** Publishes the smallest pack, with more in its package.json and its PulumiPolicy.yaml, and its code in a folder. */
  async function publish({ manifest = {}, policy = "", folder: inside = "." } = {}) {
    const folder = mkdtempSync(join(packs, "pack-"));
    const main = join(inside, "index.js");
    mkdirSync(join(folder, inside), { recursive: true });
    writeFileSync(join(folder, main), CODE);
    const all = { name: "small", version: "1.0.0", main, ...manifest };
    writeFileSync(join(folder, "package.json"), JSON.stringify(all));
    writeFileSync(join(folder, "PulumiPolicy.yaml"), `runtime: nodejs\n${policy}`);
    const published = await user.pulumi(["policy", "publish", "acme"], { cwd: folder });
    if (published.code === 0) await user.pulumi(["policy", "enable", "acme/small", "latest"]);
    return published;
  }

  it("main in PulumiPolicy.yaml, in a folder of its own, breaks publish", async () => {
    const { code, stderr } = await publish({ policy: "main: dist/index.js\n", folder: "dist" });
    expect(code, stderr).to.equal(1);
    expect(stderr).to.contain("failed to load Pulumi policy project");
    expect(cloud.organization.list()).to.deep.equal([]);
  });

  it("a script that npm pack runs breaks publish", async () => {
    const { code, stderr } = await publish({ manifest: { scripts: { prepare: "node --version" } } });
    expect(code).to.equal(1);
    expect(stderr).to.contain("'npm pack' completed successfully but the package .tgz file was not generated");
    expect(cloud.organization.list()).to.deep.equal([]);
  });

  it("a tarball that does not unpack is refused, and the next download is taken", async () => {
    await publish();
    cloud.download = ({ tarball = Buffer.alloc(0) }) => withByteChanged(tarball, GZIP_HEADER);
    const broken = await user.preview(web);
    expect(broken.code).to.equal(1);
    expect(broken.output).to.contain("failed to install policy pack small@v1.0.0: failed to extract tarball");
    cloud.download = undefined;
    expect((await user.preview(web)).violations).to.deep.equal(FOUND);
  });

  it("a tarball that still unpacks with a byte changed is run: the CLI compares no checksum", async () => {
    await publish();
    cloud.download = ({ tarball = Buffer.alloc(0) }) => {
      const stored = gzipSync(gunzipSync(tarball), { level: 0 });
      return withByteChanged(stored, stored.indexOf("there is a bucket"));
    };
    const { code, output } = await user.preview(web);
    expect(code).to.equal(1);
    expect(output).to.contain("There is a bucket");
  });
});

/** The sixth bit: of a letter, it changes the case. */
function withByteChanged(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 0x20;
  return changed;
}
