import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { run } from "../harness/engine/command";
import { CLI, jobless } from "../cli/gate/gate";
import { bucket } from "../programs/resources";
import { acme, requirePack } from "./acme";

const BUCKET = "urn:pulumi:prod::website::aws:s3/bucket:Bucket::site";

describe("The gate, in an organization that requires the pack and exempts a bucket", function () {
  this.timeout(300_000);
  const organization = acme();
  let folder: string;

  const gate = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(process.execPath, [CLI, "preview", "--stack", "prod", ...args], {
      ...{ cwd: folder, env: jobless(organization.user.env) },
    });
    return { code, stdout, all: stdout + stderr };
  };
  const AGAIN = "The organization requires this policy pack, so its copy decides";

  before(async () => {
    folder = await organization.user.project("website", [bucket("site")]);
  });

  it("has no verdict by the organization alone, as long as that requires nothing", async () => {
    const none = await gate("--policy-pack", "none");
    expect([none.code, none.stdout.includes("the organization requires none")], none.all).to.deep.equal([2, true]);
    const own = await gate();
    expect([own.code, own.all.includes(AGAIN)], own.all).to.deep.equal([1, false]);
  });

  it("says what the organization's copy says, and says it once", async () => {
    const config = join(folder, "exempt.json");
    const exemptions = [{ urn: BUCKET, reason: "A public site" }];
    writeFileSync(config, JSON.stringify({ "s3-bucket-public-access-block": { exemptions } }));
    await requirePack(organization, "--config", config);

    expect((await organization.user.preview(folder)).code).to.equal(0);
    for (const [args, twice] of [
      [[], true],
      [["--policy-pack", "none"], false],
    ] as const) {
      const summary = join(folder, "summary.json");
      const { code, all } = await gate(...args, "--json", summary);
      expect([code, all.includes(AGAIN)], all).to.deep.equal([0, twice]);
      expect(all.match(/Exempt: A public site/g), all).to.have.length(1);
    }
  });
});
