"use strict";
// The plugin: a component that makes a bucket.
const { ComponentResource, provider } = require("@pulumi/pulumi");
const { Bucket } = require("@pulumi/aws/s3/bucket");

class Models extends ComponentResource {
  constructor(name, options) {
    super("remote:index:Models", name, {}, options);
    this.bucket = new Bucket(name, {}, { parent: this }).id;
    this.registerOutputs({ bucket: this.bucket });
  }
}

const remote = {
  version: "1.0.0",
  construct: (name, type, inputs, options) => {
    const { urn, bucket } = new Models(name, options);
    return Promise.resolve({ urn, state: { bucket } });
  },
};

provider.main(remote, process.argv.slice(2));
