import { expect } from "chai";
import { exempt, kindOf, unverified } from "../../../policypack/shared/kinds";

const NAMES = ["data", "Exempt: x", "x\nExempt: y", "Unverified: x", "can't be verified", "x\nUnverified: y"];

describe("the kind of a finding", () => {
  it("is read from a message as it was written, whatever the resource is called", () => {
    for (const name of NAMES) {
      const finding = `Bucket '${name}' is open`;
      expect([
        kindOf(exempt("static site", undefined, finding)),
        kindOf(exempt("static site", "2027-03-31", finding)),
        kindOf(unverified(`The ACL of '${name}'`, "it is not known yet")),
        kindOf(finding),
      ]).to.deep.equal(["exempt", "exempt", "unverified", "violation"]);
    }
  });

  it("is a violation when a message only speaks of the others", () => {
    const messages = ["It is Exempt: no", "Exempted: x", "Exempt until soon: x", "It is Unverified: x", ""];
    expect(messages.map(kindOf)).to.deep.equal(messages.map(() => "violation"));
  });
});
