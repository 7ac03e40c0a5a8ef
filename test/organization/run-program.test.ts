import { expect } from "chai";
import { type Cloud, startCloud } from "../harness/cloud/server";
import { newUser, type User } from "../harness/cloud/user";
import { needsEngine } from "../harness/engine/needs-engine";
import { bucket } from "../programs/resources";
import { type Checkout, checkout } from "./checkout";

/** Only an organization's packs run in a refresh or a destroy: the CLI takes no --policy-pack there. */
describe("A stack with an open bucket, in an organization that requires the pack", function () {
  needsEngine();
  this.timeout(300_000);
  let cloud: Cloud;
  let source: Checkout;
  let user: User;
  let folder: string;

  before(async () => {
    cloud = await startCloud("acme");
    source = await checkout();
    user = await newUser(cloud);
    await user.pulumi(["login"], { env: { PULUMI_BACKEND_URL: cloud.url } });
    folder = await user.project("website", [bucket("site")]);
    const up = await user.pulumi(["up", "--yes"], { cwd: folder });
    expect(up.code, up.stdout + up.stderr).to.equal(0);
    const published = await source.run("npm", ["run", "publish:pulumi", "--", "acme"], user.env);
    expect(published.code, published.stdout + published.stderr).to.equal(0);
    const enabled = await user.pulumi(["policy", "enable", "acme/s3-public-access-block", "latest"]);
    expect(enabled.code, enabled.stderr).to.equal(0);
  });

  after(async () => {
    user.remove();
    source.remove();
    await cloud.close();
  });

  const OPEN = "Bucket 'site' can be opened to the public: no public access block targets it.";
  const WHY =
    "This only shows: the program made no resource in this run, as in a refresh or a destroy with --run-program.";

  it("can't be updated", async () => {
    const { code, stdout } = await user.pulumi(["up", "--yes"], { cwd: folder });
    expect([code, stdout.includes("[mandatory]"), stdout.includes(OPEN)]).to.deep.equal([1, true, true]);
  });

  it("goes through a refresh that runs the program", async () => {
    const run = await user.pulumi(["refresh", "--run-program", "--yes"], { cwd: folder });
    expect([run.code, run.stdout.includes("[mandatory]")], run.stdout + run.stderr).to.deep.equal([0, false]);
  });

  it("goes through a destroy that runs the program, which shows the bucket and says why that is all", async () => {
    const { code, stdout, stderr } = await user.pulumi(["destroy", "--run-program", "--yes"], { cwd: folder });
    expect(code, stdout + stderr).to.equal(0);
    const said = [OPEN, WHY, "[advisory]", "[mandatory]"].map((text) => stdout.includes(text));
    expect(said, stdout).to.deep.equal([true, true, true, false]);
  });
});
