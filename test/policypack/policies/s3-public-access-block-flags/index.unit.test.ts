import { expect } from "chai";
import {
  UNKNOWN,
  type Diagnostic,
  type Props,
  type Resource,
  type Value,
} from "../../../../harness/engine/analyzer";
import { PolicyTester } from "../../../../harness/policy-tester";
import { BLOCK, block, ON, urn } from "../../resources";
import { byUnknownProvider, doorsOf, ROOT, violation } from "../doors";
import { each, FLAGS, gapLines, testFourFlags, UNSET, type Gap } from "../four-flags";

const POLICY = "s3-public-access-block-flags";

describe(POLICY, () => {
  // In a preview it waits for the end of it.
  const tester = new PolicyTester(ROOT, { stack: { dryRun: false } });

  const door = (props: Props): Resource => block("door", "data", { props });
  const finding = (gaps: Gap[]): Diagnostic =>
    violation(
      POLICY,
      urn("door", BLOCK),
      "Public access block 'door' doesn't have the four flags on.",
      ...gapLines(gaps, "In 'door', set"),
    );

  it("evaluates the four flags of the list", () => {
    const listed = doorsOf(POLICY).map(({ type, property }) => `${type} ${property}`);
    expect(listed.sort()).to.deep.equal(FLAGS.map((flag) => `${BLOCK} ${flag}`).sort());
  });

  testFourFlags({
    expectOf: (flags, diagnostics, why) =>
      tester.expect(door({ skipDestroy: true, ...flags }), diagnostics, why),
    finding,
  });

  it("passes one of any bucket", async () => {
    for (const bucket of ["data", UNKNOWN] as Value[])
      await tester.expect(door({ ...ON, bucket, skipDestroy: true }), []);
  });

  it("has nothing to say where --target leaves the block out", async () => {
    await tester.expect(door({}), []);
  });

  it("blocks one whose flags are not known, since its provider has an unknown argument", async () => {
    await tester.expect(byUnknownProvider(door({ skipDestroy: true })), [finding(each(UNSET))]);
  });
});
