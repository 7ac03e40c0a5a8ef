import { expect } from "chai";
import { policies } from "../../../policypack/policies";
import { metas } from "../../../policypack/policies/meta";

describe("The metadata of the policies", () => {
  it("is of all of them, in their order", () => {
    expect(metas.map(({ name }) => name)).to.deep.equal(policies.map(({ name }) => name));
    for (const [index, meta] of metas.entries()) expect(policies[index]).to.include(meta);
  });
});
