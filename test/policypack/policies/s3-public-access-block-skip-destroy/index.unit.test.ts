import { expect } from "chai";
import { secret, UNKNOWN, type Diagnostic, type Resource } from "../../../../harness/engine/analyzer";
import { PolicyTester } from "../../../../harness/policy-tester";
import { BLOCK, block, entry, SAY_WHY, bucket, known, ON, provider, urn } from "../../resources";
import { byUnknownProvider, ROOT } from "../doors";

const POLICY = "s3-public-access-block-skip-destroy";

const explicit = (version: string) => provider({ region: "eu-west-1", version }, "mine");
const OLD = [provider({ region: "eu-west-1" }, "default_6_83_4"), explicit("6.83.4"), explicit("7.1.0")];
const SILENT = [...OLD, provider({ region: "eu-west-1" }, "mine")];
const NEW = [known, explicit("7.2.0"), provider({ region: "eu-west-1" }, "default_7_2_0")];

const found = (state: string): Diagnostic => ({
  policy: POLICY,
  level: "advisory",
  urn: urn("lock", BLOCK),
  message: [
    `Public access block 'lock' ${state}: renamed or moved, it opens its bucket.`,
    "Pulumi makes the new block first and then deletes the old one. In S3 they are one, and the delete wins.",
    "In 'lock', set",
    "      skipDestroy: true,",
    `If it may go, ${SAY_WHY}`,
    entry(POLICY, urn("lock", BLOCK)),
  ].join("\n"),
  severity: "medium",
});

const lock = (skipDestroy: unknown, change: Partial<Resource> = {}): Resource => {
  const props: Resource["props"] = { bucket: UNKNOWN, region: "eu-west-1", ...ON };
  const given = skipDestroy === undefined ? props : ({ ...props, skipDestroy } as Resource["props"]);
  return block("lock", "data", { props: given, ...change });
};

describe(POLICY, () => {
  const tester = new PolicyTester(ROOT);
  afterEach(() => tester.pack.configure({}));

  it("has nothing to say of a block that stays, also as a secret", async () => {
    for (const value of [true, secret(true)]) await tester.expect(lock(value), []);
  });

  it("names a block that doesn't, by every provider that knows skipDestroy", async () => {
    for (const by of NEW) {
      for (const value of [undefined, false, null, "true", secret(false)]) {
        await tester.expect(lock(value, { provider: by }), [found("has no skipDestroy")]);
      }
      await tester.expect(lock(UNKNOWN, { provider: by }), [
        found("has a skipDestroy that isn't known before the update"),
      ]);
    }
  });

  it("notes, at every level, another way to keep it where the provider doesn't know skipDestroy, or may not", async () => {
    const note = {
      ...found(""),
      message: [
        "Public access block 'lock' goes with its resource: renamed or moved, it opens its bucket.",
        "Pulumi makes the new block first and then deletes the old one. In S3 they are one, and the delete wins.",
        "Upgrade to @pulumi/aws 7.2 or newer, which has skipDestroy. Until then, set in the options of 'lock'",
        "      retainOnDelete: true,",
        "Policies can't see that option, so this note stays. An alias also prevents the delete.",
      ].join("\n"),
    };
    for (const level of ["advisory", "mandatory"] as const) {
      await tester.pack.configure({ [POLICY]: { level } });
      for (const by of SILENT) await tester.expect(lock(undefined, { provider: by }), [note]);
      await tester.expect(byUnknownProvider(lock(undefined)), [note]);
      await tester.expect(lock(true, { provider: OLD[0] } as Partial<Resource>), []);
    }
  });

  it("has nothing to say of a block that --target leaves out", async () => {
    await tester.expect(block("lock", "data", { props: {} }), []);
  });

  it("turns it on at the level remediate, and nothing else", async () => {
    await tester.pack.configure({ [POLICY]: { level: "remediate" } });
    const weak = lock(false, { props: { ...lock(false).props, ignorePublicAcls: false } });
    const [remedy, ...others] = await tester.pack.remediate(weak);
    expect(others).to.deep.equal([]);
    expect(remedy?.props).to.deep.equal({ ...weak.props, skipDestroy: true });
    expect(await tester.pack.remediate(lock(true))).to.deep.equal([]);
    for (const by of SILENT) {
      expect(await tester.pack.remediate(lock(undefined, { provider: by }))).to.deep.equal([]);
    }
  });

  it("turns it on with the flags, where the provider knows it, at the level remediate of these", async () => {
    await tester.pack.configure({ "s3-public-access-block-flags": { level: "remediate" } });
    const weak = (by: Resource["provider"]): Resource =>
      lock(undefined, { props: { bucket: UNKNOWN, ignorePublicAcls: false }, ...(by && { provider: by }) });
    for (const by of NEW) {
      const [remedy] = await tester.pack.remediate(weak(by));
      expect(remedy?.props).to.deep.equal({ bucket: UNKNOWN, ...ON, skipDestroy: true });
    }
    for (const by of SILENT) {
      const [remedy] = await tester.pack.remediate(weak(by));
      expect(remedy?.props).to.deep.equal({ bucket: UNKNOWN, ...ON });
      expect(await tester.pack.remediate(lock(undefined, { provider: by }))).to.deep.equal([]);
    }
  });
});

describe("What s3-bucket-public-access-block says of what may go", () => {
  const BUCKET_POLICY = "s3-bucket-public-access-block";
  const tester = new PolicyTester(ROOT);

  const second = (change: Partial<Resource> = {}, skipDestroy = false): Resource =>
    block("second", "data", change, { skipDestroy });
  const note = (...fix: string[]): Diagnostic => ({
    policy: BUCKET_POLICY,
    level: "advisory",
    urn: urn("data"),
    message: [
      "Bucket 'data' has more than one public access block: 'lock' and 'second'.",
      "In S3 they are one: when one of them leaves the program, the bucket is open.",
      ...fix,
    ].join("\n"),
    severity: "high",
  });

  it("is a note where two blocks are proven to target a bucket, and one of them doesn't stay", async () => {
    expect(await tester.pack.analyzeStack([bucket("data"), second(), lock(true)])).to.deep.equal([
      note("To keep only one, first set in the others, and deploy", "      skipDestroy: true,"),
    ]);
  });

  it("doesn't tell to set what the provider doesn't know", async () => {
    for (const by of SILENT) {
      const stack = [bucket("data"), lock(undefined), second()].map((each) => ({ ...each, provider: by }));
      expect(await tester.pack.analyzeStack(stack)).to.deep.equal([
        note("To keep only one, first take the others out of the state: pulumi state delete URN"),
      ]);
    }
  });

  it("is nothing where all of them stay, one isn't proven to target it, or it is told of twice", async () => {
    const unproven = second({ propertyDependencies: { bucket: [urn("data"), urn("other")] } });
    const elsewhere = second({ propertyDependencies: { bucket: [urn("other")] } });
    const alone = lock(undefined);
    for (const stack of [
      [lock(true), second({}, true)],
      [alone, unproven],
      [alone, elsewhere],
      [alone, alone],
    ]) {
      await tester.expectOfStack([bucket("data"), ...stack], []);
    }
  });

  it("has skipDestroy in the code of a block only where the provider knows it", async () => {
    const code = async (by: Resource["provider"]): Promise<boolean | undefined> => {
      const [violation] = await tester.pack.analyzeStack([bucket("data", by && { provider: by })]);
      return violation?.message.includes("          skipDestroy: true,\n      }");
    };
    for (const by of NEW) expect(await code(by)).to.equal(true);
    for (const by of SILENT) expect(await code(by)).to.equal(false);
  });

  it("tells of blocks that are made inside apply only while the bucket isn't made", async () => {
    const line = "A block that is made inside apply isn't seen before the bucket exists: make it outside.";
    const says = async (id: Resource["props"]): Promise<boolean | undefined> => {
      const { props } = bucket("data");
      const [violation] = await tester.pack.analyzeStack([bucket("data", { props: { ...props, ...id } })]);
      return violation?.message.split("\n").includes(line);
    };
    expect([await says({}), await says({ id: UNKNOWN })]).to.deep.equal([true, true]);
    expect(await says({ id: "data-1a2b3c4" })).to.equal(false);
  });
});
