import { expect } from "chai";
import { EngineView } from "../../../policypack/engine/view";

describe("A resource that the engine hasn't told of", () => {
  it("is an error, which says how to install a pack that sees the engine's requests", () => {
    expect(() => new EngineView().resource("urn:pulumi:dev::test::type::unseen")).to.throw(
      /^the policy pack could not read the engine's request: .* don't belong together\. Install the pack with the npm-shrinkwrap\.json that it comes with\.$/,
    );
  });
});
