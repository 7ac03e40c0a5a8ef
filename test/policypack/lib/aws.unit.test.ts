import { expect } from "chai";
import { partitionOf } from "../../../policypack/aws/partition";
import { testdata } from "../../testdata";

it("The partition of a region is by the beginning of its name", () => {
  for (const [region, partition] of Object.entries(testdata("partitions.yaml") as object))
    expect(partitionOf(region), region).to.equal(partition);
});
