import { expect } from "chai";
import fc from "fast-check";
import { evaluateCannedAcl, evaluateGrants } from "../../../../policypack/policies/s3-no-public-acl/rule";
import { parameters } from "../../runs";

// What is public, and what isn't, is in test/testdata: acl.yaml. This is what no request of the engine holds.

const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";

describe("An ACL", () => {
  it("isn't public by what its grants inherit", () => {
    for (const grants of [
      [Object.create({ uri: ALL_USERS, grantee: { uri: ALL_USERS } })],
      [{ grantee: Object.create({ uri: ALL_USERS }) as object }],
    ])
      expect(evaluateGrants(grants)).to.deep.equal({ kind: "not-public" });
  });

  it("is evaluated whatever it is", () => {
    const kinds = ["not-public", "public", "unknown", "unreadable"];
    const any = fc.oneof(fc.anything(), fc.constant(Symbol("other")));
    fc.assert(
      fc.property(any, (value) => {
        for (const verdict of [
          evaluateCannedAcl(value),
          evaluateGrants(value),
          evaluateGrants([value]),
          evaluateGrants([{ grantee: value }]),
        ])
          expect(kinds).to.include(verdict.kind);
      }),
      parameters(500),
    );
  });
});
