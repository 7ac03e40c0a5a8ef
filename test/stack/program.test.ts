import { createRequire } from "node:module";

import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { useMocks, value } from "./declared";

const load = createRequire(__filename);
const PROGRAM = load.resolve("../../stack/index");

/** The program's outputs, with this configuration: it is read when the program is loaded, so each time anew. */
async function outputs(config: Record<string, string>): Promise<Record<string, unknown>> {
  await useMocks(config);
  Reflect.deleteProperty(load.cache, PROGRAM);
  const exported = Object.entries(load(PROGRAM) as Record<string, pulumi.Output<string>>);
  return Object.fromEntries(
    await Promise.all(exported.map(async ([name, output]) => [name, await value(output)] as const)),
  );
}

describe("The reference stack's program", () => {
  it("has the outputs of the original program", async () => {
    expect(await outputs({})).to.deep.equal({
      bucket_name: "made-up-name",
      bucket_arn: "arn:aws:s3:::made-up-name",
      access_block_id: "made-up-name",
    });
  });

  it("takes the bucket's name from the stack's configuration", async () => {
    expect(await outputs({ bucketName: "the-data" })).to.deep.equal({
      bucket_name: "the-data",
      bucket_arn: "arn:aws:s3:::the-data",
      access_block_id: "the-data",
    });
  });
});
