import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ruleOf } from "../../../cli/report/rules";

describe("what is known of a policy beside its findings", () => {
  it("is all that the pack says of it, for every policy of this package's own pack", () => {
    const rooms = readdirSync(join(__dirname, "../../../policypack/policies"), { withFileTypes: true });
    const policies = rooms.filter((room) => room.isDirectory()).map(({ name }) => name);
    const unknown = policies.filter((policy) => ruleOf("s3-public-access-block", policy).url === undefined);
    expect(unknown).to.deep.equal([]);
    expect(policies).to.include("s3-bucket-public-access-block");
  });

  it("is its name, for another pack's policy, also when it has the name of one of ours", () => {
    expect(ruleOf("demo", "s3-no-public-acl")).to.deep.equal({
      title: "s3-no-public-acl",
      description: "Policy s3-no-public-acl of the policy pack demo.",
      help: "Policy s3-no-public-acl of the policy pack demo. Each result says what is wrong with its resource.",
    });
  });
});
