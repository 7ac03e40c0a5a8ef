import { expect } from "chai";
import { UNKNOWN, type Diagnostic, type Props, type Value } from "../../../../harness/engine/analyzer";
import { PolicyTester } from "../../../../harness/policy-tester";
import { bucket, urn } from "../../resources";
import { byUnknownProvider, compliant, door, doorsOf, note, placesOf, ROOT, violation } from "../doors";

const POLICY = "s3-no-public-acl";
const FIX =
  "Leave the ACL out: without one, only the owner has access. To share, name accounts in a bucket policy.";

const group = (name: string): string => `http://acs.amazonaws.com/groups/${name}`;
const ALL_USERS = group("global/AllUsers");

interface Values {
  /** Each with what is said of it. */
  open: [string, string][];
  closed: string[];
}

const ACLS: Values = {
  open: [
    ["public-read", "the canned ACL public-read"],
    ["public-read-write", "the canned ACL public-read-write"],
    ["authenticated-read", "the canned ACL authenticated-read"],
  ],
  closed: [
    "private",
    "aws-exec-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
    "log-delivery-write",
    "",
  ],
};
const NATIVE_ACLS: Values = {
  open: [
    ["PublicRead", "the canned ACL public-read"],
    ["PublicReadWrite", "the canned ACL public-read-write"],
    ["AuthenticatedRead", "the canned ACL authenticated-read"],
  ],
  closed: ["Private", "AwsExecRead", "BucketOwnerRead", "BucketOwnerFullControl", "LogDeliveryWrite", ""],
};
const GROUPS: Values = {
  open: [
    [ALL_USERS, "a grant to the AllUsers group"],
    [group("global/AuthenticatedUsers"), "a grant to the AuthenticatedUsers group"],
  ],
  closed: [group("s3/LogDelivery"), ""],
};

const valuesOf = (property: string): Values => {
  if (property.endsWith("uri")) return GROUPS;
  return property === "accessControl" ? NATIVE_ACLS : ACLS;
};

/** What is at a place, by its last name. */
const KINDS: [RegExp, { unknown: string; unreadable: string; wrong: Value[]; empty: Value[] }][] = [
  [
    /^(acl|accessControl)$/,
    {
      unknown: "the canned ACL is not known yet",
      unreadable: "the canned ACL is not a string",
      wrong: [7, true, [], {}, ["public-read"]],
      empty: [null],
    },
  ],
  [
    /^(accessControlPolicy)$/,
    {
      unknown: "the grants are not known yet",
      unreadable: "the grants are not a list",
      wrong: [7, true, "x", [], [{ grants: [{ grantee: { uri: ALL_USERS } }] }]],
      empty: [null, {}],
    },
  ],
  [
    /grants$/i,
    {
      unknown: "the grants are not known yet",
      unreadable: "the grants are not a list",
      wrong: [7, true, "x", {}, { uri: ALL_USERS }],
      empty: [null, []],
    },
  ],
  [
    /\[\]$/,
    {
      unknown: "a grant is not known yet",
      unreadable: "a grant is not an object",
      wrong: [7, true, "x", null, [], [{ uri: ALL_USERS }]],
      empty: [{}],
    },
  ],
  [
    /grantee$/,
    {
      unknown: "the grantee of a grant is not known yet",
      unreadable: "the grantee of a grant is not an object",
      wrong: [7, true, "x", [], [{ uri: ALL_USERS }]],
      empty: [null, {}],
    },
  ],
  [
    /uri$/,
    {
      unknown: "the group of a grant is not known yet",
      unreadable: "the group of a grant is not a string",
      wrong: [7, true, [], {}, [ALL_USERS]],
      empty: [null, "x"],
    },
  ],
];

const kindOf = (place: string) => {
  const found = KINDS.find(([pattern]) => pattern.test(place));
  if (found === undefined) throw new Error(`nothing is known of ${place}`);
  return found[1];
};

describe(POLICY, () => {
  const tester = new PolicyTester(ROOT);

  const open = (type: string, by: string): Diagnostic =>
    violation(POLICY, urn("door", type), `The ACL of 'door' is public: ${by}.`, FIX);

  for (const listed of doorsOf(POLICY)) {
    const { type, property } = listed;
    const places = placesOf(property);
    const values = valuesOf(property);
    const [[first] = [""]] = values.open;
    const { complying, having, hidden } = compliant(listed, values.closed[0] ?? null);

    describe(`evaluates ${property} of ${type}`, () => {
      it("and blocks a public one, once", async () => {
        for (const [value, why] of values.open) {
          await tester.expect(having(value), [open(type, why)]);
        }
      });

      it("and passes any other", async () => {
        await tester.expect(complying, []);
        for (const value of values.closed) {
          await tester.expect(having(value), [], value);
        }
      });

      it("and notes that it isn't known yet, wherever that is", async () => {
        for (const place of places) {
          const { unknown } = kindOf(place);
          const message = `Unverified: The ACL of 'door' can't be evaluated: ${unknown}. The update evaluates it again.`;
          await tester.expect(having(UNKNOWN, place), [note(POLICY, urn("door", type), message)], place);
        }
      });

      it("and reads a secret, wherever it is, and quotes nothing of it", async () => {
        const message = "The ACL of 'door' is public; it is a secret, so what it grants isn't quoted.";
        for (const place of places) {
          await tester.expect(
            hidden(first, place),
            [violation(POLICY, urn("door", type), message, FIX)],
            place,
          );
        }
      });

      it("and passes what is missing or null", async () => {
        for (const place of places) {
          for (const value of kindOf(place).empty) {
            await tester.expect(having(value, place), [], `${place}: ${JSON.stringify(value)}`);
          }
        }
        await tester.expect(door(type, { bucket: "data" }), []);
      });

      it("and blocks what can't be an ACL", async () => {
        for (const place of places) {
          const { unreadable, wrong } = kindOf(place);
          const message = `The ACL of 'door' can't be read: ${unreadable}.`;
          for (const value of wrong) {
            await tester.expect(
              having(value, place),
              [violation(POLICY, urn("door", type), message, FIX)],
              `${place}: ${JSON.stringify(value)}`,
            );
          }
        }
      });

      it("and has nothing to say where --target leaves the resource out, or nothing is known of it", async () => {
        await tester.expect(door(type, {}), []);
        await tester.expect(byUnknownProvider(door(type, {})), []);
      });
    });
  }

  it("gives one finding for an ACL that is public twice", async () => {
    const twice: [string, Props][] = [
      ["aws:s3/bucket:Bucket", { grants: [{ uri: ALL_USERS }] }],
      ["aws:s3/bucketAcl:BucketAcl", { accessControlPolicy: { grants: [{ grantee: { uri: ALL_USERS } }] } }],
      ["aws:s3/objectCopy:ObjectCopy", { grants: [{ uri: ALL_USERS }, { uri: ALL_USERS }] }],
    ];
    for (const [type, grants] of twice) {
      await tester.expect(
        door(type, { acl: "public-read", ...grants }),
        [open(type, "the canned ACL public-read and a grant to the AllUsers group")],
        type,
      );
    }
  });

  it("is not led to a note by an unknown beside what is public", async () => {
    const type = "aws:s3/bucket:Bucket";
    const grants: Value = [UNKNOWN, { uri: UNKNOWN }, { uri: ALL_USERS }];
    await tester.expect(door(type, { acl: UNKNOWN, grants }), [open(type, "a grant to the AllUsers group")]);
    await tester.expect(door(type, { acl: "public-read", grants: UNKNOWN }), [
      open(type, "the canned ACL public-read"),
    ]);
  });

  it("is a cause of its own on a bucket that has no block and a public policy too", async () => {
    const policy = { Statement: { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" } };
    const data = bucket("data", { props: { bucket: "data", acl: "public-read", policy } });
    const found = [...(await tester.analyze(data)), ...(await tester.analyzeStack(data))];
    expect(found.map((each) => [each.policy, each.urn])).to.deep.equal([
      ["s3-no-public-acl", data.urn],
      ["s3-no-public-bucket-policy", data.urn],
      ["s3-bucket-public-access-block", data.urn],
    ]);
  });

  it("doesn't read an ACL out of a prototype, or of a type that has none", async () => {
    const props = { bucket: "data" };
    Object.defineProperty(props, "__proto__", { value: { acl: "public-read" }, enumerable: true });
    await tester.expect(door("aws:s3/bucket:Bucket", props), []);
    for (const type of ["aws:s3/bucketVersioning:BucketVersioning", "constructor", "aws:s3/bucket:bucket"]) {
      await tester.expect(door(type, { acl: "public-read" }), [], type);
    }
  });
});
