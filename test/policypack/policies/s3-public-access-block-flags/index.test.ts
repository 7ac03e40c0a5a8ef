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
import { BLOCK, block, ON, urn } from "../../resources";
import { byUnknownProvider, doorsOf, ROOT, violation } from "../doors";

const POLICY = "s3-public-access-block-flags";
const FLAGS = Object.keys(ON);

const UNVERIFIED = "can't be verified: its value isn't known before the update";
const UNSET = "is left out, which means false";
const OFF = "is false, which is also what it is when left out";

describe(POLICY, () => {
  let pack: Analyzer;
  before(async () => {
    pack = await boot(ROOT);
  });
  after(() => pack.close());

  const evaluate = (props: Props): Promise<Diagnostic[]> =>
    pack.analyze(block("door", "data", { props: { skipDestroy: true, ...props } }));
  const open = (gaps: [flag: string, state: string][]): Diagnostic =>
    violation(
      POLICY,
      urn("door", BLOCK),
      "Public access block 'door' doesn't have the four flags on.",
      ...gaps.map(([flag, state]) => `  ${flag} ${state}`),
      "In 'door', set",
      ...gaps.map(([flag]) => `      ${flag}: true,`),
    );

  it("evaluates the four flags of the list", () => {
    const listed = doorsOf(POLICY).map(({ type, property }) => `${type} ${property}`);
    expect(listed.sort()).to.deep.equal(FLAGS.map((flag) => `${BLOCK} ${flag}`).sort());
  });

  it("passes a block that has the four flags on, also as secrets", async () => {
    const secrets = Object.fromEntries(FLAGS.map((flag) => [flag, secret(true)]));
    for (const props of [secrets, { ...ON }, { ...ON, bucket: UNKNOWN }] as Props[]) {
      expect(await evaluate(props)).to.deep.equal([]);
    }
  });

  for (const flag of FLAGS) {
    it(`blocks one whose ${flag} isn't on`, async () => {
      const states: [Value, string][] = [
        [false, OFF],
        [secret(false), OFF],
        [null, UNSET],
        [UNKNOWN, UNVERIFIED],
        ["true", "is not a boolean"],
        [1, "is not a boolean"],
      ];
      for (const [value, state] of states) {
        expect(await evaluate({ ...ON, [flag]: value }), state).to.deep.equal([open([[flag, state]])]);
      }
      const without = Object.fromEntries(Object.entries(ON).filter(([key]) => key !== flag));
      expect(await evaluate(without)).to.deep.equal([open([[flag, UNSET]])]);
    });
  }

  it("has nothing to say where --target leaves the block out", async () => {
    expect(await pack.analyze(block("door", "data", { props: {} }))).to.deep.equal([]);
  });

  it("blocks one of which nothing is known, since its provider has an unknown setting", async () => {
    expect(await pack.analyze(byUnknownProvider(block("door", "data", { props: {} })))).to.deep.equal([
      open(FLAGS.map((flag) => [flag, UNSET])),
    ]);
  });
});
