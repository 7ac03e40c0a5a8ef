// An ES module of TypeScript: what Node.js runs has other lines than this file.
import { Bucket } from "@pulumi/aws/s3/bucket.js";

interface Team {
  name: string;
}

function make({ name }: Team): Bucket {
  return new Bucket(name);
}

function direct(): void {
  const open = new Bucket("open");
  open.id.apply(() => undefined);
  new Bucket("other");
}

make({ name: "made" });
direct();
new Bucket("top");
