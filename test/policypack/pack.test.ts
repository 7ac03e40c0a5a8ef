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
} from "../../harness/engine/analyzer";
import { block, bucket, ON, urn } from "./resources";

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

  /** A preview: each resource, then all of them. */
  async function preview(outputs: Resource[]): Promise<[string, string][]> {
    for (const resource of outputs) await pack.analyze(resource);
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

  it("doesn't read flags out of a prototype", async () => {
    const props = JSON.parse(JSON.stringify({ bucket: "data-1a2b3c4" })) as Record<string, unknown>;
    Object.defineProperty(props, "__proto__", { value: ON, enumerable: true });
    expect(await preview([bucket("data"), block("lock", "data", { props: props as Props })])).to.deep.equal([
      weak("data", "lock"),
    ]);
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
