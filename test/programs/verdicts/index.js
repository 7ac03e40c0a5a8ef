"use strict";
// One bucket a way to write it, named as in docs/verdicts.md; what becomes of each is in test/testdata/verdicts.yaml.
const pulumi = require("@pulumi/pulumi");
const { Provider } = require("@pulumi/aws/provider");
const { Role } = require("@pulumi/aws/iam/role");
const { AccountPublicAccessBlock } = require("@pulumi/aws/s3/accountPublicAccessBlock");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketLogging } = require("@pulumi/aws/s3/bucketLogging");
const { BucketPolicy } = require("@pulumi/aws/s3/bucketPolicy");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");
const { BucketV2 } = require("@pulumi/aws/s3/bucketV2");

function lock(name, bucket, args = {}, options = {}) {
  const on = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true };
  return new BucketPublicAccessBlock(`${name}-block`, { bucket, ...on, ...args }, options);
}

/** Makes a bucket by hand of its name; what it is asked for is the bucket's ID. */
function bucket(name, args = {}, options = {}) {
  return new Bucket(name, args, options);
}

/** A bucket that is locked, for a block to be on that is not on the bucket in question. */
function another(name) {
  const other = bucket(`${name}-other`);
  lock(`${name}-other`, other.id);
  return other;
}

function references() {
  lock("by-id", bucket("by-id").id);
  lock("by-bucket", bucket("by-bucket").bucket);
  bucket("by-literal", { bucket: "by-literal-name" });
  lock("by-literal", "by-literal-name");

  const team = new Team("team", "through-component");
  lock("through-component", team.bucketId);

  const names = new pulumi.StackReference("organization/verdicts/names");
  bucket("through-stack-reference", { bucket: "from-a-stack-reference" });
  lock("through-stack-reference", names.getOutput("name"));

  const several = another("apply-on-several");
  const one = bucket("apply-on-several");
  lock(
    "apply-on-several",
    pulumi.all([one.id, several.id]).apply(([id]) => id),
  );

  const read = Bucket.get("read", "a-bucket-elsewhere");
  const beside = bucket("apply-with-one-that-is-read");
  lock(
    "apply-with-one-that-is-read",
    pulumi.all([beside.id, read.id]).apply(([, id]) => id),
  );

  lock("built-from-id", pulumi.interpolate`${bucket("built-from-id").id}-logs`);
  lock("built-from-bucket", pulumi.interpolate`${bucket("built-from-bucket").bucket}-logs`);

  const policed = bucket("through-policy");
  const policy = new BucketPolicy("through-policy-policy", { bucket: policed.id, policy: "{}" });
  lock("through-policy", policy.bucket);

  const logged = bucket("through-logging");
  const logs = another("through-logging");
  const logging = { targetBucket: logs.id, targetPrefix: "log/" };
  const logger = new BucketLogging("through-logging-logging", { bucket: logged.id, ...logging });
  lock("through-logging", logger.targetBucket);
  const source = bucket("through-logging-source");
  const loggerOfIt = new BucketLogging("through-logging-source-logging", { bucket: source.id, ...logging });
  lock("through-logging-source", loggerOfIt.bucket);

  lock("by-arn", bucket("by-arn").arn);
  lock("by-domain-name", bucket("by-domain-name").bucketDomainName);
  bucket("no-block");
}

function names() {
  for (const [name, blocked] of [
    ["prefix", "alike-prefix-name-2"],
    ["case", "alike-Case-name"],
    ["dot", "alike.dot.name"],
    ["space", "alike-space-name "],
    ["letter", "аlike-letter-name"], // the first letter is Cyrillic
  ]) {
    bucket(`alike-${name}`, { bucket: `alike-${name}-name` });
    lock(`alike-${name}`, blocked);
  }
  for (const name of ["constructor", "__proto__", "a::b", "a$b", "名前"]) lock(name, bucket(name).id);

  lock("bucket-prefix-by-id", bucket("bucket-prefix-by-id", { bucketPrefix: "some-" }).id);
  lock("bucket-prefix-by-bucket", bucket("bucket-prefix-by-bucket", { bucketPrefix: "some-" }).bucket);

  const random = new Role("random", { assumeRolePolicy: "{}" });
  bucket("shared-random-name", { bucket: random.arn });
  lock("shared-random-name", random.arn);
}

function others() {
  lock("old-type", new BucketV2("old-type").id);
  new BucketV2("old-type-no-block");

  lock("bucket-that-is-read", Bucket.get("bucket-that-is-read", "a-bucket-elsewhere").id);
  bucket("block-that-is-read", { bucket: "block-that-is-read-name" });
  BucketPublicAccessBlock.get("block-that-is-read-block", "block-that-is-read-name");

  lock("depends-on", another("depends-on").id, {}, { dependsOn: [bucket("depends-on")] });
  lock("parent", another("parent").id, {}, { parent: bucket("parent") });
  const property = bucket("another-property");
  lock("another-property", another("another-property").id, { blockPublicAcls: property.id.apply(() => true) });
  const transitive = new Role("transitive", { assumeRolePolicy: bucket("transitive").id });
  lock("transitive", transitive.arn);
  new Siblings("siblings");

  new AccountPublicAccessBlock("account", {
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  });
}

function providers() {
  const ireland = { provider: new Provider("ireland", { region: "eu-west-1" }) };
  const china = { provider: new Provider("china", { region: "cn-north-1" }) };
  const unknown = { provider: new Provider("unknown", { region: new Role("region", { assumeRolePolicy: "{}" }).arn }) };

  lock("both-in-another-region", bucket("both-in-another-region", {}, ireland).id, {}, ireland);
  bucket("block-in-another-region", { bucket: "another-region-name" });
  lock("block-in-another-region", "another-region-name", {}, ireland);
  bucket("region-argument", { bucket: "region-argument-name" });
  lock("region-argument", "region-argument-name", { region: "eu-west-1" });
  bucket("block-in-another-partition", { bucket: "another-partition-name" });
  lock("block-in-another-partition", "another-partition-name", {}, china);
  lock("reference-in-another-partition", bucket("reference-in-another-partition").id, {}, china);

  const minio = { provider: new Provider("minio", { endpoints: [{ s3: "http://127.0.0.1:9000" }] }) };
  const role = new Role("endpoint", { assumeRolePolicy: "{}" });
  const somewhere = { provider: new Provider("somewhere", { endpoints: [{ s3: role.arn }] }) };
  lock("both-at-another-endpoint", bucket("both-at-another-endpoint", {}, minio).id, {}, minio);
  bucket("block-at-another-endpoint", { bucket: "another-endpoint-name" });
  lock("block-at-another-endpoint", "another-endpoint-name", {}, minio);
  lock("reference-at-another-endpoint", bucket("reference-at-another-endpoint").id, {}, minio);
  bucket("block-at-unknown-endpoint", { bucket: "unknown-endpoint-name" });
  lock("block-at-unknown-endpoint", "unknown-endpoint-name", {}, somewhere);

  lock("unknown-provider", bucket("unknown-provider", {}, unknown).id, {}, unknown);
  bucket("unknown-provider-no-block", {}, unknown);
  bucket("block-by-unknown-provider", { bucket: "unknown-provider-name" });
  lock("block-by-unknown-provider", "unknown-provider-name", {}, unknown);
  lock("reference-by-unknown-provider", bucket("reference-by-unknown-provider").id, {}, unknown);
}

function flags() {
  lock("flag-off", bucket("flag-off").id, { ignorePublicAcls: false });
  lock("flag-left-out", bucket("flag-left-out").id, { ignorePublicAcls: undefined });
  const role = new Role("flag", { assumeRolePolicy: "{}" });
  lock("flag-unknown", bucket("flag-unknown").id, { ignorePublicAcls: role.arn.apply(() => true) });
  lock("flag-secret", bucket("flag-secret").id, { ignorePublicAcls: pulumi.secret(true) });
  // Off in the update, on in the program from then on, and kept off by ignoreChanges.
  const later = process.env.LATER === "true";
  const ignored = { ignoreChanges: ["ignorePublicAcls"] };
  lock("flag-ignored", bucket("flag-ignored").id, { ignorePublicAcls: later }, ignored);

  const strong = bucket("strong-and-strong");
  lock("strong-and-strong", strong.id);
  lock("strong-and-strong-2", strong.id);
  const staying = bucket("strong-and-staying");
  lock("strong-and-staying", staying.id, { skipDestroy: true });
  lock("strong-and-staying-2", staying.id, { skipDestroy: true });
  const mixed = bucket("strong-and-weak");
  lock("strong-and-weak", mixed.id);
  lock("strong-and-weak-2", mixed.id, { blockPublicPolicy: false });
  const halves = bucket("halves");
  lock("halves", halves.id, { blockPublicAcls: false, ignorePublicAcls: false });
  lock("halves-2", halves.id, { blockPublicPolicy: false, restrictPublicBuckets: false });
}

/** A component with a bucket of its own, which the program locks from outside. */
class Team extends pulumi.ComponentResource {
  constructor(name, bucketName) {
    super("test:index:Team", name);
    this.bucketId = bucket(bucketName, {}, { parent: this }).id;
    this.registerOutputs({ bucketId: this.bucketId });
  }
}

/** A component with a bucket, and beside it a block that is on another bucket. */
class Siblings extends pulumi.ComponentResource {
  constructor(name) {
    super("test:index:Siblings", name);
    const open = bucket(name, {}, { parent: this });
    lock(name, another(name).id, {}, { parent: this });
    this.registerOutputs({ open });
  }
}

if (pulumi.getStack() === "names") {
  exports.name = "from-a-stack-reference";
} else {
  references();
  names();
  others();
  providers();
  flags();
}
