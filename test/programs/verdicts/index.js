"use strict";
// The buckets of test/testdata/verdicts.yaml, each by the code of its row.
const { readFileSync } = require("node:fs");
const { parse } = require("yaml");
const pulumi = require("@pulumi/pulumi");
const { Provider } = require("@pulumi/aws/provider");
const { Role } = require("@pulumi/aws/iam/role");
const { AccountPublicAccessBlock } = require("@pulumi/aws/s3/accountPublicAccessBlock");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketLogging } = require("@pulumi/aws/s3/bucketLogging");
const { BucketPolicy } = require("@pulumi/aws/s3/bucketPolicy");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");
const { BucketV2 } = require("@pulumi/aws/s3/bucketV2");

const on = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true };

/** What the code of a row can use. */
function helpers(name, shared) {
  let locks = 0;
  const made = {
    ...{ ...shared, name, pulumi, Bucket, BucketPolicy, BucketPublicAccessBlock, BucketV2 },
    bucket: (args = {}, options = {}) => new Bucket(name, args, options),
    lock: (bucket, args = {}, options = {}) =>
      new BucketPublicAccessBlock(`${name}-block${(locks += 1)}`, { bucket, ...on, ...args }, options),
    /** A bucket that is locked, for a block to be on that is not on the bucket in question. */
    another() {
      const other = new Bucket(`${name}-other`);
      new BucketPublicAccessBlock(`${name}-other-block`, { bucket: other.id, ...on });
      return other;
    },
    role: (text = "{}") => new Role(name, { assumeRolePolicy: text }),
    logging: ({ id }) =>
      new BucketLogging(`${name}-logging`, { bucket: id, targetBucket: made.another().id, targetPrefix: "log/" }),
    component(make) {
      const component = new pulumi.ComponentResource("test:index:Team", name);
      const output = make(component);
      component.registerOutputs({ output });
      return output;
    },
  };
  return made;
}

if (pulumi.getStack() === "names") {
  exports.name = "from-a-stack-reference";
} else {
  const by = (name, args) => ({ provider: new Provider(name, args) });
  const { arn } = new Role("later", { assumeRolePolicy: "{}" });
  const shared = {
    names: new pulumi.StackReference("organization/verdicts/names"),
    isLater: process.env.LATER === "true", // Off in the update, on in the program from then on, and kept off by ignoreChanges.
    ireland: by("ireland", { region: "eu-west-1" }),
    china: by("china", { region: "cn-north-1" }),
    unknown: by("unknown", { region: arn }),
    minio: by("minio", { endpoints: [{ s3: "http://127.0.0.1:9000" }] }),
    somewhere: by("somewhere", { endpoints: [{ s3: arn }] }),
  };
  new AccountPublicAccessBlock("account", on);
  const table = parse(readFileSync(require.resolve("../../testdata/verdicts.yaml"), "utf8"));
  for (const [name, { code }] of Object.values(table).flatMap(Object.entries)) {
    const scope = helpers(name, shared);
    new Function(...Object.keys(scope), code)(...Object.values(scope));
  }
}
