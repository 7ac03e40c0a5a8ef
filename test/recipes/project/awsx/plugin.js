"use strict";
// Stands in for the plugin of @pulumi/awsx 3.9.0, which no registry has: what its cloudtrail.Trail registers, by awsx/cloudtrail/trail.ts
// and awsx/s3/bucket.ts of its repository.
const { ComponentResource, output, provider } = require("@pulumi/pulumi");
const { Trail: AwsTrail } = require("@pulumi/aws/cloudtrail/trail");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketPolicy } = require("@pulumi/aws/s3/bucketPolicy");

const policyOf = (arn) => JSON.parse(JSON.stringify(require("./policy.json")).replaceAll("ARN", arn));

class Trail extends ComponentResource {
  constructor(name, { s3Bucket }, options) {
    super("awsx:cloudtrail:Trail", name, {}, options);
    const parent = this;
    const existing = s3Bucket?.existing?.name;
    if (existing === undefined) this.bucket = new Bucket(name, { forceDestroy: true }, { parent });
    const bucketName = existing ?? this.bucket.bucket;
    const arn = existing === undefined ? this.bucket.arn : output(existing).apply((name) => `arn:aws:::${name}`);
    const policy = new BucketPolicy(
      name,
      { bucket: bucketName, policy: arn.apply(policyOf) },
      { parent, dependsOn: this.bucket === undefined ? [] : [this.bucket] },
    );
    this.trail = new AwsTrail(name, { s3BucketName: bucketName }, { parent, dependsOn: [policy] });
    this.registerOutputs();
  }
}

const awsx = {
  version: "3.9.0",
  construct: (name, type, inputs, options) => {
    const { urn, bucket, trail } = new Trail(name, inputs, options);
    return Promise.resolve({ urn, state: { bucket, trail } });
  },
};

provider.main(awsx, process.argv.slice(2));
