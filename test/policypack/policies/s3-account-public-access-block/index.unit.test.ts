import { expect } from "chai";
import { UNKNOWN, type Diagnostic, type Value } from "../../../../harness/engine/analyzer";
import { PolicyTester } from "../../../../harness/policy-tester";
import { ON, urn } from "../../resources";
import { byUnknownProvider, door, doorsOf, ROOT, violation } from "../doors";
import { each, FLAGS, gapLines, testFourFlags, UNSET, type Gap } from "../four-flags";

const POLICY = "s3-account-public-access-block";
const TYPE = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";

describe(POLICY, () => {
  const tester = new PolicyTester(ROOT);

  const finding = (gaps: Gap[]): Diagnostic =>
    violation(
      POLICY,
      urn("door", TYPE),
      "The account's public access block 'door' doesn't have the four flags on.",
      ...gapLines(gaps, "In 'door', set"),
    );

  it("evaluates the four flags of the list", () => {
    const listed = doorsOf(POLICY).map(({ type, property }) => `${type} ${property}`);
    expect(listed.sort()).to.deep.equal(FLAGS.map((flag) => `${TYPE} ${flag}`).sort());
  });

  testFourFlags({
    expectOf: (flags, diagnostics, why) => tester.expect(door(TYPE, flags), diagnostics, why),
    finding,
  });

  it("passes one of any account", async () => {
    for (const accountId of ["123456789012", UNKNOWN] as Value[])
      await tester.expect(door(TYPE, { ...ON, accountId }), []);
  });

  it("has nothing to say where --target leaves the block out", async () => {
    await tester.expect(door(TYPE, {}), []);
  });

  it("blocks one of which nothing is known, since its provider has an unknown argument", async () => {
    await tester.expect(byUnknownProvider(door(TYPE, {})), [finding(each(UNSET))]);
  });

  it("evaluates no other type", async () => {
    await tester.expect(door("aws:s3/bucketVersioning:BucketVersioning", { bucket: "data" }), []);
  });
});
