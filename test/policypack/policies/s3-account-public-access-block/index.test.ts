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
const SETTINGS = Object.keys(ON);

const UNVERIFIED = "can't be verified: its value isn't known before the update";
const UNSET = "is left out, which means false";

describe(POLICY, () => {
  let pack: Analyzer;
  before(async () => {
    pack = await boot(ROOT);
  });
  after(() => pack.close());

  const judge = (props: Props, type = TYPE): Promise<Diagnostic[]> => pack.analyze(door(type, props));
  const open = (gaps: [setting: string, state: string][]): Diagnostic =>
    violation(
      POLICY,
      urn("door", TYPE),
      "The account's public access block 'door' doesn't have the four settings on.",
      ...gaps.map(([setting, state]) => `  ${setting} ${state}`),
      "In 'door', set",
      ...gaps.map(([setting]) => `      ${setting}: true,`),
    );

  it("judges the four settings of the list", () => {
    const listed = doorsOf(POLICY).map(({ type, property }) => `${type} ${property}`);
    expect(listed.sort()).to.deep.equal(SETTINGS.map((setting) => `${TYPE} ${setting}`).sort());
  });

  it("passes a block that has the four settings on, also as secrets", async () => {
    const secrets = Object.fromEntries(SETTINGS.map((setting) => [setting, secret(true)]));
    const accounts: Props[] = [{}, { accountId: "123456789012" }, { accountId: UNKNOWN }];
    for (const props of [secrets, ...accounts.map((account) => ({ ...ON, ...account }))]) {
      expect(await judge(props)).to.deep.equal([]);
    }
  });

  for (const setting of SETTINGS) {
    it(`blocks one whose ${setting} isn't on`, async () => {
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
        expect(await judge({ ...ON, [setting]: value }), state).to.deep.equal([open([[setting, state]])]);
      }
      const without = Object.fromEntries(Object.entries(ON).filter(([key]) => key !== setting));
      expect(await judge(without)).to.deep.equal([open([[setting, UNSET]])]);
    });
  }

  it("names every setting that isn't on, in one finding", async () => {
    expect(
      await judge({ blockPublicAcls: true, blockPublicPolicy: UNKNOWN, ignorePublicAcls: 0 }),
    ).to.deep.equal([
      open([
        ["ignorePublicAcls", "is not a boolean"],
        ["blockPublicPolicy", UNVERIFIED],
        ["restrictPublicBuckets", UNSET],
      ]),
    ]);
  });

  it("has nothing to say where --target leaves the block out", async () => {
    expect(await judge({})).to.deep.equal([]);
  });

  it("blocks one of which nothing is known, since its provider has an unknown setting", async () => {
    expect(await pack.analyze(byUnknownProvider(door(TYPE, {})))).to.deep.equal([
      open(SETTINGS.map((setting) => [setting, UNSET])),
    ]);
  });

  it("judges no other type", async () => {
    expect(await judge({ bucket: "data" }, "aws:s3/bucketVersioning:BucketVersioning")).to.deep.equal([]);
  });
});
