import { expect } from "chai";
import { partitionOf } from "../../../policypack/aws/partition";
import { knowsSkipDestroy } from "../../../policypack/aws/skip-destroy";
import { UNKNOWN } from "../../../policypack/lib/values";

/** The name of a provider, its version, and whether it knows skipDestroy: from 7.2 on, and only where one of the two tells. */
const PROVIDERS: [name: string, versions: unknown[], knows: boolean][] = [
  ["mine", ["7.2.0", "v7.2.0", "7.48.0", "7.10.1-alpha.1", "8.0.0", "10.1.0"], true],
  ["mine", ["6.83.4", "7.1.9", "7.0.0", "5.2.0", "0.7.2"], false],
  ["mine", [undefined, UNKNOWN, null, "", "latest", "7", "17", 7.48, "x7.48.0"], false],
  // The version counts before the name that the engine gives to a default provider.
  ["default_7_48_0", ["6.83.4"], false],
  ["default_6_83_4", ["7.48.0"], true],
  ...["default_7_2_0", "default_7_48_0", "default_8_0_0_alpha_1", "default_7_48_0_https_//x"].map(
    (name): [string, unknown[], boolean] => [name, [undefined], true],
  ),
  ...["default_6_83_4", "default_7_1_0", "default_5_48_0", "default", "default_7", "my_default_7_48_0", "7_48_0"].map(
    (name): [string, unknown[], boolean] => [name, [undefined], false],
  ),
];

it("A provider knows skipDestroy from 7.2 on, by its version or by its default name", () => {
  for (const [name, versions, knows] of PROVIDERS)
    for (const version of versions) {
      const urn = `urn:pulumi:dev::test::pulumi:providers:aws::${name}`;
      const read = (key: string) => (key === "version" ? version : undefined);
      expect(knowsSkipDestroy({ urn, read }), `${name} ${String(version)}`).to.equal(knows);
    }
  expect(knowsSkipDestroy(undefined)).to.equal(false);
});

it("The partition of a region is by the beginning of its name", () => {
  const partitions = {
    ...{ "eu-west-1": "aws", "us-east-1": "aws", "ap-southeast-7": "aws", "somewhere-cn-1": "aws" },
    ...{ "cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov", "us-iso-east-1": "aws-iso" },
    ...{ "us-isob-east-1": "aws-iso-b", "us-isof-south-1": "aws-iso-f" },
    ...{ "eu-isoe-west-1": "aws-iso-e", "eusc-de-east-1": "aws-eusc" },
  };
  expect(Object.fromEntries(Object.keys(partitions).map((region) => [region, partitionOf(region)]))).to.deep.equal(
    partitions,
  );
});
