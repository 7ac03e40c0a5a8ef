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
import { byUnknownProvider, door, doorsOf, ROOT, violation } from "../doors";

const POLICY = "s3-account-public-access-block";
const TYPE = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
const FLAGS = Object.keys(ON);

const UNVERIFIED = "can't be verified: its value isn't known before the update";
const UNSET = "is left out, which means false";

describe(POLICY, () => {
  let pack: Analyzer;
  before(async () => {
    pack = await boot(ROOT);
  });
  after(() => pack.close());

  const evaluate = (props: Props, type = TYPE): Promise<Diagnostic[]> => pack.analyze(door(type, props));
  const open = (gaps: [flag: string, state: string][]): Diagnostic =>
    violation(
      POLICY,
      urn("door", TYPE),
      "The account's public access block 'door' doesn't have the four flags on.",
      ...gaps.map(([flag, state]) => `  ${flag} ${state}`),
      "In 'door', set",
      ...gaps.map(([flag]) => `      ${flag}: true,`),
    );

  it("evaluates the four flags of the list", () => {
    const listed = doorsOf(POLICY).map(({ type, property }) => `${type} ${property}`);
    expect(listed.sort()).to.deep.equal(FLAGS.map((flag) => `${TYPE} ${flag}`).sort());
  });

  it("passes a block that has the four flags on, also as secrets", async () => {
    const secrets = Object.fromEntries(FLAGS.map((flag) => [flag, secret(true)]));
    const accounts: Props[] = [{}, { accountId: "123456789012" }, { accountId: UNKNOWN }];
    for (const props of [secrets, ...accounts.map((account) => ({ ...ON, ...account }))]) {
      expect(await evaluate(props)).to.deep.equal([]);
    }
  });

  for (const flag of FLAGS) {
    it(`blocks one whose ${flag} isn't on`, async () => {
      const states: [Value, string][] = [
        [false, "is false, which is also what it is when left out"],
        [secret(false), "is false, which is also what it is when left out"],
        [null, UNSET],
        [UNKNOWN, UNVERIFIED],
        ["true", "is not a boolean"],
        [1, "is not a boolean"],
        [{}, "is not a boolean"],
        [[true], "is not a boolean"],
      ];
      for (const [value, state] of states) {
        expect(await evaluate({ ...ON, [flag]: value }), state).to.deep.equal([open([[flag, state]])]);
      }
      const without = Object.fromEntries(Object.entries(ON).filter(([key]) => key !== flag));
      expect(await evaluate(without)).to.deep.equal([open([[flag, UNSET]])]);
    });
  }

  it("names every flag that isn't on, in one finding", async () => {
    expect(
      await evaluate({ blockPublicAcls: true, blockPublicPolicy: UNKNOWN, ignorePublicAcls: 0 }),
    ).to.deep.equal([
      open([
        ["ignorePublicAcls", "is not a boolean"],
        ["blockPublicPolicy", UNVERIFIED],
        ["restrictPublicBuckets", UNSET],
      ]),
    ]);
  });

  it("has nothing to say where --target leaves the block out", async () => {
    expect(await evaluate({})).to.deep.equal([]);
  });

  it("blocks one of which nothing is known, since its provider has an unknown setting", async () => {
    expect(await pack.analyze(byUnknownProvider(door(TYPE, {})))).to.deep.equal([
      open(FLAGS.map((flag) => [flag, UNSET])),
    ]);
  });

  it("evaluates no other type", async () => {
    expect(await evaluate({ bucket: "data" }, "aws:s3/bucketVersioning:BucketVersioning")).to.deep.equal([]);
  });
});
