// TypeScript turns each await into a generator's yield here, and its helper's code is in no source map.
import { Bucket } from "@pulumi/aws/s3/bucket";

const wait = (): Promise<void> =>
  new Promise((done) => {
    setTimeout(done, 5);
  });

async function main(): Promise<void> {
  await wait();
  new Bucket("first");
  await wait();
  const second = new Bucket("second", { forceDestroy: true });
  second.id.apply(() => undefined);
  for (const team of ["a", "b"]) {
    new Bucket(`team-${team}`);
  }
}

export = main;
