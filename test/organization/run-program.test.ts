import { expect } from "chai";
import { bucket } from "../programs/resources";
import { acme, requirePack } from "./acme";

/** Only an organization's packs run in a refresh or a destroy: the CLI takes no --policy-pack there. */
describe("A stack with an open bucket, in an organization that requires the pack", function () {
  this.timeout(300_000);
  const organization = acme();
  let cwd: string;
  const pulumi = (...args: string[]) => organization.user.pulumi([...args, "--yes"], { cwd });

  before(async () => {
    cwd = await organization.user.project("website", [bucket("site")]);
    const up = await pulumi("up");
    expect(up.code, up.stdout + up.stderr).to.equal(0);
    await requirePack(organization);
  });

  const OPEN = "Bucket 'site' can be opened to the public: no public access block targets it.";
  const WHY = "Advisory only: this run creates nothing (a refresh or a destroy with --run-program).";

  it("can't be updated", async () => {
    const { code, stdout } = await pulumi("up");
    expect([code, stdout.includes("[mandatory]"), stdout.includes(OPEN)]).to.deep.equal([1, true, true]);
  });

  it("goes through a refresh that runs the program", async () => {
    const run = await pulumi("refresh", "--run-program");
    expect([run.code, run.stdout.includes("[mandatory]")], run.stdout + run.stderr).to.deep.equal([0, false]);
  });

  it("goes through a destroy that runs the program, which shows the bucket and says why that is all", async () => {
    const { code, stdout, stderr } = await pulumi("destroy", "--run-program");
    expect(code, stdout + stderr).to.equal(0);
    const said = [OPEN, WHY, "[advisory]", "[mandatory]"].map((text) => stdout.includes(text));
    expect(said, stdout).to.deep.equal([true, true, true, false]);
  });
});
