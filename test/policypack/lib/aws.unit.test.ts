import { expect } from "chai";
import { isElsewhere, partitionOf } from "../../../policypack/aws/partition";
import { knowsSkipDestroy } from "../../../policypack/aws/skip-destroy";
import { isOfAws } from "../../../policypack/aws/types";
import { testdata } from "../../testdata";

it("The partition of a region is by the beginning of its name", () => {
  for (const [region, partition] of Object.entries(testdata("partitions.yaml") as object))
    expect(partitionOf(region), region).to.equal(partition);
});

it("A provider knows skipDestroy from 7.2 on, by its version or else by its default name", () => {
  const by = (version: unknown, name: string) =>
    knowsSkipDestroy({ urn: `urn:pulumi:dev::shop::pulumi:providers:aws::${name}`, read: () => version });
  const versions = ["7.2.0", "v7.48.1", "10.0.0", "8.1.0", "7.1.9", "6.83.4", "7", "x"];
  expect(versions.filter((version) => by(version, "own"))).to.deep.equal(versions.slice(0, 4));
  const names = ["default_7_2_0", "default_10_12_13", "default_7_1_10", "default", "default_6_9_0"];
  for (const none of [undefined, ""])
    expect(names.filter((name) => by(none, name))).to.deep.equal(["default_7_2_0", "default_10_12_13"]);
  expect([by("6.1.0", "default_7_2_0"), knowsSkipDestroy(undefined)]).to.deep.equal([false, false]);
});

it("A type is AWS's by the provider that its token begins with", () => {
  const types = ["aws:s3/bucket:Bucket", "aws-native:s3:Bucket", "aws:tf:s3", "my-aws:s3:Bucket", "awsx:s3:Bucket"];
  expect(types.map(isOfAws)).to.deep.equal([true, true, false, false, false]);
});

it("Two resources are elsewhere by other providers, or by regions that are both known", () => {
  const elsewhere = (one?: string, other?: string, provider = "one") =>
    isElsewhere(
      { provider: "one", partition: undefined, region: one },
      { provider, partition: undefined, region: other },
    );
  expect([elsewhere("eu", "us"), elsewhere("eu", "eu", "two"), elsewhere(undefined, undefined, "two")]).not.to.include(
    false,
  );
  expect([elsewhere("eu", "eu"), elsewhere(undefined, "eu"), elsewhere("eu"), elsewhere()]).not.to.include(true);
});
