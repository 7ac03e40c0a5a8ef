import { expect } from "chai";
import {
  secret,
  UNKNOWN,
  type Diagnostic,
  type Props,
  type Value,
} from "../../../../harness/engine/analyzer";
import { PolicyTester } from "../../../../harness/policy-tester";
import { ON, urn } from "../../resources";
import { byUnknownProvider, door, doorsOf, inputs, inputsWith, placesOf, ROOT, violation } from "../doors";
import { each, gapLines, testFourFlags, UNVERIFIED, type Gap } from "../four-flags";

const POLICY = "s3-access-point-public-access-block";
const UNDOCUMENTED = "is left out, and what that means isn't documented";

describe(POLICY, () => {
  const tester = new PolicyTester(ROOT);

  const evaluate = (type: string, props: Props): Promise<Diagnostic[]> => tester.analyze(door(type, props));
  const open = (type: string, gaps: Gap[]): Diagnostic =>
    violation(
      POLICY,
      urn("door", type),
      "Access point 'door' has a public access block that doesn't have the four flags on, and can't be changed later.",
      ...gapLines(gaps, "In 'door', leave the block out, which turns all four on, or set"),
    );

  for (const { type, property } of doorsOf(POLICY)) {
    const places = placesOf(property);
    const unset = type.startsWith("aws-native:") ? UNDOCUMENTED : null;

    describe(`in ${property} of ${type}`, () => {
      testFourFlags({
        expectOf: (flags, diagnostics, why) =>
          tester.expect(door(type, inputs(property, flags)), diagnostics, why),
        finding: (gaps) => open(type, gaps),
        off: "is false",
        unset,
      });

      it("passes one that is a secret, wherever that is", async () => {
        for (const place of places) {
          const wrap = (each: string, inner: Value): Value => (each === place ? secret(inner) : inner);
          expect(await evaluate(type, inputs(property, ON, wrap)), place).to.deep.equal([]);
        }
      });

      it("goes by what a flag is that is left out, where the block is empty", async () => {
        expect(await evaluate(type, inputs(property, {}))).to.deep.equal(
          unset === null ? [] : [open(type, each(unset))],
        );
      });

      it("blocks one that isn't known yet, wherever that is", async () => {
        for (const place of places) {
          expect(await evaluate(type, inputsWith(property, ON, place, UNKNOWN)), place).to.deep.equal([
            open(type, each(UNVERIFIED)),
          ]);
        }
      });

      it("blocks what can't be a block", async () => {
        for (const place of places) {
          for (const value of [true, "true", 1, false, "", [], [ON]] as Value[]) {
            const props = inputsWith(property, ON, place, value);
            expect(await evaluate(type, props), `${place}: ${JSON.stringify(value)}`).to.deep.equal([
              open(type, each("is not a boolean")),
            ]);
          }
        }
      });

      it("passes an access point without one, since AWS turns all four on", async () => {
        for (const place of places) {
          expect(await evaluate(type, inputsWith(property, ON, place, null)), place).to.deep.equal([]);
        }
        expect(await evaluate(type, { bucket: "data" })).to.deep.equal([]);
        if (places.length > 1) expect(await evaluate(type, { details: { name: "door" } })).to.deep.equal([]);
      });

      it("has nothing to say where --target leaves the access point out, or nothing is known of it", async () => {
        expect(await evaluate(type, {})).to.deep.equal([]);
        expect(await tester.analyze(byUnknownProvider(door(type, {})))).to.deep.equal([]);
      });
    });
  }

  it("doesn't read a block out of a prototype, or of a type that has none", async () => {
    const off = { publicAccessBlockConfiguration: { blockPublicAcls: false } };
    for (const type of ["aws:s3/bucketVersioning:BucketVersioning", "constructor"]) {
      expect(await evaluate(type, off), type).to.deep.equal([]);
    }
    const flags = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true };
    Object.defineProperty(flags, "__proto__", { value: ON, enumerable: true });
    const type = "aws-native:s3:AccessPoint";
    expect(await evaluate(type, { publicAccessBlockConfiguration: flags })).to.deep.equal([
      open(type, [["restrictPublicBuckets", UNDOCUMENTED]]),
    ]);
  });
});
