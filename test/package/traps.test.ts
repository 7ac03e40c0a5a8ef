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
describe("What the CLI does with a damaged pack", () => {
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

  async function publish(): Promise<void> {
    const folder = mkdtempSync(join(packs, "pack-"));
    writeFileSync(join(folder, "index.js"), CODE);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "small", version: "1.0.0", main: "index.js" }));
    writeFileSync(join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\n");
    await user.pulumi(["policy", "publish", "acme"], { cwd: folder });
    await user.pulumi(["policy", "enable", "acme/small", "latest"]);
  }

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
