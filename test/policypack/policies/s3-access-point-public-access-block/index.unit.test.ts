import { UNKNOWN, type Diagnostic, type Value } from "../../../../harness/engine/analyzer";
import { PolicyTester } from "../../../../harness/policy-tester";
import { ON, urn } from "../../resources";
import { byUnknownProvider, compliant, door, doorsOf, placesOf, ROOT, violation } from "../doors";
import { each, gapLines, testFourFlags, UNVERIFIED, type Gap } from "../four-flags";

const POLICY = "s3-access-point-public-access-block";
const UNDOCUMENTED = "is left out, and what that means isn't documented";

describe(POLICY, () => {
  const tester = new PolicyTester(ROOT);

  const open = (type: string, gaps: Gap[]): Diagnostic =>
    violation(
      POLICY,
      urn("door", type),
      "Access point 'door' has a public access block that doesn't have the four flags on, and can't be changed later.",
      ...gapLines(gaps, "In 'door', leave the block out, which turns all four on, or set"),
    );

  for (const listed of doorsOf(POLICY)) {
    const { type, property } = listed;
    const places = placesOf(property);
    const { having, hidden } = compliant(listed, ON);
    const unset = type.startsWith("aws-native:") ? UNDOCUMENTED : null;

    describe(`in ${property} of ${type}`, () => {
      testFourFlags({
        expectOf: (flags, diagnostics, why) => tester.expect(having(flags), diagnostics, why),
        finding: (gaps) => open(type, gaps),
        off: "is false",
        unset,
      });

      it("passes one that is a secret, wherever that is", async () => {
        for (const place of places) {
          await tester.expect(hidden(ON, place), [], place);
        }
      });

      it("goes by what a flag is that is left out, where the block is empty", async () => {
        await tester.expect(having({}), unset === null ? [] : [open(type, each(unset))]);
      });

      it("blocks one that isn't known yet, wherever that is", async () => {
        for (const place of places) {
          await tester.expect(having(UNKNOWN, place), [open(type, each(UNVERIFIED))], place);
        }
      });

      it("blocks what can't be a block", async () => {
        for (const place of places) {
          for (const value of [true, "true", 1, false, "", [], [ON]] as Value[]) {
            await tester.expect(
              having(value, place),
              [open(type, each("is not a boolean"))],
              `${place}: ${JSON.stringify(value)}`,
            );
          }
        }
      });

      it("passes an access point without one, since AWS turns all four on", async () => {
        for (const place of places) {
          await tester.expect(having(null, place), [], place);
        }
        await tester.expect(door(type, { bucket: "data" }), []);
        if (places.length > 1) await tester.expect(door(type, { details: { name: "door" } }), []);
      });

      it("has nothing to say where --target leaves the access point out, or nothing is known of it", async () => {
        await tester.expect(door(type, {}), []);
        await tester.expect(byUnknownProvider(door(type, {})), []);
      });
    });
  }

  it("doesn't read a block out of a prototype, or of a type that has none", async () => {
    const off = { publicAccessBlockConfiguration: { blockPublicAcls: false } };
    for (const type of ["aws:s3/bucketVersioning:BucketVersioning", "constructor"]) {
      await tester.expect(door(type, off), [], type);
    }
    const flags = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true };
    Object.defineProperty(flags, "__proto__", { value: ON, enumerable: true });
    const type = "aws-native:s3:AccessPoint";
    await tester.expect(door(type, { publicAccessBlockConfiguration: flags }), [
      open(type, [["restrictPublicBuckets", UNDOCUMENTED]]),
    ]);
  });
});
