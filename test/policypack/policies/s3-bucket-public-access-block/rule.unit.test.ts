import { expect } from "chai";
import { gaps } from "../../../../policypack/aws/flags";
import {
  openBuckets,
  type Attachment,
  type Block,
  type Bucket,
} from "../../../../policypack/policies/s3-bucket-public-access-block/rule";
import type { Scope } from "../../../../policypack/aws/partition";
import { UNKNOWN } from "../../../../policypack/lib/values";
import { evaluate } from "../../evaluate";
import { bucket, ON, provider, resource } from "../../resources";

// What the rule says is in test/testdata, and in the property test with its oracle. This is what it takes.

const AWS: Scope = { provider: "default", partition: "aws" };
const data: Bucket = { urn: "data", name: "data-1a2b3c4", references: [], isSettled: true, scope: AWS };

function block(change: Partial<Block>): Block {
  return {
    ...{ urn: "block", bucket: "data-1a2b3c4", references: [], scope: AWS, gaps: [] },
    ...{ isSettled: true, inThisRun: true, staysOn: false, ...change },
  };
}

const weakness = gaps((flag) => flag !== "ignorePublicAcls");

describe("A stack that is four times as large", () => {
  /** Each makes a stack of n blocks and n buckets, whose names have to do with each other in a way of its own. */
  const bucketsOf = (n: number, change: Partial<Bucket> = {}): Bucket[] =>
    Array.from({ length: n }, (_, at) => ({ ...data, urn: `bucket-${at}`, name: UNKNOWN, ...change }));
  const blocksOf = (n: number, change: (at: number) => Partial<Block>): Block[] =>
    Array.from({ length: n }, (_, at) => block({ urn: `block-${at}`, bucket: UNKNOWN, ...change(at) }));
  const all = (n: number): string[] => bucketsOf(n).map(({ urn }) => urn);
  const companion = (urn: string, references: string[]): Attachment => {
    return { urn, bucket: UNKNOWN, references, scope: AWS };
  };
  type Made = [buckets: Bucket[], blocks: Block[], attachments?: Attachment[]];
  const stacks: Record<string, (n: number) => Made> = {
    "each block from all buckets": (n) => [bucketsOf(n), blocksOf(n, () => ({ references: all(n) }))],
    "each weak block, too": (n) => [
      bucketsOf(n, { name: "data" }),
      [...blocksOf(n, () => ({ references: all(n), gaps: weakness })), block({ bucket: "data" })],
    ],
    "each block made from all buckets, and known": (n) => [
      bucketsOf(n, { name: "data" }),
      blocksOf(n, () => ({ references: all(n), bucket: "other" })),
    ],
    "all through one attachment": (n) => [
      bucketsOf(n),
      blocksOf(n, () => ({ references: ["policy"] })),
      [companion("policy", all(n))],
    ],
    "each block through the one before": (n) => [
      bucketsOf(n),
      blocksOf(n, (at) => ({ references: [at === 0 ? "bucket-0" : `block-${at - 1}`] })),
    ],
    "each block through all attachments before": (n) => [
      bucketsOf(n),
      blocksOf(n, (at) => ({ references: [`policy-${at}`] })),
      Array.from({ length: n }, (_, at) => companion(`policy-${at}`, [`policy-${at - 1}`, `bucket-${at}`])),
    ],
    "all from one random suffix": (n) => [
      bucketsOf(n, { references: ["random"] }),
      blocksOf(n, () => ({ references: ["random"] })),
    ],
    "all from nowhere": (n) => [bucketsOf(n), blocksOf(n, () => ({}))],
    "all with one name": (n) => [bucketsOf(n, { name: "data" }), blocksOf(n, () => ({ bucket: "data" }))],
  };

  /** How often anything of a bucket, block or attachment is read: the same on each machine, however busy it is. */
  function reads(make: (n: number) => Made, n: number): number {
    let count = 0;
    const counted = <T extends object>(each: T): T =>
      new Proxy(each, { get: (of, key) => (count++, Reflect.get(of, key)) as unknown });
    const [buckets, blocks, attachments = []] = make(n);
    openBuckets(buckets.map(counted), blocks.map(counted), attachments.map(counted), 10);
    return count;
  }

  it("takes four times as long, and not sixteen", () => {
    for (const [title, make] of Object.entries(stacks))
      expect(reads(make, 200) / reads(make, 50), title).to.be.below(6);
  });
});

describe("Of blocks that say the same, only the first is looked at", () => {
  const policies = ["data-1a2b3c4", "others"].map((to) => ({ urn: to, bucket: to, references: ["data"], scope: AWS }));
  const from = (source: string): Partial<Block> => ({ bucket: UNKNOWN, references: [source] });
  const by = (of: string, partition?: string): Pick<Bucket, "scope"> => ({ scope: { provider: of, partition } });
  const differing: Record<string, [first: Partial<Block>, second: Partial<Block>, of?: Bucket]> = {
    "a flag": [{}, { gaps: weakness }],
    "the provider, where the partition isn't known": [by("other"), by("default"), { ...data, ...by("default") }],
    "the partition": [by("default", "aws-cn"), by("default", "aws")],
    "the name that theirs comes through": [from("others"), from("data")],
    "whether that is the bucket's": [from("others"), from("data-1a2b3c4")],
  };
  for (const [what, [first, second, of = data]] of Object.entries(differing))
    it(`and they don't where they differ in ${what}`, () => {
      const both = [block({ ...first, urn: "a" }), block({ ...second, urn: "b" })];
      const verdict = (blocks: Block[], most?: number) => openBuckets([of], blocks, policies, most).get(of)?.kind;
      expect(verdict(both)).not.to.equal(verdict(both.slice(0, 1)));
      expect(verdict(both, 1)).to.equal(verdict(both));
    });

  it("and no more than that", () => {
    const weak = ["a", "b"].map((urn) => block({ urn, gaps: weakness }));
    expect(openBuckets([data], weak, [], 1).get(data)?.blocks).to.deep.equal(weak.slice(0, 1));
  });
});

it("A bucket's provider is named where the language has no line for it", () => {
  const [found] = evaluate([bucket("data", { provider: provider({}, "east") })]);
  expect(found?.lines("hcl")[1]?.text).to.match(/^Add one, where .* is .* the bucket, with its provider 'east':$/);
});

it("Without providers, as of a state, nobody knows that an account's block is of the bucket's account", () => {
  const account = resource("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", ON);
  const stack = [account, bucket("data")].map(({ type, urn, name, props }) => ({ type, urn, name, props }));
  const config = { "s3-bucket-public-access-block": { props: { acceptAccountPublicAccessBlock: true } } };
  expect(evaluate(stack, stack, config).map(({ policy }) => policy)).to.include("s3-bucket-public-access-block");
  expect(evaluate([account, bucket("data")], undefined, config)).to.deep.equal([]);
});
