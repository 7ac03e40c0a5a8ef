import { expect } from "chai";
import { workspace, type DataResource, type Run, type Workspace } from "../harness/engine";
import { needsEngine } from "../harness/engine/needs-engine";
import { ROOT } from "../harness/engine/paths";
import { block, bucket } from "../programs/resources";

/* What a first preview says of each property is in testdata.test.ts. This is of parts of a stack, and of updates. */

const document = (isPublic: boolean, resource: string): string =>
  JSON.stringify({
    Statement: { Effect: "Allow", Principal: isPublic ? "*" : { AWS: "1" }, Action: "*", Resource: resource },
  });

/** A bucket whose policy is made of its ARN, and access points in a VPC that there is, and in one to come. */
function program(isPublic: boolean, ...others: DataResource[]): DataResource[] {
  const point = (name: string, vpcId: string): DataResource => ({
    ...{ type: "aws:s3/accessPoint:AccessPoint", name },
    props: { bucket: "${data.id}", policy: document(true, "*"), vpcConfiguration: { vpcId } },
  });
  return [
    ...[bucket("data"), block("lock", "data"), ...others],
    point("in-vpc", "vpc-1a2b3c"),
    { type: "aws:ec2/vpc:Vpc", name: "vpc", props: { cidrBlock: "10.0.0.0/16" } },
    point("in-new-vpc", "${vpc.id}"),
    // The program ends where the update is stopped.
    {
      ...{ type: "aws:s3/bucketPolicy:BucketPolicy", name: "policy-from-arn" },
      props: { bucket: "${data.id}", policy: document(isPublic, "${data.arn}/*") },
    },
  ];
}

/** What each policy says of which resource, by logical name. */
const found = ({ violations }: Run, level: string): string[] =>
  violations
    .filter((violation) => violation.level === level)
    .map(({ policy, urn }) => `${policy}: ${urn.split("::").slice(3).join("::")}`)
    .sort();

const NOT_KNOWN_YET = ["in-new-vpc", "policy-from-arn"].map((name) => `s3-no-public-bucket-policy: ${name}`);

describe("What opens S3, as the real engine sees it", function () {
  needsEngine();
  this.timeout(300_000);
  const stacks: Workspace[] = [];
  after(() => Promise.all(stacks.map((stack) => stack.remove())));

  async function stackOf(resources: DataResource[]): Promise<Workspace> {
    const stack = await workspace({ name: "doors", resources });
    stacks.push(stack);
    return stack;
  }
  const packs = [ROOT];

  it("isn't found where --target leaves it out, and is where it doesn't", async () => {
    const acl = (name: string): DataResource => ({
      ...{ type: "aws:s3/bucketAcl:BucketAcl", name },
      props: { bucket: "${data.id}", acl: "public-read" },
    });
    const stack = await stackOf(program(true, acl("acl"), acl("other"), bucket("without-block")));
    const args = ["data", "lock", "acl"].flatMap((name) => ["--target", `**::${name}`]);
    const run = await stack.preview({ packs, args });
    expect(found(run, "mandatory"), run.stdout + run.stderr).to.deep.equal(["s3-no-public-acl: acl"]);
    expect([found(run, "advisory"), run.code]).to.deep.equal([[], 1]);
  });

  it("passes at the first preview, the update and later previews, where it turns out to be closed", async () => {
    const stack = await stackOf(program(false));
    const first = await stack.preview({ packs });
    expect(found(first, "mandatory"), first.stdout + first.stderr).to.deep.equal([]);
    expect([found(first, "advisory"), first.code]).to.deep.equal([NOT_KNOWN_YET, 0]);
    for (const run of [await stack.up({ packs }), await stack.preview({ packs })]) {
      expect(run.violations, run.stdout + run.stderr).to.deep.equal([]);
      expect(run.code).to.equal(0);
    }
  });

  it("is evaluated at the update, and at each later preview, where it isn't known before", async () => {
    const stack = await stackOf(program(true));
    const first = await stack.preview({ packs });
    expect([found(first, "mandatory"), found(first, "advisory"), first.code]).to.deep.equal([[], NOT_KNOWN_YET, 0]);
    const update = await stack.up({ packs });
    const { deployment } = (await stack.export()) as { deployment: { resources: { urn: string }[] } };
    for (const run of [update, await stack.preview({ packs })]) {
      expect(found(run, "mandatory"), run.stdout + run.stderr).to.deep.equal(NOT_KNOWN_YET.slice(1));
      expect(found(run, "advisory")).to.deep.equal([]);
      expect(run.code).to.not.equal(0);
    }
    // The update has stopped before it made the policy that it found public. What that is made of is there; what else is
    // depends on what the engine did meanwhile.
    const made = deployment.resources.map(({ urn }) => urn.split("::").at(-1));
    expect(made).to.include("data").and.to.not.include("policy-from-arn");
  });
});
