import { expect } from "chai";
import {
  secret,
  UNKNOWN,
  type Diagnostic,
  type Props,
  type Resource,
  type Value,
} from "../../../../harness/engine/analyzer";
import { PolicyTester } from "../../../../harness/policy-tester";
import { BLOCK, block, bucket, known, ON, provider, urn } from "../../resources";
import { alsoExempt, byUnknownProvider, doorsOf, note, ROOT, violation } from "../doors";
import { each, FLAGS, gapLines, OFF, testFourFlags, UNSET, UNVERIFIED, type Gap } from "../four-flags";

// Buckets and blocks of @pulumi/aws are in pack.test.ts; these are the buckets of @pulumi/aws-native.

const POLICY = "s3-bucket-public-access-block";
const NATIVE = "aws-native:s3:Bucket";
const FLAGS_POLICY = "s3-public-access-block-flags";
const ACCEPTING = { [POLICY]: { props: { acceptAccountPublicAccessBlock: true } } };
/** A bucket that is named data-1a2b3c4, with an inline block. */
function native(publicAccessBlockConfiguration: Value, name = "data", props: Props = {}): Resource {
  return bucket(name, {
    type: NATIVE,
    provider: provider({ region: "eu-west-1" }, "native"),
    props: { bucketName: `${name}-1a2b3c4`, arn: UNKNOWN, publicAccessBlockConfiguration, ...props },
  });
}

/** A block of @pulumi/aws whose bucket is `native.bucketName`, by a provider in the same partition. */
function locked(target: Resource, props: Props = {}): Resource {
  const propertyDependencies = { bucket: [target.urn] };
  return block("lock", "none", { dependencies: [target.urn], propertyDependencies }, props);
}

const open = (name: string, ...lines: string[]): Diagnostic => {
  const [first = "", ...rest] = lines;
  const head = `Bucket '${name}' can be opened to the public: ${first}`;
  return violation(POLICY, urn(name, NATIVE), head, ...rest);
};

const gapsIn = (name: string, gaps: Gap[]): string[] => gapLines(gaps, `In '${name}', set`);

const weak = (gaps: Gap[]): Diagnostic =>
  open("data", "its publicAccessBlockConfiguration doesn't have the four flags on.", ...gapsIn("data", gaps));

const noBlock = (name: string): Diagnostic =>
  open(
    name,
    "no public access block targets it.",
    "Add one:",
    "      publicAccessBlockConfiguration: {",
    ...FLAGS.map((flag) => `          ${flag}: true,`),
    "      },",
  );

describe(`${POLICY}, of a bucket of aws-native`, () => {
  const tester = new PolicyTester(ROOT);

  const evaluate = tester.analyzeStack;

  it("is in the list", () => {
    expect(doorsOf(POLICY)).to.deep.include({ type: NATIVE, property: "publicAccessBlockConfiguration" });
  });

  testFourFlags({
    expectOf: (flags, diagnostics, why) => tester.expectOfStack([native(flags)], diagnostics, why),
    finding: weak,
  });

  it("passes one whose block is a secret", async () => {
    await tester.expectOfStack([native(secret(ON))], []);
  });

  it("passes one that the provider names at the update only", async () => {
    expect(await evaluate(native(ON, "data", { bucketName: UNKNOWN }))).to.deep.equal([]);
  });

  it("blocks one whose block isn't known yet", async () => {
    expect(await evaluate(native(UNKNOWN))).to.deep.equal([weak(each(UNVERIFIED))]);
  });

  it("blocks one whose block is empty, or can't be one", async () => {
    for (const value of [{}, true, "yes", 1, false, "", [], [ON]]) {
      expect(await evaluate(native(value)), JSON.stringify(value)).to.deep.equal([weak(each(UNSET))]);
    }
  });

  it("blocks one without a block, and gives the code of it", async () => {
    const { publicAccessBlockConfiguration, ...props } = native(null).props;
    expect(publicAccessBlockConfiguration).to.equal(null);
    for (const without of [native(null), { ...native(null), props }]) {
      expect(await evaluate(without)).to.deep.equal([noBlock("data")]);
    }
  });

  it("doesn't take one bucket's block for another's", async () => {
    expect(await evaluate(native(ON), native(null, "logs"))).to.deep.equal([noBlock("logs")]);
    const nameless: Props = { bucketName: UNKNOWN };
    expect(await evaluate(native(ON, "data", nameless), native(null, "logs", nameless))).to.deep.equal([
      noBlock("logs"),
    ]);
  });

  it("passes one that a block of aws targets, by reference or by name", async () => {
    const target = native(null);
    const byName = locked(target, { bucket: "data-1a2b3c4" });
    for (const lock of [locked(target), byName, { ...byName, propertyDependencies: {} }]) {
      expect(await evaluate(target, lock)).to.deep.equal([]);
    }
    const nameless = native(null, "data", { bucketName: UNKNOWN });
    expect(await evaluate(nameless, locked(nameless))).to.deep.equal([]);
  });

  it("wants both blocks on where a block of aws targets one that has its own, since the last write stays", async () => {
    const target = native(ON);
    expect(await evaluate(target, locked(target))).to.deep.equal([
      note(
        POLICY,
        target.urn,
        [
          "Bucket 'data' has more than one public access block: 'data' and 'lock'.",
          "In S3 they are one: when one of them leaves the program, the bucket is open.",
          "To keep only one, first take the others out of the state: pulumi state delete URN",
        ].join("\n"),
      ),
    ]);
    expect(await evaluate(target, locked(target, { blockPublicAcls: false }))).to.deep.equal([
      alsoExempt(
        open(
          "data",
          "public access block 'lock' doesn't have the four flags on.",
          ...gapsIn("lock", [["blockPublicAcls", OFF]]),
        ),
        [FLAGS_POLICY, urn("lock", BLOCK)],
      ),
    ]);
    const half = native({ ...ON, ignorePublicAcls: false });
    expect(await evaluate(half, locked(half))).to.deep.equal([weak([["ignorePublicAcls", OFF]])]);
    expect(await evaluate(half, locked(half, { blockPublicAcls: false }))).to.deep.equal([
      alsoExempt(
        open(
          "data",
          "public access block 'data' and 'lock' don't have the four flags on.",
          ...gapsIn("data", [["ignorePublicAcls", OFF]]),
          ...gapsIn("lock", [["blockPublicAcls", OFF]]),
        ),
        [FLAGS_POLICY, urn("lock", BLOCK)],
      ),
    ]);
  });

  it("is not led to pass by a block of aws in another partition, or by one for another name", async () => {
    const target = native(null);
    const china = { ...locked(target), provider: provider({ region: "cn-north-1" }, "china") };
    delete china.props.region;
    expect(await evaluate(target, china)).to.deep.equal([noBlock("data")]);
    expect(await evaluate(target, locked(target, { bucket: "data-1a2b3c4-logs" }))).to.deep.equal([
      open(
        "data",
        "public access block 'lock' is made from it, and targets another name.",
        "If it is for this bucket, where yourBucket is the variable that holds the bucket:",
        "      bucket: yourBucket.id,",
      ),
    ]);
  });

  it("evaluates the inputs where its provider can't be asked at preview", async () => {
    const [on, off] = [native(ON), native({ ...ON, blockPublicPolicy: false })].map(byUnknownProvider);
    for (const [inputs, expected] of [
      [on, []],
      [off, [weak([["blockPublicPolicy", OFF]])]],
    ] as [Resource, Diagnostic[]][]) {
      expect(await tester.analyze(inputs)).to.deep.equal([]);
      expect(await evaluate({ ...inputs, props: {} })).to.deep.equal(expected);
    }
  });

  it("has nothing to say of one that --target leaves out", async () => {
    const left = bucket("left", { type: NATIVE, props: {}, provider: known });
    await tester.expect(left, []);
    await tester.expectOfStack([left], []);
  });

  it("doesn't take an account's block by a provider of aws for one of the bucket's account", async () => {
    const type = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
    const account = bucket("account", { type, props: { ...ON } });
    await tester.configured(ACCEPTING, async () => {
      await tester.analyze(account);
      expect(await evaluate(native(null), account)).to.deep.equal([noBlock("data")]);
      expect(await evaluate(bucket("plain"), account)).to.deep.equal([]);
    });
  });

  it("takes an account's block for the bucket's own only where all that proves it is shown", async () => {
    const type = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
    const account = (name: string, props: Props, more: Partial<Resource> = {}) =>
      bucket(name, { type, props, ...more });
    const plain = bucket("plain");
    const { provider: none, ...orphan } = account("orphan", ON);
    const { provider: neither, ...alone } = plain;
    expect([none, neither]).to.deep.equal([known, known]);
    const unknown: Props = { ...ON, ignorePublicAcls: UNKNOWN };
    const stacks: [string, Resource | undefined, Resource, Resource, string[]][] = [
      [
        "the inputs weren't shown, and may name another account",
        undefined,
        account("unseen", ON),
        plain,
        [plain.urn],
      ],
      ["flags are known from the outputs", account("a", unknown), account("a", ON), plain, []],
      ["flags are still unknown", account("b", unknown), account("b", unknown), plain, [plain.urn]],
      [
        "an output is off",
        account("c", ON),
        account("c", { ...ON, blockPublicAcls: false }),
        plain,
        [plain.urn],
      ],
      [
        "an input is off",
        account("d", { ...ON, blockPublicAcls: false }),
        account("d", ON),
        plain,
        [plain.urn],
      ],
      ["neither has a provider: both are components", orphan, orphan, alone, []],
    ];
    await tester.configured(ACCEPTING, async () => {
      for (const [title, inputs, outputs, target, open] of stacks) {
        if (inputs !== undefined) await tester.analyze(inputs);
        const found = (await evaluate(target, outputs)).map(({ urn: at }) => at);
        expect(found, title).to.deep.equal(open);
      }
    });
  });
});
