import { expect } from "chai";
import { run } from "../harness/engine/command";
import { CLI, jobless } from "../cli/gate/gate";
import { bucket } from "../programs/resources";
import { acme, requirePack } from "./acme";

const POLICY = "s3-bucket-public-access-block";
const urn = (name: string): string => `urn:pulumi:prod::website::aws:s3/bucket:Bucket::${name}`;
const ASKING = /Or ask Pulumi Cloud for an exception: (pulumi policy exception new .*) --reason "…"$/m;

/** By the CLI 3.276.0; of the service only what that asks for is known. */
describe("Exceptions in Pulumi Cloud, of a pack that the organization requires,", function () {
  this.timeout(300_000);
  const organization = acme();
  let cwd: string;

  const own = async (args: string) => {
    const env = jobless(organization.user.env);
    const { code, stdout, stderr } = await run(process.execPath, [CLI, ...args.split(" ")], { cwd, env });
    return { code, all: stdout + stderr };
  };
  const audited = () => own("audit --all --organization acme");

  before(async () => {
    cwd = await organization.user.project("website", [bucket("site"), bucket("logs")]);
    const up = await organization.user.pulumi(["up", "--yes"], { cwd });
    expect(up.code, up.stdout + up.stderr).to.equal(0);
  });

  it("are for no bucket as long as the organization doesn't require it", async () => {
    const { code, all } = await own("exempt site --cloud --reason SEC-7 --stack prod");
    expect([code, all.includes("none was given, and the organization requires none")], all).to.deep.equal([2, true]);
    await requirePack(organization);
  });

  it("are asked for by the command that the gate prints", async () => {
    const { code, all } = await own("preview --stack prod --policy-pack none");
    const [, command = ""] = ASKING.exec(all) ?? [];
    expect([code, command], all).to.deep.equal([
      1,
      `pulumi policy exception new s3-public-access-block --stack prod --policy ${POLICY} --target ${urn("logs")} --expires-in 30d`,
    ]);
    const { env } = organization.user;
    const asked = await run("sh", ["-c", `${command} --reason "SEC-6, logs" --yes`], { cwd, env });
    expect(asked.stderr).to.contain("Created policy exception EXC-1");
    const [made] = organization.cloud.organization.exceptions.all;
    expect(made).to.deep.include({ reason: "SEC-6, logs", match: [{ policies: [POLICY], targets: [urn("logs")] }] });
  });

  it("are made by exempt --cloud for a bucket, until the last day, and the preview passes", async () => {
    const refused = await own("exempt site --reason SEC-7 --stack prod");
    expect([refused.code, refused.all.includes("--cloud asks Pulumi Cloud for an exception")]).to.deep.equal([1, true]);
    const dry = await own("exempt site --cloud --reason SEC-7 --expires 30 --stack prod --dry-run");
    expect(dry.all).to.contain("SEC-7");
    const { code, all } = await own("exempt site --cloud --reason SEC-7 --expires 30 --stack prod");
    expect([code, all.includes("Created policy exception EXC-2")], all).to.deep.equal([0, true]);
    const [, made] = organization.cloud.organization.exceptions.all;
    const lastDay = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    expect(made).to.deep.include({ match: [{ policies: [POLICY], targets: [urn("site")] }] });
    expect(made?.expiresAt?.slice(0, 10)).to.equal(lastDay);
    const passed = await own("preview --stack prod --policy-pack none");
    expect([passed.code, passed.all.match(/Exempt: SEC-/g)?.length], passed.all).to.deep.equal([0, 2]);
  });

  it("exempt findings in the audit until they end, and are counted", async () => {
    const { code, all } = await audited();
    expect([code, all.includes("Exempt in Pulumi Cloud: 2 findings.")], all).to.deep.equal([0, true]);
    expect(all).to.match(/Exempt until 20\d\d-\d\d-\d\d: SEC-7 \(EXC-2 in Pulumi Cloud\)/);
    expect(all).to.match(/Oldest exemptions \(2\)\n.* \(EXC-2 in Pulumi Cloud\) \(since 20\d\d-\d\d-\d\d\)/);
    const [logs, site] = organization.cloud.organization.exceptions.all;
    if (logs === undefined || site === undefined) throw new Error("there are no exceptions");
    site.status = "removed";
    const left = await audited();
    expect([left.code, left.all.includes("Exempt in Pulumi Cloud: 1 finding.")], left.all).to.deep.equal([1, true]);
    logs.policyPack = "another-pack";
    expect((await audited()).all)
      .to.contain("2 findings would block")
      .and.not.contain("in Pulumi Cloud");
    logs.policyPack = "s3-public-access-block";
  });

  it("exempt nothing in the audit where they can't be read, which it says", async () => {
    const { cloud } = organization;
    cloud.isBusy = (path) => path.endsWith("/policy/exceptions");
    const { code, all } = await audited();
    cloud.isBusy = () => false;
    const why = "Exceptions of acme in Pulumi Cloud were not read, so they exempt nothing: listing policy exceptions: ";
    expect([code, all.includes(why)], all).to.deep.equal([1, true]);
    cloud.organization.exceptions.isSupported = false;
    const none = await audited();
    expect([none.code, none.all.includes("Exceptions of acme")], none.all).to.deep.equal([1, false]);
    cloud.organization.exceptions.isSupported = true;
  });

  it("are asked for by a change request where the organization wants approval, and hold once that is applied", async () => {
    const { exceptions } = organization.cloud.organization;
    exceptions.needsApproval = true;
    const { code, all } = await own("exempt site --cloud --reason SEC-7 --stack prod");
    const asked = "Exception will be applied after the request is approved.";
    expect([code, all.includes(asked)], all).to.deep.equal([0, true]);
    expect((await audited()).code).to.equal(1);
    exceptions.apply("CR-1");
    expect((await audited()).code).to.equal(0);
  });
});
