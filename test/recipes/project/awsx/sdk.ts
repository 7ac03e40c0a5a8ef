import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Stands in for @pulumi/awsx 3.9.0, as far as the recipes need it: its class and arguments, by cloudtrail/trail.d.ts of the package. */
class Trail extends pulumi.ComponentResource {
  declare readonly bucket: pulumi.Output<aws.s3.Bucket | undefined>;

  constructor(name: string, args: { s3Bucket?: { existing?: { name?: pulumi.Input<string> } } }) {
    super("awsx:cloudtrail:Trail", name, { bucket: undefined, trail: undefined, ...args }, {}, true);
  }
}

export const cloudtrail = { Trail };
