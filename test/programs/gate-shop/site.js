"use strict";
const { ComponentResource } = require("@pulumi/pulumi");
const { Bucket } = require("@pulumi/aws/s3/bucket");

class Site extends ComponentResource {
  constructor(name) {
    super("shop:index:Site", name);
    this.pages = new Bucket("pages", {}, { parent: this });
  }
}

exports.Site = Site;
