import { expect } from "chai";
import {
  boot,
  secret,
  UNKNOWN,
  type Analyzer,
  type Diagnostic,
  type Props,
  type Value,
} from "../../../../harness/engine/analyzer";
import { ON, urn } from "../../resources";
import { byUnknownProvider, door, doorsOf, inputs, inputsWith, placesOf, ROOT, violation } from "../doors";

const POLICY = "s3-access-point-public-access-block";
const FLAGS = Object.keys(ON);

const UNVERIFIED = "can't be verified: its value isn't known before the update";

describe(POLICY, () => {
  let pack: Analyzer;
  before(async () => {
    pack = await boot(ROOT);
  });
  after(() => pack.close());

  const evaluate = (type: string, props: Props): Promise<Diagnostic[]> => pack.analyze(door(type, props));
  /** The violation for settings and what is wrong with each. */
  const open = (type: string, gaps: [flag: string, state: string][]): Diagnostic =>
    violation(
      POLICY,
      urn("door", type),
      "Access point 'door' has a public access block that doesn't have the four flags on, and can't be changed later.",
      ...gaps.map(([flag, state]) => `  ${flag} ${state}`),
      "In 'door', leave the block out, which turns all four on, or set",
      ...gaps.map(([flag]) => `      ${flag}: true,`),
    );
  const all = (type: string, state: string): Diagnostic =>
    open(
      type,
      FLAGS.map((flag) => [flag, state]),
    );

  for (const { type, property } of doorsOf(POLICY)) {
    const places = placesOf(property);
    /** What is said of a flag that the block leaves out; nothing where it is on then. */
    const leftOut = type.startsWith("aws-native:")
      ? "is left out, and what that means isn't documented"
      : undefined;
    const ifLeftOut = (settings: string[]): Diagnostic[] =>
      leftOut === undefined
        ? []
        : [
            open(
              type,
              settings.map((flag) => [flag, leftOut]),
            ),
          ];

    describe(`evaluates ${property} of ${type}`, () => {
      it("and passes one that has the four flags on, also as secrets", async () => {
        const secrets = Object.fromEntries(FLAGS.map((flag) => [flag, secret(true)]));
        for (const block of [ON, secret(ON), secrets]) {
          expect(await evaluate(type, inputs(property, block))).to.deep.equal([]);
        }
        for (const place of places) {
          const wrap = (each: string, inner: Value): Value => (each === place ? secret(inner) : inner);
          expect(await evaluate(type, inputs(property, ON, wrap)), place).to.deep.equal([]);
        }
      });

      for (const flag of FLAGS) {
        it(`and blocks one whose ${flag} isn't on`, async () => {
          const states: [Value, string][] = [
            [false, "is false"],
            [secret(false), "is false"],
            [UNKNOWN, UNVERIFIED],
            ["true", "is not a boolean"],
            [1, "is not a boolean"],
            [{}, "is not a boolean"],
            [[true], "is not a boolean"],
          ];
          for (const [value, state] of states) {
            expect(await evaluate(type, inputs(property, { ...ON, [flag]: value })), state).to.deep.equal([
              open(type, [[flag, state]]),
            ]);
          }
        });

        it(`and ${leftOut === undefined ? "passes" : "blocks"} one that leaves ${flag} out`, async () => {
          const without = Object.fromEntries(Object.entries(ON).filter(([key]) => key !== flag));
          for (const block of [without, { ...without, [flag]: null }]) {
            expect(await evaluate(type, inputs(property, block))).to.deep.equal(ifLeftOut([flag]));
          }
        });
      }

      it("and names every flag that isn't on, in one finding", async () => {
        const block: Props = {
          blockPublicAcls: false,
          ignorePublicAcls: UNKNOWN,
          blockPublicPolicy: true,
          restrictPublicBuckets: "yes",
        };
        expect(await evaluate(type, inputs(property, block))).to.deep.equal([
          open(type, [
            ["blockPublicAcls", "is false"],
            ["ignorePublicAcls", UNVERIFIED],
            ["restrictPublicBuckets", "is not a boolean"],
          ]),
        ]);
      });

      it("and goes by what a flag is that is left out, where the block is empty", async () => {
        expect(await evaluate(type, inputs(property, {}))).to.deep.equal(ifLeftOut(FLAGS));
      });

      it("and blocks one that isn't known yet, wherever that is", async () => {
        for (const place of places) {
          expect(await evaluate(type, inputsWith(property, ON, place, UNKNOWN)), place).to.deep.equal([
            all(type, UNVERIFIED),
          ]);
        }
      });

      it("and blocks what can't be a block", async () => {
        for (const place of places) {
          for (const value of [true, "true", 1, false, "", [], [ON]] as Value[]) {
            const props = inputsWith(property, ON, place, value);
            expect(await evaluate(type, props), `${place}: ${JSON.stringify(value)}`).to.deep.equal([
              all(type, "is not a boolean"),
            ]);
          }
        }
      });

      it("and passes an access point without one, since AWS turns all four on", async () => {
        for (const place of places) {
          expect(await evaluate(type, inputsWith(property, ON, place, null)), place).to.deep.equal([]);
        }
        expect(await evaluate(type, { bucket: "data" })).to.deep.equal([]);
        if (places.length > 1) expect(await evaluate(type, { details: { name: "door" } })).to.deep.equal([]);
      });

      it("and has nothing to say where --target leaves the access point out, or nothing is known of it", async () => {
        expect(await evaluate(type, {})).to.deep.equal([]);
        expect(await pack.analyze(byUnknownProvider(door(type, {})))).to.deep.equal([]);
      });
    });
  }

  it("doesn't read a block out of a prototype, or of a type that has none", async () => {
    const off = { publicAccessBlockConfiguration: { blockPublicAcls: false } };
    for (const type of ["aws:s3/bucketVersioning:BucketVersioning", "constructor"]) {
      expect(await evaluate(type, off), type).to.deep.equal([]);
    }
    const settings = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true };
    Object.defineProperty(settings, "__proto__", { value: ON, enumerable: true });
    const type = "aws-native:s3:AccessPoint";
    expect(await evaluate(type, { publicAccessBlockConfiguration: settings })).to.deep.equal([
      open(type, [["restrictPublicBuckets", "is left out, and what that means isn't documented"]]),
    ]);
  });
});
