import { expect } from "chai";
import { partitionOf } from "../../../policypack/aws/partition";

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
