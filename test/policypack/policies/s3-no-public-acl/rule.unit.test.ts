import { expect } from "chai";
import fc from "fast-check";

import { UNKNOWN } from "../../../../policypack/shared/values";
import {
  evaluateCannedAcl,
  evaluateGrants,
  worstAcl,
  type AclVerdict,
} from "../../../../policypack/policies/s3-no-public-acl/rule";

const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
const LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery";
const OWNER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";

const NOT_PUBLIC: AclVerdict = { kind: "not-public" };
const by = (...causes: string[]): AclVerdict => ({ kind: "public", by: causes });
const unknown = (reason: string): AclVerdict => ({ kind: "unknown", reason });
const unreadable = (reason: string): AclVerdict => ({ kind: "unreadable", reason });

const toGroup = (uri: unknown): object => ({ type: "Group", uri, permissions: ["READ"] });
const toGrantee = (uri: unknown): object => ({ grantee: { type: "Group", uri }, permission: "READ" });

describe("A canned ACL", () => {
  for (const [acl, name] of Object.entries({
    "public-read": "public-read",
    PublicRead: "public-read",
    "PUBLIC-READ ": "public-read",
    public_read: "public-read",
    "public-read-write": "public-read-write",
    PublicReadWrite: "public-read-write",
    "authenticated-read": "authenticated-read",
    AuthenticatedRead: "authenticated-read",
  })) {
    it(`is public: ${acl}`, () => {
      expect(evaluateCannedAcl(acl)).to.deep.equal(by(`the canned ACL ${name}`));
    });
  }

  for (const acl of [
    "private",
    "Private",
    "aws-exec-read",
    "AwsExecRead",
    "log-delivery-write",
    "LogDeliveryWrite",
    "bucket-owner-read",
    "BucketOwnerRead",
    "bucket-owner-full-control",
    "BucketOwnerFullControl",
    "non-public-read",
    "",
    null,
    undefined,
  ]) {
    it(`is not public: ${String(acl)}`, () => {
      expect(evaluateCannedAcl(acl)).to.deep.equal(NOT_PUBLIC);
    });
  }

  it("can't be evaluated where it isn't known yet", () => {
    expect(evaluateCannedAcl(UNKNOWN)).to.deep.equal(unknown("the canned ACL is not known yet"));
  });

  it("can't be read where it is not a string", () => {
    for (const acl of [true, 1, {}, ["public-read"], Symbol("other")]) {
      expect(evaluateCannedAcl(acl)).to.deep.equal(unreadable("the canned ACL is not a string"));
    }
  });
});

describe("Grants", () => {
  for (const [uri, group] of Object.entries({
    [ALL_USERS]: "AllUsers",
    [AUTHENTICATED_USERS]: "AuthenticatedUsers",
    "https://acs.amazonaws.com/groups/global/AllUsers": "AllUsers",
    "http://acs.amazonaws.com/groups/global/AllUsers/": "AllUsers",
    "HTTP://ACS.AMAZONAWS.COM/GROUPS/GLOBAL/ALLUSERS": "AllUsers",
    " http://acs.amazonaws.com/groups/global/authenticatedusers ": "AuthenticatedUsers",
    "http://acs.amazonaws.com//groups/global/AllUsers?x": "AllUsers",
  })) {
    it(`are public in both shapes: ${uri}`, () => {
      expect(evaluateGrants([toGroup(uri)])).to.deep.equal(by(`a grant to the ${group} group`));
      expect(evaluateGrants([toGrantee(uri)])).to.deep.equal(by(`a grant to the ${group} group`));
    });
  }

  it("are public whatever the permissions and the type", () => {
    for (const grant of [
      { uri: ALL_USERS },
      { uri: ALL_USERS, type: "CanonicalUser", id: OWNER, permissions: [] },
      { uri: ALL_USERS, type: UNKNOWN, permissions: UNKNOWN },
      { grantee: { uri: ALL_USERS, id: UNKNOWN }, permission: UNKNOWN },
    ]) {
      expect(evaluateGrants([grant])).to.deep.equal(by("a grant to the AllUsers group"));
    }
  });

  it("are public by each group once, beside what isn't known and what can't be read", () => {
    const grants = [UNKNOWN, toGroup(ALL_USERS), null, toGrantee(AUTHENTICATED_USERS), toGroup(ALL_USERS)];
    expect(evaluateGrants(grants)).to.deep.equal(
      by("a grant to the AllUsers group", "a grant to the AuthenticatedUsers group"),
    );
  });

  it("are not public to accounts, to the log delivery group, and where there are none", () => {
    for (const grants of [
      undefined,
      null,
      [],
      [{ type: "CanonicalUser", id: OWNER, permissions: ["FULL_CONTROL"] }],
      [{ type: "CanonicalUser", id: OWNER, uri: null, grantee: null, permissions: ["FULL_CONTROL"] }],
      [{ grantee: { type: "CanonicalUser", id: UNKNOWN, uri: null }, permission: UNKNOWN }],
      [toGroup(LOG_DELIVERY), toGrantee(LOG_DELIVERY)],
      [Object.create({ uri: ALL_USERS, grantee: { uri: ALL_USERS } })],
      [{ grantee: Object.create({ uri: ALL_USERS }) as object }],
    ]) {
      expect(evaluateGrants(grants)).to.deep.equal(NOT_PUBLIC);
    }
  });

  for (const [title, grants, reason] of [
    ["them", UNKNOWN, "the grants are not known yet"],
    ["one of them", [toGroup(LOG_DELIVERY), UNKNOWN], "a grant is not known yet"],
    ["a grantee", [{ grantee: UNKNOWN }], "the grantee of a grant is not known yet"],
    ["a group", [toGroup(UNKNOWN)], "the group of a grant is not known yet"],
    ["a grantee's group", [toGrantee(UNKNOWN)], "the group of a grant is not known yet"],
  ] as [string, unknown, string][]) {
    it(`can't be evaluated without knowing ${title}`, () => {
      expect(evaluateGrants(grants)).to.deep.equal(unknown(reason));
    });
  }

  for (const [title, grants, reason] of [
    ["aren't a list", { grantee: { uri: ALL_USERS } }, "the grants are not a list"],
    ["are text", ALL_USERS, "the grants are not a list"],
    ["hold null", [null], "a grant is not an object"],
    ["hold text", [ALL_USERS], "a grant is not an object"],
    ["have text for a grantee", [{ grantee: ALL_USERS }], "the grantee of a grant is not an object"],
    ["have a list for a group", [UNKNOWN, toGroup([ALL_USERS])], "the group of a grant is not a string"],
  ] as [string, unknown, string][]) {
    it(`can't be read where they ${title}`, () => {
      expect(evaluateGrants(grants)).to.deep.equal(unreadable(reason));
    });
  }

  it("are evaluated whatever they are", () => {
    const kinds = ["not-public", "public", "unknown", "unreadable"];
    fc.assert(
      fc.property(fc.anything(), (any) => {
        for (const verdict of [
          evaluateCannedAcl(any),
          evaluateGrants(any),
          evaluateGrants([any]),
          evaluateGrants([{ grantee: any }]),
        ]) {
          expect(kinds).to.include(verdict.kind);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("One ACL given in several ways", () => {
  it("is one verdict that names each cause once", () => {
    expect(
      worstAcl([
        evaluateCannedAcl("public-read"),
        evaluateGrants([toGroup(ALL_USERS)]),
        evaluateGrants([toGrantee(ALL_USERS)]),
        evaluateCannedAcl(UNKNOWN),
      ]),
    ).to.deep.equal(by("the canned ACL public-read", "a grant to the AllUsers group"));
  });

  it("is as bad as the worst of them: public, unreadable, unknown, not public", () => {
    expect(worstAcl([NOT_PUBLIC, unknown("first"), unknown("second"), NOT_PUBLIC])).to.deep.equal(
      unknown("first"),
    );
    expect(worstAcl([unknown("first"), unreadable("second")])).to.deep.equal(unreadable("second"));
    expect(worstAcl([unreadable("first"), by("the second")])).to.deep.equal(by("the second"));
    expect(worstAcl([NOT_PUBLIC, NOT_PUBLIC])).to.deep.equal(NOT_PUBLIC);
    expect(worstAcl([])).to.deep.equal(NOT_PUBLIC);
  });
});
