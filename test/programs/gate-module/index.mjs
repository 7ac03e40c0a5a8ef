// An ES module: of its top level Node.js tells the SDK no place, of a function it does.
import { Bucket } from "@pulumi/aws/s3/bucket.js";

new Bucket("top");

const make = (name) => new Bucket(name);
make("inner");
