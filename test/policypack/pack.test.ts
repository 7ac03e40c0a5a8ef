import path from "node:path";
import { expect } from "chai";
import {
  boot,
  secret,
  UNKNOWN,
  type Analyzer,
  type Diagnostic,
  type Props,
  type Resource,
  type Value,
} from "../../harness/engine/analyzer";
import { BLOCK, block, bucket, BUCKET, entry, ON, provider, SAY_WHY, urn } from "./resources";

const ROOT = path.resolve(__dirname, "../..");

/** What is wrong with which resource: the violations' URNs and first lines. */
function found(diagnostics: Diagnostic[]): [string, string][] {
  return diagnostics.map(({ urn: at, message }) => [
    at.split("::").slice(3).join("::"),
    message.split("\n")[0] ?? "",
  ]);
}

const open = (name: string, why: string): [string, string] => [
  name,
  `Bucket '${name}' can be opened to the public: ${why}`,
];
const noBlock = (name: string): [string, string] => open(name, "no public access block targets it.");
const unproven = (name: string, by: string): [string, string] =>
  open(name, `it can't be verified that public access block '${by}' targets it.`);
const weak = (name: string, by: string): [string, string] =>
  open(name, `public access block '${by}' doesn't have the four flags on.`);
/** What is said of a block called lock where nothing is said of its bucket. */
const flagsOff = ["lock", "Public access block 'lock' doesn't have the four flags on."];

describe("The pack, as the engine talks to it", () => {
  let pack: Analyzer;
  before(async () => {
    pack = await boot(ROOT);
  });
  after(() => pack.close());

  /** A preview: the inputs of each resource, then the outputs of them all. */
  async function preview(outputs: Resource[], inputs: Resource[] = outputs): Promise<[string, string][]> {
    for (const resource of inputs) await pack.analyze(resource);
    return found(await pack.analyzeStack(outputs));
  }

  it("tells what it is", async () => {
    const { name, policies } = await pack.info();
    expect(name).to.equal("s3-public-access-block");
    const told = policies.map((policy) => [policy.name, policy.level]);
    expect(told).to.deep.equal([
      ["s3-bucket-public-access-block", "mandatory"],
      ["s3-public-access-block-flags", "mandatory"],
      ["s3-public-access-block-skip-destroy", "advisory"],
      ["s3-account-public-access-block", "mandatory"],
      ["s3-access-point-public-access-block", "mandatory"],
      ["s3-no-public-acl", "mandatory"],
      ["s3-no-public-folder", "mandatory"],
      ["s3-no-public-bucket-policy", "mandatory"],
    ]);
  });

  it("passes a locked bucket at its first preview, when the block's bucket is unknown", async () => {
    expect(await preview([bucket("data"), block("lock", "data")])).to.deep.equal([]);
  });

  it("passes a locked bucket later, when the block's bucket is known", async () => {
    expect(
      await preview([bucket("data"), block("lock", "data", {}, { bucket: "data-1a2b3c4" })]),
    ).to.deep.equal([]);
  });

  it("passes a block that names the bucket by a literal, with no dependency on it", async () => {
    const literal = block(
      "lock",
      "data",
      { dependencies: [], propertyDependencies: {} },
      { bucket: "data-1a2b3c4" },
    );
    expect(await preview([bucket("data"), literal])).to.deep.equal([]);
  });

  it("passes a secret name and secret flags", async () => {
    const on = Object.fromEntries(Object.entries(ON).map(([flag, value]) => [flag, secret(value)]));
    const names = { bucket: secret("data-1a2b3c4") };
    const secretive = block("lock", "data", { propertyDependencies: {} }, { ...on, ...names });
    expect(await preview([bucket("data", { props: names }), secretive])).to.deep.equal([]);
  });

  it("blocks a bucket without a block, of either type", async () => {
    const v2 = bucket("old", { type: "aws:s3/bucketV2:BucketV2" });
    expect(await preview([bucket("data"), v2])).to.deep.equal([noBlock("data"), noBlock("old")]);
  });

  it("passes what can't be public: directory, table and vector buckets", async () => {
    const types = [
      "aws:s3/directoryBucket:DirectoryBucket",
      "aws:s3tables/tableBucket:TableBucket",
      "aws:s3/vectorsVectorBucket:VectorsVectorBucket",
    ];
    expect(await preview(types.map((type) => bucket("special", { type })))).to.deep.equal([]);
  });

  it("is not led to pass by a dependency that isn't the block's bucket", async () => {
    const others: Partial<Resource>[] = [
      { propertyDependencies: {} },
      { propertyDependencies: { blockPublicAcls: [urn("data")] } },
      { parent: urn("data"), dependencies: [], propertyDependencies: {} },
    ];
    for (const other of others) {
      expect(await preview([bucket("data"), block("lock", "data", other)])).to.deep.equal([
        unproven("data", "lock"),
      ]);
    }
  });

  it("sees that a block's bucket comes from another one too, even if that is only read", async () => {
    const both = block("lock", "data", { propertyDependencies: { bucket: [urn("data"), urn("read")] } });
    expect(await preview([bucket("data"), both])).to.deep.equal([unproven("data", "lock")]);
  });

  it("follows the bucket's name through what belongs to the bucket", async () => {
    const type = "aws:s3/bucketPolicy:BucketPolicy";
    const policy = block("policy", "data", { type, urn: urn("policy", type), props: { bucket: UNKNOWN } });
    const through = block("lock", "data", { propertyDependencies: { bucket: [policy.urn] } });
    expect(await preview([bucket("data"), policy, through])).to.deep.equal([]);
    const object = { ...policy, type: "aws:s3/bucketObject:BucketObject" };
    expect(await preview([bucket("data"), object, through])).to.deep.equal([noBlock("data")]);
  });

  it("can't tell the bucket that logs go to from the one that they are of", async () => {
    const type = "aws:s3/bucketLogging:BucketLogging";
    const logging = (targets: string[], targetBucket: Value): Resource => {
      const propertyDependencies = { bucket: [urn("data")], targetBucket: targets };
      const props: Props = { bucket: UNKNOWN, targetBucket };
      return block("logging", "data", { type, urn: urn("logging", type), props, propertyDependencies });
    };
    const through = block("lock", "data", { propertyDependencies: { bucket: [urn("logging", type)] } });
    const known = { ...through, props: { ...through.props, bucket: "data-1a2b3c4" } };
    for (const each of [logging([urn("logs")], UNKNOWN), logging([], "logs"), logging([], UNKNOWN)]) {
      expect(await preview([bucket("data"), each, through])).to.deep.equal([unproven("data", "lock")]);
      expect(await preview([bucket("data"), each, known])).to.deep.equal([]);
    }
    const both = [bucket("data"), bucket("logs"), logging([urn("logs")], UNKNOWN), through];
    expect(await preview(both)).to.deep.equal([unproven("data", "lock"), unproven("logs", "lock")]);
  });

  it("evaluates by its outputs a resource that has no inputs, once", async () => {
    const lacking = (outputs: Resource[]): Promise<[string, string][]> =>
      Promise.all(outputs.map((resource) => pack.analyze({ ...resource, props: {} }))).then(async (said) =>
        found([...said.flat(), ...(await pack.analyzeStack(outputs))]),
      );
    const name = { bucket: "data-1a2b3c4" };
    const data = bucket("data", { props: { ...name, arn: "arn:aws:s3:::data-1a2b3c4" } });
    expect(await lacking([data, block("lock", "data", {}, name)])).to.deep.equal([]);
    const off = block("lock", "data", {}, { ...name, ignorePublicAcls: false });
    const type = "aws:s3/bucketAcl:BucketAcl";
    const acl = block("acl", "data", { type, urn: urn("acl", type), props: { ...name, acl: "public-read" } });
    expect((await lacking([data, off, acl])).sort()).to.deep.equal([
      ["acl", "The ACL of 'acl' is public: the canned ACL public-read."],
      weak("data", "lock"),
    ]);
    expect(await lacking([off])).to.deep.equal([flagsOff]);
  });

  it("tells the S3 of AWS from another one", async () => {
    const at = (endpoint: Value, name: string) => {
      return { provider: provider({ region: "eu-west-1", endpoints: endpoint }, name) };
    };
    const local = at('[{"s3":"http://localhost:4566"}]', "local");
    const same = at('[{"s3":"http://localhost:4566/"}]', "same");
    const unknown = at(UNKNOWN, "unknown");
    const names = { bucket: "data-1a2b3c4" };
    const literal = (change: Partial<Resource>): Resource =>
      block("lock", "data", { propertyDependencies: {}, ...change }, names);
    expect(await preview([bucket("data"), literal(local)])).to.deep.equal([noBlock("data")]);
    expect(await preview([bucket("data"), block("lock", "data", local)])).to.deep.equal([noBlock("data")]);
    expect(await preview([bucket("data"), literal(unknown)])).to.deep.equal([unproven("data", "lock")]);
    expect(await preview([bucket("data", local), literal({})])).to.deep.equal([noBlock("data")]);
    expect(await preview([bucket("data", local), literal(same)])).to.deep.equal([]);
    expect(await preview([bucket("data", unknown), literal(unknown)])).to.deep.equal([]);
  });

  it("evaluates by the inputs where the outputs are empty, since the provider has an unknown argument", async () => {
    const unknown = { provider: provider({ region: UNKNOWN }, "explicit") };
    const inputs = [bucket("data", { props: {}, ...unknown }), block("lock", "data", unknown)];
    const outputs = inputs.map((resource) => ({ ...resource, props: {} }));
    expect(await preview(outputs, inputs)).to.deep.equal([]);
    const props: Props = { ...ON, ignorePublicAcls: false, bucket: UNKNOWN };
    const off = inputs.map((resource) => (resource.type === BLOCK ? { ...resource, props } : resource));
    expect(await preview(outputs, off)).to.deep.equal([weak("data", "lock")]);
    expect(await preview(outputs.slice(0, 1), inputs.slice(0, 1))).to.deep.equal([noBlock("data")]);
  });

  it("goes by the reference where a provider that can't be asked says nothing of a bucket that has a name already", async () => {
    const unknown = { provider: provider({ region: UNKNOWN }, "explicit") };
    const inputs = [
      bucket("data", { ...unknown, props: {} }),
      block("lock", "data", unknown, { bucket: "data-1a2b3c4" }),
    ];
    const outputs = inputs.map((resource) => ({ ...resource, props: {} }));
    expect(await preview(outputs, inputs)).to.deep.equal([]);
    const kept = outputs.map((resource) => ({ ...resource, options: { ignoreChanges: ["bucket"] } }));
    expect(await preview(kept, inputs)).to.deep.equal([unproven("data", "lock")]);
  });

  it("doesn't take the name that a bucket had for the one that it will have", async () => {
    const replaced = bucket("data", { props: { bucket: UNKNOWN, region: "eu-west-1" } });
    const kept = block("lock", "data", {}, { bucket: "data-1a2b3c4" });
    expect(await preview([replaced, kept])).to.deep.equal([unproven("data", "lock")]);
  });

  it("evaluates a name by the inputs where the outputs are empty", async () => {
    const inputs = [
      bucket("data"),
      block("lock", "data", { propertyDependencies: {} }, { bucket: "data-1a2b3c4" }),
    ];
    const outputs = inputs.map((resource) => ({ ...resource, props: {} }));
    expect(await preview(outputs, inputs)).to.deep.equal([]);
  });

  it("blocks a bucket whose block --target leaves out, and says so", async () => {
    const left = block("lock", "data", { props: {} });
    expect(await preview([bucket("data"), left])).to.deep.equal([
      open("data", "--target or --exclude leaves its public access block 'lock' out of this run."),
    ]);
    expect(found(await pack.analyze(left))).to.deep.equal([]);
  });

  it("passes a locked bucket that --target leaves out together with its block", async () => {
    expect(
      await preview([bucket("data", { props: {} }), block("lock", "data", { props: {} })]),
    ).to.deep.equal([]);
  });

  it("doesn't take a flag for on that is unknown, and doesn't lose the other violations over it", async () => {
    const unknown = block("lock", "data", {}, { ignorePublicAcls: UNKNOWN });
    expect(await preview([bucket("data"), unknown, bucket("logs")])).to.deep.equal([
      weak("data", "lock"),
      noBlock("logs"),
    ]);
    expect(await preview([unknown])).to.deep.equal([flagsOff]);
  });

  it("names the block, each flag that isn't on, and the code that fixes it", async () => {
    const props: Props = {
      bucket: UNKNOWN,
      blockPublicAcls: false,
      ignorePublicAcls: "true",
      blockPublicPolicy: UNKNOWN,
    };
    const [violation] = await pack.analyzeStack([bucket("models"), block("modelsLock", "models", { props })]);
    expect(violation?.message.split("\n")).to.deep.equal([
      "Bucket 'models' can be opened to the public: public access block 'modelsLock' doesn't have the four flags on.",
      "  blockPublicAcls is false, which is also what it is when left out",
      "  ignorePublicAcls is not a boolean",
      "  blockPublicPolicy can't be verified: its value isn't known before the update",
      "  restrictPublicBuckets is left out, which means false",
      "In 'modelsLock', set",
      "      blockPublicAcls: true,",
      "      ignorePublicAcls: true,",
      "      blockPublicPolicy: true,",
      "      restrictPublicBuckets: true,",
      `If it must be public, ${SAY_WHY}`,
      ...entry("s3-bucket-public-access-block", urn("models"), [
        "s3-public-access-block-flags",
        urn("modelsLock", BLOCK),
      ]).split("\n"),
    ]);
  });

  it("gives the code of a block for a bucket that has none", async () => {
    const [violation] = await pack.analyzeStack([bucket("my-data")]);
    expect(violation?.message.split("\n").slice(1, -3)).to.deep.equal([
      "A block that is made inside apply isn't seen before the bucket exists: make it outside.",
      "Add one, where yourBucket is the variable that holds the bucket:",
      '      new aws.s3.BucketPublicAccessBlock("my-dataAccessBlock", {',
      "          bucket: yourBucket.id,",
      "          blockPublicAcls: true,",
      "          ignorePublicAcls: true,",
      "          blockPublicPolicy: true,",
      "          restrictPublicBuckets: true,",
      "          skipDestroy: true,",
      "      });",
    ]);
  });

  it("tells what proves that a block targets the bucket, what to add to --target, and how to name the bucket", async () => {
    const lines = async (...blocks: Resource[]): Promise<string[] | undefined> => {
      const [violation, ...others] = await pack.analyzeStack([bucket("my-data"), ...blocks]);
      expect(others).to.deep.equal([]);
      return violation?.message.split("\n").slice(0, -3);
    };
    const from = (...names: string[]): Partial<Resource> => ({
      propertyDependencies: { bucket: names.map((name) => urn(name)) },
    });
    const subject = "Bucket 'my-data' can be opened to the public:";
    const of = (name: string, more: Partial<Resource>, props: Props = {}) =>
      block(name, "my-data", more, props);
    expect(await lines(of("b", from("my-data", "logs")), of("a", from("my-data", "logs")))).to.deep.equal([
      `${subject} it can't be verified that public access block 'a' and 'b' targets it.`,
      "Name the bucket there, nothing else, where yourBucket is the variable that holds the bucket:",
      "      bucket: yourBucket.bucket,",
    ]);
    expect(await lines(of("lock", {}, { bucket: "my-data-1a2b3c4-logs" }))).to.deep.equal([
      `${subject} public access block 'lock' is made from it, and targets another name.`,
      "If it is for this bucket, where yourBucket is the variable that holds the bucket:",
      "      bucket: yourBucket.id,",
    ]);
    expect(await lines(of("left", { props: {} }))).to.deep.equal([
      `${subject} --target or --exclude leaves its public access block 'left' out of this run.`,
      "Include it: add its URN to --target, or remove the --exclude that matches it.",
      `      ${urn("left", BLOCK)}`,
    ]);
  });

  it("reads a name out of an ARN that is a bucket's, and out of no other", async () => {
    const lock = block("lock", "data", { propertyDependencies: {} }, { bucket: "data-1a2b3c4" });
    const byArn = (arn: string) => bucket("data", { props: { bucket: UNKNOWN, arn } });
    const none = [unproven("data", "lock"), noBlock("data")];
    expect(await preview([byArn("arn:aws:s3:::data-1a2b3c4"), lock])).to.deep.equal([]);
    for (const arn of [
      ...["x arn:aws:s3:::data-1a2b3c4", "arn:aws:s3:::data-1a2b3c4\n", "arn:aws:s3:eu-west-1::data-1a2b3c4"],
      ...["arn::s3:::data-1a2b3c4", "arn:aws:s3:::", "data-1a2b3c4"],
    ]) {
      const [first, ...others] = await preview([byArn(arn), lock]);
      expect([JSON.stringify(none).includes(JSON.stringify(first)), others], arn).to.deep.equal([true, []]);
    }
  });

  it("takes a block for one that may target a bucket whose unknown name comes from the same resource", async () => {
    const type = "random:index/randomId:RandomId";
    const random = {
      dependencies: [urn("suffix", type)],
      propertyDependencies: { bucket: [urn("suffix", type)] },
    };
    const data = bucket("data", { ...random, props: { bucket: UNKNOWN, region: "eu-west-1" } });
    const lock = block("lock", "data", random);
    expect(await preview([data, lock])).to.deep.equal([unproven("data", "lock")]);
    const elsewhere = { ...data, propertyDependencies: { tags: [urn("suffix", type)] } };
    expect(await preview([elsewhere, lock])).to.deep.equal([noBlock("data")]);
  });

  it("doesn't know a bucket's partition where its region is empty", async () => {
    const china = provider({ region: "cn-north-1" }, "china");
    const props = (region: string): Props => ({ bucket: "data-1a2b3c4", region });
    const lock = block("lock", "data", { propertyDependencies: {} }, props("eu-west-1"));
    for (const region of ["", "cn-north-1"]) {
      const data = bucket("data", { provider: china, props: props(region) });
      const [first] = await preview([data, lock]);
      expect(first, region).to.deep.equal(region === "" ? unproven("data", "lock") : noBlock("data"));
    }
  });

  it("reports one violation a bucket, on the bucket, however much is wrong", async () => {
    const half = { blockPublicAcls: false, ignorePublicAcls: false };
    const blocks = [block("a", "data", {}, half), block("b", "data", {}, half), block("c", "data")];
    const violations = await pack.analyzeStack([bucket("data"), bucket("data"), ...blocks]);
    expect(violations.map(({ urn: at, level }) => [at, level])).to.deep.equal([[urn("data"), "mandatory"]]);
  });

  const nonsense: [string, unknown][] = [
    ["null", null],
    ["a string", "true"],
    ["a number", 1],
    ["a list", [true]],
    ["an object", { value: true }],
    ["the words of another language", undefined],
  ];
  for (const [title, value] of nonsense) {
    it(`doesn't take ${title} for a flag that is on`, async () => {
      const snake = { block_public_acls: true, ignore_public_acls: true };
      const props = value === undefined ? snake : { blockPublicAcls: value, ignorePublicAcls: value };
      const odd = block("lock", "data", {
        props: {
          ...(props as Props),
          ...{ bucket: UNKNOWN, blockPublicPolicy: true, restrictPublicBuckets: true, skipDestroy: true },
        },
      });
      expect(await preview([odd])).to.deep.equal([flagsOff]);
      expect(await preview([bucket("data"), odd])).to.deep.equal([weak("data", "lock")]);
    });
  }

  it("doesn't read flags out of a prototype", async () => {
    const props = JSON.parse(JSON.stringify({ bucket: "data-1a2b3c4" })) as Record<string, unknown>;
    Object.defineProperty(props, "__proto__", { value: ON, enumerable: true });
    expect(await preview([bucket("data"), block("lock", "data", { props: props as Props })])).to.deep.equal([
      weak("data", "lock"),
    ]);
  });

  for (const odd of [null, 1, true, [], {}, ""]) {
    it(`gives a verdict where a block's bucket is ${JSON.stringify(odd)}`, async () => {
      const lock = block("lock", "data", { propertyDependencies: {} }, { bucket: odd });
      expect(await preview([bucket("data"), lock])).to.deep.equal([noBlock("data")]);
    });
    it(`gives a verdict where a bucket's name is ${JSON.stringify(odd)}`, async () => {
      const odds = [bucket("data", { props: { bucket: odd } }), block("lock", "logs", {}, { bucket: odd })];
      expect(found(await pack.analyzeStack(odds)).map(([name]) => name)).to.deep.equal(["data"]);
    });
  }

  it("gives a verdict where a block's bucket is missing", async () => {
    const props: Props = { ...ON };
    expect(
      await preview([bucket("data"), block("lock", "data", { props, propertyDependencies: {} })]),
    ).to.deep.equal([noBlock("data")]);
  });

  for (const name of [
    "constructor",
    "__proto__",
    "toString",
    "a::b",
    "a$b",
    "名前",
    "with space",
    "'; drop",
  ]) {
    it(`evaluates a bucket with the logical name ${name}`, async () => {
      const odd = bucket(name, { props: { bucket: name } });
      expect(await preview([odd])).to.deep.equal([noBlock(name)]);
      expect(await preview([odd, block("lock", name, {}, { bucket: name })])).to.deep.equal([]);
      expect(await preview([odd, block("lock", name)])).to.deep.equal([]);
    });
  }

  it("evaluates buckets of one logical name under different parents each by itself", async () => {
    const a = bucket("data", { urn: urn("data", `my:Team$${BUCKET}`), props: { bucket: "a" } });
    const b = bucket("data", { urn: urn("data", `my:Other$${BUCKET}`), props: { bucket: "b" } });
    const lock = block("lock", "data", { propertyDependencies: { bucket: [a.urn] } });
    const violations = await pack.analyzeStack([a, b, lock]);
    expect(violations.map(({ urn: at }) => at)).to.deep.equal([b.urn]);
  });

  it("finds the one open bucket among 10 000 resources", async () => {
    const many = Array.from({ length: 5000 }, (_, index) => {
      const name = `b${index}`;
      return [bucket(name, { props: { bucket: name } }), block(`lock${index}`, name, {}, { bucket: name })];
    }).flat();
    expect(found(await pack.analyzeStack([...many, bucket("open")]))).to.deep.equal([noBlock("open")]);
  });

  describe("at the enforcement level remediate", () => {
    const level = "remediate";
    beforeEach(() => pack.configure({ "s3-public-access-block-flags": { level } }));
    after(() => pack.configure({}));

    it("turns the flags on, and leaves the rest as it is", async () => {
      const props: Props = {
        bucket: UNKNOWN,
        blockPublicAcls: false,
        restrictPublicBuckets: null,
        blockPublicPolicy: UNKNOWN,
        skipDestroy: secret(true),
      };
      const [remedy] = await pack.remediate(block("lock", "data", { props }));
      expect(remedy?.props).to.deep.equal({ ...props, ...ON });
    });

    it("answers for a resource that the SDK can't unpack, with which the preview would hang", async () => {
      const emptyAsset = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17" };
      const type = "aws:s3/bucketObject:BucketObject";
      const object = bucket("page", { type, urn: urn("page", type), props: { source: emptyAsset } });
      expect(await pack.remediate(object)).to.deep.equal([]);
      const odd = await pack
        .remediate(block("lock", "data", {}, { bucket: emptyAsset }))
        .catch((error: unknown) => String(error));
      expect(odd).to.match(/Error deserializing request/);
    });

    it("leaves alone what is on, what is exempt, and what --target leaves out", async () => {
      expect(
        await pack.remediate(block("lock", "data", {}, { ignorePublicAcls: secret(true) })),
      ).to.deep.equal([]);
      expect(await pack.remediate(block("lock", "data", { props: {} }))).to.deep.equal([]);
      const exemptions = [{ urn: "**::lock", reason: "static site" }];
      await pack.configure({ "s3-public-access-block-flags": { level, props: { exemptions } } });
      expect(await pack.remediate(block("lock", "data", {}, { ignorePublicAcls: false }))).to.deep.equal([]);
      expect(await pack.remediate(block("other", "data", {}, { ignorePublicAcls: false }))).to.have.lengthOf(
        1,
      );
    });
  });
});
