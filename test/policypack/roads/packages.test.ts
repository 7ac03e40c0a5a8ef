import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PolicyTester } from "../../../harness/policy-tester";
import { UNKNOWN, type Props, type Resource } from "../../../harness/engine/analyzer";
import { ROOT } from "../../../harness/engine/paths";
import { BLOCK, BUCKET, known, ON, urn } from "../resources";

/*
 * What components of others register, as their first preview tells it, read in the packages' own source:
 *
 * - sst 4.17.1, src/components/aws/bucket.ts, which is inside its command (npm's sst-linux-x64), on @pulumi/aws 7.20.0
 * - @pulumi/awsx 3.9.0, awsx/cloudtrail/trail.ts and awsx/s3/bucket.ts of its repository, and classic/ of the package
 * - @pulumi/aws-static-website 0.4.0, website.ts and publicBucketPolicy.ts of its repository
 * - @pulumi/synced-folder 0.12.4, s3-bucket-folder.ts of its repository
 */

const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const OBJECT = "aws:s3/bucketObject:BucketObject";
const FOLDER = "synced-folder:index:S3BucketFolder";

const BUCKET_RULE = "s3-bucket-public-access-block";
const FLAGS_RULE = "s3-public-access-block-flags";
const ACL_RULE = "s3-no-public-acl";
const POLICY_RULE = "s3-no-public-bucket-policy";

/** A resource in components, whose types are given from the outside inwards. */
function inside(components: string, parent: string, type: string, name: string, props: Props): Resource {
  const at = urn(name, `${components}$${type}`);
  return { type, urn: at, name, parent, props, provider: known };
}

/** What is made with `bucket: bucket.bucket` or `bucket.id`: neither is known before the bucket is there. */
function of(bucket: Resource, resource: Resource): Resource {
  const props: Props = { bucket: UNKNOWN, ...resource.props };
  return { ...resource, props, dependencies: [bucket.urn], propertyDependencies: { bucket: [bucket.urn] } };
}

const made = (name: string): Props => ({ bucket: `${name.toLowerCase()}-1a2b3c4`, forceDestroy: true });

function sst(access: "public" | "cloudfront" | undefined, policy: string | typeof UNKNOWN): Resource[] {
  const type = "sst:aws:Bucket";
  const parent = urn("Uploads", type);
  const child = (kind: string, suffix: string, props: Props): Resource =>
    inside(type, parent, kind, `Uploads${suffix}`, props);
  const bucket = child(BUCKET, "Bucket", made("UploadsBucket"));
  const isClosed = access !== "public";
  const flags = { ...ON, blockPublicPolicy: isClosed, restrictPublicBuckets: isClosed };
  return [
    bucket,
    of(bucket, child(BLOCK, "PublicAccessBlock", flags)),
    of(bucket, child(POLICY, "Policy", { policy })),
  ];
}

/** The policy that SST makes, once the bucket's ARN is known. */
function sstPolicy(access: "public" | "cloudfront" | undefined): string {
  const arn = "arn:aws:s3:::uploadsbucket-1a2b3c4";
  const Principal = access === "public" ? "*" : { Service: "cloudfront.amazonaws.com" };
  const https = {
    ...{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [`${arn}/*`, arn] },
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const reads = { Effect: "Allow", Principal, Action: "s3:GetObject", Resource: `${arn}/*` };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: access === undefined ? [https] : [reads, https],
  });
}

function trail(): { bucket: Resource; policy: Resource; component: string } {
  const type = "awsx:cloudtrail:Trail";
  const component = urn("audit", type);
  const bucket = inside(type, component, BUCKET, "audit", made("audit"));
  const policy = of(bucket, inside(type, component, POLICY, "audit", { policy: UNKNOWN }));
  return { bucket, policy, component };
}

function website(files: number): Resource[] {
  const type = "pulumi-aws-static-website:index:Website";
  const policies = "pulumi-aws-static-website:index:PublicBucketPolicy";
  const parent = urn("site", type);
  const bucket = inside(type, parent, BUCKET, "website-content", made("website-content"));
  const open = Object.fromEntries(Object.keys(ON).map((flag) => [flag, false]));
  const weak = inside(
    `${type}$${policies}`,
    urn("public-bucket-policy", `${type}$${policies}`),
    BLOCK,
    "public-access-block",
    open,
  );
  const objects = Array.from({ length: files }, (_, index) => {
    const name = `${String(index)}.html`;
    return of(
      bucket,
      inside(`${type}$${BUCKET}`, bucket.urn, OBJECT, name, { key: name, acl: "public-read" }),
    );
  });
  const logs = inside(type, parent, BUCKET, "website-logs", { ...made("website-logs"), acl: "private" });
  return [bucket, of(bucket, weak), ...objects, logs];
}

const RECIPES = readFileSync(join(ROOT, "docs/recipes.md"), "utf8");

/** The patterns that the page gives for a package, with NAME filled in. */
function patternsOf(cell: string, name: string): string[] {
  const row = RECIPES.split("\n").find((line) => line.startsWith("|") && line.includes(cell)) ?? "";
  return [...row.matchAll(/`(\*\*::[^`]+)`/g)].map(([, pattern = ""]) => pattern.replace("NAME", name));
}

describe("What a package makes", () => {
  const tester = new PolicyTester(ROOT);

  /** The level, the policy and the resource of each finding of the first preview. */
  async function found(...resources: Resource[]): Promise<string[]> {
    const all = [];
    for (const each of resources) all.push(...(await tester.analyze(each)));
    all.push(...(await tester.analyzeStack(...resources)));
    return all.map(({ level, policy, urn: at }) => `${level} ${policy}: ${at.split("::").at(-1) ?? ""}`);
  }

  /** What blocks once the patterns are exempt from all policies. */
  async function blocking(patterns: readonly string[], ...resources: Resource[]): Promise<string[]> {
    const exemptions = patterns.map((pattern) => ({ urn: pattern, reason: "reviewed" }));
    const policies = [BUCKET_RULE, FLAGS_RULE, ACL_RULE, POLICY_RULE];
    const config = Object.fromEntries(policies.map((policy) => [policy, { props: { exemptions } }]));
    let left: string[] = [];
    await tester.configured(config, async () => {
      left = (await found(...resources)).filter((each) => each.startsWith("mandatory"));
    });
    return left;
  }

  const NO_SKIP = "advisory s3-public-access-block-skip-destroy: UploadsPublicAccessBlock";

  it("passes where it is SST's bucket, with a note that its block has no skipDestroy", async () => {
    for (const access of [undefined, "cloudfront"] as const) {
      const unknown = `advisory ${POLICY_RULE}: UploadsPolicy`;
      expect(await found(...sst(access, UNKNOWN))).to.deep.equal([NO_SKIP, unknown]);
      expect(await found(...sst(access, sstPolicy(access)))).to.deep.equal([NO_SKIP]);
      const [bucket, lock, policy] = sst(access, UNKNOWN) as [Resource, Resource, Resource];
      const kept = { ...lock, props: { ...lock.props, skipDestroy: true } };
      expect(await found(bucket, kept, policy)).to.deep.equal([unknown]);
    }
  });

  it("is blocked where SST's bucket is public or has no block, and passes by the page's exemption", async () => {
    const open = sst("public", sstPolicy("public"));
    const ofBucket = `mandatory ${BUCKET_RULE}: UploadsBucket`;
    expect(await found(...open)).to.deep.equal([
      NO_SKIP,
      `mandatory ${POLICY_RULE}: UploadsPolicy`,
      ofBucket,
    ]);
    expect(await found(...sst(undefined, UNKNOWN).filter(({ type }) => type !== BLOCK))).to.include(ofBucket);
    const patterns = patternsOf("`sst.aws.Bucket`", "Uploads");
    expect(patterns).to.have.length(1);
    expect(await blocking(patterns, ...open)).to.deep.equal([]);
    expect(await blocking(patternsOf("`sst.aws.Bucket`", "Other"), ...open)).to.have.length(2);
  });

  it("is blocked where awsx makes a trail's bucket, until a block has the bucket's name", async () => {
    const { bucket, policy, component } = trail();
    const unknown = `advisory ${POLICY_RULE}: audit`;
    const open = `mandatory ${BUCKET_RULE}: audit`;
    expect(await found(bucket, policy)).to.deep.equal([unknown, open]);
    // What the engine tells of `bucket: trail.bucket.apply(…)`.
    const lock = (target: string | typeof UNKNOWN): Resource => ({
      ...{ type: BLOCK, urn: urn("lock", BLOCK), name: "lock", provider: known },
      props: { ...ON, skipDestroy: true, bucket: target },
      propertyDependencies: { bucket: [bucket.urn, component] },
    });
    expect(await found(bucket, policy, lock("audit-1a2b3c4"))).to.deep.equal([unknown]);
    expect(await found(bucket, policy, lock(UNKNOWN))).to.deep.equal([unknown, open]);
  });

  it("is blocked where it is a static website, by bucket and by object, and passes by the page's exemption", async () => {
    const site = website(3);
    expect(await found(...site)).to.deep.equal([
      "advisory s3-public-access-block-skip-destroy: public-access-block",
      ...["0.html", "1.html", "2.html"].map((name) => `mandatory ${ACL_RULE}: ${name}`),
      `mandatory ${BUCKET_RULE}: website-content`,
      `mandatory ${BUCKET_RULE}: website-logs`,
    ]);
    const patterns = patternsOf("`@pulumi/aws-static-website`", "");
    expect(patterns).to.have.length(1);
    expect(await blocking(patterns, ...site)).to.deep.equal([]);
  });

  it("is evaluated where only a name has a synced folder in it, or something else than an object", async () => {
    const object = `${FOLDER}$${OBJECT}::x`;
    const at = (name: string, type: string, props: Props): Resource =>
      inside("a:b:C", urn("c", "a:b:C"), type, `::${name}`, props);
    expect(await found(at(object, OBJECT, { bucket: "site", acl: "public-read" }))).to.deep.equal([
      `mandatory ${ACL_RULE}: x`,
    ]);
    const acl = inside(FOLDER, urn("files", FOLDER), "aws:s3/bucketAcl:BucketAcl", "y", {
      bucket: "site",
      acl: "public-read",
    });
    expect(await found(acl)).to.deep.equal([`mandatory ${ACL_RULE}: y`]);
  });

  it("is no bucket and no block where a component has their type", async () => {
    const { provider: _, ...component } = inside("a:b:C", urn("c", "a:b:C"), BLOCK, "lock", ON);
    const { provider: __, ...other } = inside("a:b:C", urn("c", "a:b:C"), BUCKET, "none", { bucket: "none" });
    const bucket = inside("a:b:C", urn("c", "a:b:C"), BUCKET, "site", { bucket: "site" });
    expect(await found(bucket, of(bucket, component), other)).to.deep.equal([
      `mandatory ${BUCKET_RULE}: site`,
    ]);
    const weak = { ...component, props: { ...component.props, blockPublicAcls: false } };
    expect(await found(bucket, of(bucket, weak))).to.deep.equal([`mandatory ${BUCKET_RULE}: site`]);
  });

  it("is one finding where it is a synced folder, by the pattern that the page gives", async () => {
    const [type, parent] = [FOLDER, urn("files", FOLDER)];
    const folder = Array.from({ length: 300 }, (_, index) => {
      const name = `files-${String(index)}.html`;
      return inside(type, parent, OBJECT, name, { bucket: "site", key: name, acl: "public-read" });
    });
    expect(await found(...folder)).to.deep.equal(["mandatory s3-no-public-folder: files"]);
    const exemptions = patternsOf("`@pulumi/synced-folder`", "files").map((pattern) => ({
      urn: pattern,
      reason: "reviewed",
    }));
    await tester.configured({ "s3-no-public-folder": { props: { exemptions } } }, async () => {
      expect(await found(...folder)).to.deep.equal(["advisory s3-no-public-folder: files"]);
    });
  });
});
