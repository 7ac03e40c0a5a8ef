import path from "node:path";
import { expect } from "chai";
import { workspace, type Run, type Workspace } from "../../harness/engine";
import { doorsOf } from "./policies/doors";
import { ROWS } from "./roads/listed";
import { needsEngine } from "../../harness/engine/needs-engine";

const ROOT = path.resolve(__dirname, "../..");

/** What each policy says of which resource of test/programs/doors, by logical name. */
function found({ violations }: Run, level: string): string[] {
  return violations
    .filter((violation) => violation.level === level)
    .map(({ policy, urn }) => `${policy}: ${urn.split("::").slice(3).join("::")}`)
    .sort();
}

const of = (policy: string, ...names: string[]): string[] => names.map((name) => `${policy}: ${name}`);

const OPEN = [
  ...of("s3-bucket-public-access-block", "bucket-with-weak-block", "bucket-without-block"),
  ...of("s3-account-public-access-block", "account"),
  ...of("s3-access-point-public-access-block", "access-point-block", "multi-region-block"),
  ...of("s3-no-public-acl", "bucket-acl", "bucket-grants", "old-bucket-acl", "old-bucket-grants"),
  ...of("s3-no-public-acl", "acl", "acl-policy", "old-acl", "old-acl-policy", "logging", "old-logging"),
  ...of("s3-no-public-acl", "object", "objectv2", "copy-acl", "copy-grants"),
  ...of("s3-no-public-bucket-policy", "bucket-policy", "old-bucket-policy", "policy", "policy-object"),
  ...of("s3-no-public-bucket-policy", "access-point-policy", "access-point-policy-alone"),
  ...of("s3-no-public-bucket-policy", "multi-region-policy"),
].sort();

const NOT_KNOWN_YET = of("s3-no-public-bucket-policy", "access-point-in-new-vpc", "policy-from-arn");
const LATE = of("s3-no-public-bucket-policy", "policy-from-arn");

describe("The doors, as the real engine sees them", function () {
  needsEngine();
  this.timeout(300_000);
  const stacks: Workspace[] = [];
  after(() => Promise.all(stacks.map((stack) => stack.remove())));

  async function stackWith(DOORS: string): Promise<Workspace> {
    const stack = await workspace("doors", { env: { DOORS } });
    stacks.push(stack);
    return stack;
  }
  const packs = [ROOT];

  it("are each found at the first preview, when all of them are open", async () => {
    const stack = await stackWith("open");
    const run = await stack.preview({ packs });
    expect(found(run, "mandatory"), run.stdout + run.stderr).to.deep.equal(OPEN);
    expect(found(run, "advisory")).to.deep.equal(NOT_KNOWN_YET);
    expect(run.code).to.equal(1);
    // Of each type in the list there is one. A bucket's own block has a type of its own, and is told of on the bucket.
    const policies = new Set(run.violations.map(({ policy }) => policy));
    policies.delete("s3-bucket-public-access-block");
    for (const policy of policies) {
      const types = run.violations
        .filter((each) => each.policy === policy)
        .map(({ urn }) => urn.split("::")[2]);
      const listed = doorsOf(policy).map(({ type }) => type);
      expect(new Set(types), policy).to.have.keys(listed.filter((type) => type.startsWith("aws:")));
    }
  });

  it("are not spoken of where --target leaves them out", async () => {
    const stack = await stackWith("open");
    const args = ["data", "data-block", "acl"].flatMap((name) => ["--target", `**::${name}`]);
    const run = await stack.preview({ packs, args });
    expect(found(run, "mandatory"), run.stdout + run.stderr).to.deep.equal(of("s3-no-public-acl", "acl"));
    expect(found(run, "advisory")).to.deep.equal([]);
    expect(run.code).to.equal(1);
  });

  it("pass at the first preview, the update and later previews, when all of them are closed", async () => {
    const stack = await stackWith("closed");
    const first = await stack.preview({ packs });
    expect(found(first, "mandatory"), first.stdout + first.stderr).to.deep.equal([]);
    expect(found(first, "advisory")).to.deep.equal(NOT_KNOWN_YET);
    expect(first.code).to.equal(0);
    for (const run of [await stack.up({ packs }), await stack.preview({ packs })]) {
      expect(run.violations, run.stdout + run.stderr).to.deep.equal([]);
      expect(run.code).to.equal(0);
    }
  });

  it("are evaluated at the update, and at each later preview, when they aren't known before", async () => {
    const stack = await stackWith("late");
    const first = await stack.preview({ packs });
    expect(found(first, "mandatory"), first.stdout + first.stderr).to.deep.equal([]);
    expect(found(first, "advisory")).to.deep.equal(NOT_KNOWN_YET);
    expect(first.code).to.equal(0);
    const update = await stack.up({ packs });
    const { deployment } = (await stack.export()) as { deployment: { resources: { urn: string }[] } };
    for (const run of [update, await stack.preview({ packs })]) {
      expect(found(run, "mandatory"), run.stdout + run.stderr).to.deep.equal(LATE);
      expect(found(run, "advisory")).to.deep.equal([]);
      expect(run.code).to.not.equal(0);
    }
    // The update has stopped before it made the policy that it found public. What that is made of is there; what else is
    // depends on what the engine did meanwhile.
    const made = deployment.resources.map(({ urn }) => urn.split("::").at(-1));
    expect(made).to.include("data").and.to.not.include("policy-from-arn");
  });

  it("are each found by every road that the list has, but for the state that Pulumi Cloud alone shows", async () => {
    const types = new Set<string | undefined>();
    for (const [program, packages] of [
      ["roads", []],
      ["roads-packages", ["site", "aws-native", "acme"]],
    ] as const) {
      const stack = await workspace(program, { env: { ROADS: "open" }, packages });
      stacks.push(stack);
      const run = await stack.preview({ packs });
      for (const { urn, level } of run.violations)
        if (level === "mandatory") types.add(urn.split("::")[2]?.split("$").at(-1));
    }
    const listed = ROWS.flatMap(({ tokens }) => tokens).map((token) => token.replace("PKG", "site"));
    expect(listed).to.include("aws-native:lightsail:Bucket");
    const unseen = listed.filter((token) => !types.has(token) && !token.startsWith("pulumi:terraform:"));
    expect(unseen).to.deep.equal([]);
  });
});
