import { createRequire } from "node:module";

import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { useMocks, value } from "./declared";

const load = createRequire(__filename);
const PROGRAM = load.resolve("../../stack/index");

it("The reference stack's program has the outputs of the original program, and takes its configuration", async () => {
  await useMocks({ bucketName: "the-data" });
  const exported = Object.entries(load(PROGRAM) as Record<string, pulumi.Output<string>>);
  const outputs = exported.map(async ([name, output]) => [name, await value(output)] as const);
  expect(Object.fromEntries(await Promise.all(outputs))).to.deep.equal({
    bucket_name: "the-data",
    bucket_arn: "arn:aws:s3:::the-data",
    access_block_id: "the-data",
  });
});
