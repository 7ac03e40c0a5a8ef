import {
  secret,
  UNKNOWN,
  type Diagnostic,
  type Props,
  type Value,
} from "../../../../harness/engine/analyzer";
import { PolicyTester } from "../../../../harness/policy-tester";
import { urn } from "../../resources";
import {
  byUnknownProvider,
  compliant,
  door,
  doorsOf,
  inputs,
  note,
  placesOf,
  ROOT,
  violation,
} from "../doors";

const POLICY = "s3-no-public-bucket-policy";
const FIX = [
  "Name the principals, or add to the statement a condition with a fixed value, in JSON such as",
  '      "Condition": { "StringEquals": { "aws:PrincipalOrgID": "o-..." } }',
];

/** A document with one statement. */
const document = (statement: Props): Props => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*", ...statement }],
});

const OPEN = document({ Sid: "Read", Principal: "*" });
const EVERYONE = "  statement 1 ('Read') lets everyone in, with no condition";
const CLOSED = document({ Principal: { AWS: "arn:aws:iam::123456789012:root" } });
/** A bucket's policy may let in all the access points of an account, an access point's policy may not. */
const ACCESS_POINTS = document({
  Principal: "*",
  Condition: {
    ArnLike: { "s3:DataAccessPointArn": "arn:aws:s3:us-west-2:123456789012:accesspoint/*" },
  },
});

/** The document as a program may give it. */
const shapes = (given: Props): Value[] => [given, JSON.stringify(given)];

/** The types whose access points can be for a VPC. */
const IN_VPC = ["aws:s3/accessPoint:AccessPoint", "aws-native:s3:AccessPoint"];

describe(POLICY, () => {
  const tester = new PolicyTester(ROOT);

  for (const listed of doorsOf(POLICY)) {
    const { type, property } = listed;
    const places = placesOf(property);
    const { complying, having, hidden } = compliant(listed, CLOSED);
    const subject = `The ${/accessPoint/i.test(type) ? "access point" : "bucket"} policy in 'door'`;
    const open = (...statements: string[]): Diagnostic =>
      violation(POLICY, urn("door", type), `${subject} is public:`, ...statements, ...FIX);
    const unknown = (reason: string): Diagnostic =>
      note(
        POLICY,
        urn("door", type),
        `Unverified: ${subject} can't be evaluated: ${reason}. The update evaluates it again.`,
      );

    describe(`evaluates ${property} of ${type}`, () => {
      it("and blocks a public one, as an object and as JSON, once", async () => {
        for (const given of shapes(OPEN)) {
          await tester.expect(having(given), [open(EVERYONE)]);
        }
      });

      it("and names each statement that is open", async () => {
        const statements = [
          { Effect: "Allow", Principal: "*" },
          { Effect: "Allow", Principal: { AWS: "123456789012" } },
          { Sid: "Web", Effect: "Allow", NotPrincipal: { AWS: "123456789012" } },
        ];
        await tester.expect(having({ Statement: statements }), [
          open(
            "  statement 1 lets everyone in, with no condition",
            "  statement 3 ('Web') lets everyone in but those in NotPrincipal",
          ),
        ]);
      });

      it("and passes one that is not public", async () => {
        await tester.expect(complying, []);
        for (const given of [CLOSED, document({ Effect: "Deny", Principal: "*" })].flatMap(shapes)) {
          await tester.expect(having(given), []);
        }
      });

      it("and passes all the access points of an account for a bucket only", async () => {
        const isBucket = subject.includes("bucket");
        const why =
          "  statement 1 lets everyone in, and no condition pins that to fixed values: " +
          "ArnLike s3:DataAccessPointArn has a value that isn't fixed";
        for (const given of shapes(ACCESS_POINTS)) {
          await tester.expect(having(given), isBucket ? [] : [open(why)]);
        }
      });

      it("and notes that it isn't known yet, wherever that is", async () => {
        for (const place of places) {
          await tester.expect(having(UNKNOWN, place), [unknown("the policy is not known yet")], place);
        }
      });

      it("and notes what isn't known yet inside it", async () => {
        const given: [Value, string][] = [
          [{ Statement: UNKNOWN }, "the policy is not known yet"],
          [{ Statement: [UNKNOWN] }, "Statement[0] is not known yet"],
          [document({ Effect: UNKNOWN, Principal: "*" }), "Statement[0] has an Effect that is not known yet"],
          [
            document({ Sid: "Read", Principal: UNKNOWN }),
            "Statement[0] (Read) has a Principal that is not known yet",
          ],
          [
            document({ Principal: { AWS: ["123456789012", UNKNOWN] } }),
            "Statement[0] has a Principal that is not known yet",
          ],
          [
            document({ Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": UNKNOWN } } }),
            "Statement[0] lets everyone in, under a condition (StringEquals aws:PrincipalOrgID) that is not known yet",
          ],
        ];
        for (const [value, reason] of given) {
          await tester.expect(having(value), [unknown(reason)], reason);
        }
      });

      it("and isn't led to a note by an unknown where it is public, or closed, all the same", async () => {
        const unknownResource = document({ Sid: "Read", Principal: "*", Resource: UNKNOWN });
        await tester.expect(having(unknownResource), [open(EVERYONE)]);
        const both: Value = { Statement: [UNKNOWN, { Effect: "Allow", Principal: "*" }] };
        await tester.expect(having(both), [open("  statement 2 lets everyone in, with no condition")]);
        const closed = document({ Effect: "Deny", Principal: UNKNOWN, Action: UNKNOWN });
        await tester.expect(having(closed), []);
      });

      it("and reads a secret, wherever it is, and quotes nothing of it", async () => {
        const quiet = open("  statement 1 is public; the policy is a secret, so nothing in it is quoted");
        for (const place of places) {
          await tester.expect(hidden(OPEN, place), [quiet], place);
        }
        const condition = { StringLike: { "aws:PrincipalArn": secret("arn:aws:iam::*:role/hidden") } };
        const inside = document({ Principal: { AWS: secret("*") }, Condition: condition });
        await tester.expect(having(inside), [quiet]);
      });

      it("and quotes nothing of a secret that it can't read or verify", async () => {
        const why = "the policy is a secret, so nothing in it is quoted";
        const twice = '{"Statement": [{"Effect": "Allow", "Hidden": 1, "hidden": 2, "Principal": "*"}]}';
        const unreadable: [Value, string][] = [
          [twice, "Statement[0] is not valid"],
          ['{"Hidden": 1, "Hidden": 2}', "it is not valid"],
          ["Hidden", "it is not valid"],
        ];
        for (const [value, what] of unreadable) {
          await tester.expect(
            having(secret(value)),
            [violation(POLICY, urn("door", type), `${subject} can't be read: ${what}; ${why}.`)],
            what,
          );
        }
        const condition: Value = { StringEquals: { "aws:PrincipalOrgID": UNKNOWN } };
        const part = document({ Sid: secret("Hidden"), Principal: "*", Condition: condition });
        await tester.expect(having(part), [unknown(`Statement[0] has a part that is not known yet; ${why}`)]);
        await tester.expect(having(secret(UNKNOWN)), [unknown("the policy is not known yet")]);
      });

      it("and passes what is missing, null or empty", async () => {
        for (const place of places) {
          await tester.expect(having(null, place), [], place);
          await tester.expect(having({}, place), [], place);
        }
        await tester.expect(having(""), []);
        await tester.expect(door(type, { bucket: "data" }), []);
      });

      it("and blocks what can't be a policy", async () => {
        const noObject = "the policy is not a JSON object";
        const odd: [Value, string][] = [
          [7, noObject],
          [true, noObject],
          [false, noObject],
          [[], noObject],
          [[OPEN], noObject],
          ["x", "the policy is not JSON"],
          ["[]", noObject],
          ['{"Statement": [', "the policy is not JSON"],
          ['{"Statement": [], "Statement": []}', "the policy gives Statement twice"],
        ];
        const inside: [Value, string][] = [
          [{ Version: "2012-10-17" }, "the policy has no Statement"],
          [{ Statement: ["x"] }, "Statement[0] is not a JSON object"],
          [{ Statement: [{ Principal: "*" }] }, "Statement[0] has no Effect"],
          [{ Statement: [{ Effect: "Allow" }] }, "Statement[0] has no Principal"],
        ];
        const all: (readonly [string, Value, string])[] = [
          ...places.flatMap((place) => odd.map((each) => [place, ...each] as const)),
          ...inside.map((each) => [property, ...each] as const),
        ];
        for (const [place, value, why] of all) {
          await tester.expect(
            having(value, place),
            [violation(POLICY, urn("door", type), `${subject} can't be read: ${why}.`)],
            `${place}: ${JSON.stringify(value)}`,
          );
        }
      });

      it("and has nothing to say where --target leaves the resource out, or nothing is known of it", async () => {
        await tester.expect(door(type, {}), []);
        await tester.expect(byUnknownProvider(door(type, {})), []);
      });

      if (IN_VPC.includes(type)) {
        it("and passes any that can be read where the access point is for a VPC", async () => {
          for (const id of ["vpc-1a2b3c", secret("vpc-1a2b3c")]) {
            const vpcConfiguration = { vpcId: id };
            await tester.expect(door(type, { policy: OPEN, vpcConfiguration }), []);
            await tester.expect(door(type, { policy: OPEN, vpcConfiguration: secret(vpcConfiguration) }), []);
          }
        });

        it("and notes a public one where it isn't known yet whether there is a VPC", async () => {
          const reason = "it is public unless the access point is for a VPC, which is not known yet";
          for (const vpcConfiguration of [UNKNOWN, { vpcId: UNKNOWN }] satisfies Value[]) {
            await tester.expect(door(type, { policy: OPEN, vpcConfiguration }), [unknown(reason)]);
            await tester.expect(door(type, { policy: CLOSED, vpcConfiguration }), []);
            await tester.expect(door(type, { policy: UNKNOWN, vpcConfiguration }), [
              unknown("the policy is not known yet"),
            ]);
          }
        });

        it("and doesn't take anything else for a VPC", async () => {
          const odd: Value[] = [null, {}, "vpc-1", ["vpc-1"], true, [{ vpcId: "vpc-1" }], { id: "vpc-1" }];
          const ids: Value[] = [null, "", 7, true, {}, ["vpc-1"]];
          for (const vpcConfiguration of [...odd, ...ids.map((vpcId): Value => ({ vpcId }))]) {
            await tester.expect(
              door(type, { policy: OPEN, vpcConfiguration }),
              [open(EVERYONE)],
              JSON.stringify(vpcConfiguration),
            );
          }
        });
      } else {
        it("and is not led to pass by a VPC, which it can't be for", async () => {
          const props = { ...inputs(property, OPEN), vpcConfiguration: { vpcId: "vpc-1a2b3c" } };
          await tester.expect(door(type, props), [open(EVERYONE)]);
        });
      }
    });
  }

  it("doesn't read a policy out of a prototype, or of a type that has none", async () => {
    const props = { bucket: "data" };
    Object.defineProperty(props, "__proto__", { value: { policy: OPEN }, enumerable: true });
    await tester.expect(door("aws:s3/bucketPolicy:BucketPolicy", props), []);
    for (const type of ["aws:iam/policy:Policy", "constructor", "aws:s3control/bucketPolicy:BucketPolicy"]) {
      await tester.expect(door(type, { policy: OPEN }), [], type);
    }
  });
});
