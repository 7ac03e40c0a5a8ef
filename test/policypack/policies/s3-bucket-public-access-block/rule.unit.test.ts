import { expect } from "chai";
import { UNKNOWN } from "../../../../policypack/shared/values";
import { gaps, FLAGS } from "../../../../policypack/shared/flags";
import {
  openBuckets,
  type Attachment,
  type Block,
  type Bucket,
  type Assessment,
} from "../../../../policypack/policies/s3-bucket-public-access-block/rule";
import { type Scope } from "../../../../policypack/shared/partition";

const AWS: Scope = { provider: "default", partition: "aws" };
const data: Bucket = { urn: "data", name: "data-1a2b3c4", references: [], isSettled: true, scope: AWS };
const logs: Bucket = { urn: "logs", name: "logs-5d6e7f8", references: [], isSettled: true, scope: AWS };

/** A block with the four flags on that targets `data` by name; a test changes one thing of it. */
function block(change: Partial<Block> = {}): Block {
  return {
    urn: "block",
    bucket: "data-1a2b3c4",
    references: [],
    scope: AWS,
    gaps: [],
    isSettled: true,
    inThisRun: true,
    staysOn: false,
    ...change,
  };
}

const weakness = gaps((flag) => flag !== "ignorePublicAcls");

/** The verdict by URN: for a missing block the blocks that come near, for a weak one the blocks that are weak. */
function verdict(
  buckets: Bucket[],
  blocks: Block[],
  attachments: Attachment[] = [],
): Record<string, unknown> {
  const urns = (each: readonly Block[]): string[] => each.map(({ urn }) => urn);
  const describeFailure = (failure: Assessment): unknown => {
    if (failure.kind !== "missing") return { [failure.kind]: urns(failure.blocks) };
    const near = { unproven: failure.unproven, misnamed: failure.misnamed, leftOut: failure.leftOut };
    return Object.fromEntries(
      Object.entries(near).flatMap(([key, found]) => (found.length > 0 ? [[key, urns(found)]] : [])),
    );
  };
  const failures = [...openBuckets(buckets, blocks, attachments)];
  return Object.fromEntries(failures.map(([bucket, failure]) => [bucket.urn, describeFailure(failure)]));
}

describe("The four flags of a public access block", () => {
  it("are all on when each of them is true", () => {
    expect(gaps(() => true)).to.deep.equal([]);
  });

  for (const flag of FLAGS) {
    it(`have a gap when only ${flag} is false`, () => {
      expect(gaps((each) => each !== flag)).to.deep.equal([{ flag, state: "off" }]);
    });
  }

  const states: [unknown, string][] = [
    [false, "off"],
    [undefined, "unset"],
    [null, "unset"],
    [UNKNOWN, "unknown"],
    ["true", "invalid"],
    ["", "invalid"],
    [1, "invalid"],
    [[true], "invalid"],
    [{ value: true }, "invalid"],
    [Object(true), "invalid"],
  ];
  for (const [value, state] of states) {
    it(`are ${state} where the value is ${typeof value === "symbol" ? "unknown" : JSON.stringify(value)}`, () => {
      expect(gaps(() => value)).to.deep.equal(FLAGS.map((flag) => ({ flag, state })));
    });
  }
});

describe("A bucket", () => {
  it("is locked by a block that has its name", () => {
    expect(verdict([data], [block()])).to.deep.equal({});
  });

  it("is open when the stack has no block", () => {
    expect(verdict([data], [])).to.deep.equal({ data: {} });
  });

  it("is locked by a block whose unknown name comes from it alone", () => {
    expect(verdict([data], [block({ bucket: UNKNOWN, references: ["data"] })])).to.deep.equal({});
  });

  it("is open when the block's unknown name comes from another bucket", () => {
    const other = block({ bucket: UNKNOWN, references: ["logs"] });
    expect(verdict([data, logs], [other])).to.deep.equal({ data: {} });
  });

  it("is open when the block's unknown name comes from it and from something else", () => {
    for (const other of ["logs", "a-bucket-that-is-only-read"]) {
      const both = block({ bucket: UNKNOWN, references: ["data", other] });
      expect(verdict([data], [both])).to.deep.equal({ data: { unproven: ["block"] } });
    }
  });

  it("is open when the block's unknown name comes from nothing that has to do with it", () => {
    expect(verdict([data], [block({ bucket: UNKNOWN, references: ["random"] })])).to.deep.equal({ data: {} });
  });

  it("is open when a block's name is unknown, and nothing is recorded of where it comes from", () => {
    const planned = block({ urn: "planned", bucket: UNKNOWN, gaps: weakness });
    const abroad = block({ urn: "abroad", bucket: UNKNOWN, scope: { ...AWS, partition: "aws-cn" } });
    expect(verdict([data, logs], [block(), planned, abroad])).to.deep.equal({
      logs: { unproven: ["planned"] },
    });
    expect(verdict([data], [{ ...planned, inThisRun: false }])).to.deep.equal({ data: {} });
  });

  it("is open when a block made from it has another name, for known beats unknown", () => {
    const derived = block({ bucket: "data-1a2b3c4-logs", references: ["data"] });
    expect(verdict([data], [derived])).to.deep.equal({ data: { misnamed: ["block"] } });
  });

  it("whose new name is unknown is open when the block's name is known: it is the name that the bucket had", () => {
    const renamed = { ...data, name: UNKNOWN };
    expect(verdict([renamed], [block({ references: ["data"] })])).to.deep.equal({
      data: { unproven: ["block"] },
    });
    expect(verdict([renamed], [block()])).to.deep.equal({ data: {} });
  });

  it("of which nothing is said goes by where the name of a block comes from of which nothing is said either", () => {
    const untold = { ...data, name: UNKNOWN, isSettled: false };
    const follows = block({ references: ["data"], isSettled: false });
    expect(verdict([untold], [follows])).to.deep.equal({});
    const others = [
      { ...follows, isSettled: true },
      { ...follows, references: ["data", "logs"] },
    ];
    for (const other of others) {
      expect(verdict([untold], [other])).to.deep.equal({ data: { unproven: ["block"] } });
    }
    expect(verdict([{ ...untold, isSettled: true }], [follows])).to.deep.equal({
      data: { unproven: ["block"] },
    });
  });

  it("is open when its name and the block's come from the same random resource, and either is unknown", () => {
    const shared = { ...data, references: ["random"] };
    const random = block({ bucket: UNKNOWN, references: ["random"] });
    for (const name of [UNKNOWN, data.name]) {
      expect(verdict([{ ...shared, name }], [random])).to.deep.equal({ data: { unproven: ["block"] } });
    }
    expect(verdict([shared], [block({ bucket: "logs", references: ["random"] })])).to.deep.equal({
      data: {},
    });
  });

  it("isn't weakened by a block whose unknown name may be akin to its own", () => {
    const shared = { ...data, references: ["random"] };
    const akin = block({ urn: "akin", bucket: UNKNOWN, references: ["random"], gaps: weakness });
    expect(verdict([shared], [block(), akin])).to.deep.equal({});
  });

  const alike = [
    "data-1a2b3c",
    "data-1a2b3c44",
    "Data-1a2b3c4",
    "data.1a2b3c4",
    "data-1a2b3c4 ",
    " data-1a2b3c4",
    "dаta-1a2b3c4", // a Cyrillic letter
    "arn:aws:s3:::data-1a2b3c4",
    "data-1a2b3c4.s3.amazonaws.com",
    "constructor",
    "__proto__",
  ];
  for (const bucket of alike) {
    it(`is not locked by a block on ${JSON.stringify(bucket)}`, () => {
      expect(verdict([data], [block({ bucket })])).to.deep.equal({ data: {} });
    });
  }

  it("is told from one whose 63 characters differ in the last", () => {
    const long = { ...data, name: "x".repeat(62) + "a" };
    expect(verdict([long], [block({ bucket: "x".repeat(62) + "b" })])).to.deep.equal({ data: {} });
    expect(verdict([long], [block({ bucket: "x".repeat(62) + "a" })])).to.deep.equal({});
  });

  for (const name of ["constructor", "__proto__", "toString", "123456"]) {
    it(`named ${name} is evaluated as any other`, () => {
      const odd = { ...data, name };
      expect(verdict([odd], [])).to.deep.equal({ data: {} });
      expect(verdict([odd], [block({ bucket: name })])).to.deep.equal({});
    });
  }

  it("is not locked by a block that has no name", () => {
    expect(verdict([{ ...data, name: undefined }], [block({ bucket: undefined })])).to.deep.equal({
      data: {},
    });
  });
});

describe("A bucket with a block that has a flag off", () => {
  it("is open, whichever way the block refers to it", () => {
    for (const change of [{}, { bucket: UNKNOWN, references: ["data"] }]) {
      expect(verdict([data], [block({ ...change, gaps: weakness })])).to.deep.equal({
        data: { weak: ["block"] },
      });
    }
  });

  it("is open even beside a strong block, for S3 keeps the last write", () => {
    const blocks = [block({ urn: "strong" }), block({ urn: "weak", gaps: weakness })];
    expect(verdict([data], blocks)).to.deep.equal({ data: { weak: ["weak"] } });
    expect(verdict([data], blocks.reverse())).to.deep.equal({ data: { weak: ["weak"] } });
  });

  it("is open with two halves that complete each other", () => {
    const half = (urn: string, on: number[]): Block =>
      block({ urn, gaps: gaps((flag) => on.includes(FLAGS.indexOf(flag))) });
    expect(verdict([data], [half("a", [0, 1]), half("b", [2, 3])])).to.deep.equal({
      data: { weak: ["a", "b"] },
    });
  });

  it("is open when a weak block may target it", () => {
    const maybe = block({ urn: "maybe", bucket: UNKNOWN, references: ["data", "logs"], gaps: weakness });
    expect(verdict([data], [block(), maybe])).to.deep.equal({ data: { weak: ["maybe"] } });
  });

  it("is locked when the weak block is another bucket's", () => {
    expect(verdict([data], [block(), block({ urn: "weak", bucket: "other", gaps: weakness })])).to.deep.equal(
      {},
    );
  });

  it("is locked with several strong blocks", () => {
    const several = (staysOn: boolean): Block[] => [
      block({ staysOn: true }),
      block({ urn: "second", staysOn }),
    ];
    expect(verdict([data], several(true))).to.deep.equal({});
    // Not a failure: S3 has one block, and loses it with the first of them to go.
    expect(verdict([data], several(false))).to.deep.equal({ data: { shared: ["block", "second"] } });
  });

  it("is not told of several where it is one that is told of twice, or one isn't proven to target it", () => {
    const maybe = block({ urn: "maybe", bucket: UNKNOWN, references: ["data", "logs"] });
    expect(verdict([data], [block(), block()])).to.deep.equal({});
    expect(verdict([data], [block(), maybe])).to.deep.equal({});
    expect(verdict([data], [block(), block({ urn: "later", inThisRun: false })])).to.deep.equal({});
  });
});

describe("A block that --target leaves out of the run", () => {
  it("doesn't lock its bucket", () => {
    expect(verdict([data], [block({ inThisRun: false })])).to.deep.equal({ data: { leftOut: ["block"] } });
  });

  it("doesn't weaken its bucket either", () => {
    expect(
      verdict([data], [block(), block({ urn: "later", inThisRun: false, gaps: weakness })]),
    ).to.deep.equal({});
  });
});

describe("A name that a block takes from what belongs to a bucket", () => {
  const policy: Attachment = { urn: "policy", bucket: UNKNOWN, references: ["data"], scope: AWS };
  const versioning: Attachment = { urn: "versioning", bucket: UNKNOWN, references: ["policy"], scope: AWS };
  const through = (...references: string[]): Block => block({ bucket: UNKNOWN, references });

  it("is the bucket's, over one step and over several", () => {
    expect(verdict([data], [through("policy")], [policy])).to.deep.equal({});
    expect(verdict([data], [through("versioning")], [policy, versioning])).to.deep.equal({});
    expect(verdict([data], [through("data", "versioning", "policy")], [policy, versioning])).to.deep.equal(
      {},
    );
  });

  it("is the bucket's when the way there is known", () => {
    expect(verdict([data], [through("policy")], [{ ...policy, bucket: "data-1a2b3c4" }])).to.deep.equal({});
  });

  it("is unproven when a name on the way is another", () => {
    const derived = { ...policy, bucket: "data-1a2b3c4-logs" };
    expect(verdict([data], [through("policy")], [derived])).to.deep.equal({ data: { unproven: ["block"] } });
  });

  it("is unproven when what it goes through tells nothing of where it comes from", () => {
    const literal = { ...policy, references: [] };
    expect(verdict([data], [through("policy")], [literal])).to.deep.equal({ data: {} });
  });

  it("is nobody's when it goes in a circle", () => {
    const circle = { ...policy, references: ["policy"] };
    expect(verdict([data], [through("policy")], [circle])).to.deep.equal({ data: {} });
  });
});

describe("Equal names", () => {
  const scope = (provider: string | undefined, partition: string | undefined): Scope => ({
    provider,
    partition,
  });

  it("are one bucket in one partition, whatever the provider and its region", () => {
    expect(verdict([data], [block({ scope: scope("another", "aws") })])).to.deep.equal({});
  });

  it("are two buckets in two partitions", () => {
    expect(verdict([data], [block({ scope: scope("china", "aws-cn") })])).to.deep.equal({ data: {} });
    const reference = block({ scope: scope("china", "aws-cn"), references: ["data"], bucket: UNKNOWN });
    expect(verdict([data], [reference])).to.deep.equal({ data: {} });
  });

  it("are one bucket for one provider whose partition nothing tells", () => {
    const unplaced = { ...data, scope: scope("profile", undefined) };
    expect(verdict([unplaced], [block({ scope: scope("profile", undefined) })])).to.deep.equal({});
  });

  it("are unproven for two providers one of whose partition nothing tells, unless the name comes from the bucket", () => {
    const elsewhere = block({ scope: scope("profile", undefined) });
    expect(verdict([data], [elsewhere])).to.deep.equal({ data: { unproven: ["block"] } });
    expect(verdict([data], [{ ...elsewhere, references: ["data"] }])).to.deep.equal({});
  });

  it("are one bucket where the engine tells no provider of either", () => {
    const unplaced = { ...data, scope: scope(undefined, undefined) };
    expect(verdict([unplaced], [block({ scope: scope(undefined, undefined) })])).to.deep.equal({});
  });
});

describe("A block inside a bucket", () => {
  const inside: Block = block({ urn: "data", bucket: UNKNOWN, references: ["data"], isSettled: false });

  it("locks the bucket, and weakens it, as any other", () => {
    expect(verdict([data], [inside])).to.deep.equal({});
    expect(verdict([data], [{ ...inside, gaps: weakness }])).to.deep.equal({ data: { weak: ["data"] } });
  });

  it("doesn't hide a block outside", () => {
    const outside = block({ bucket: UNKNOWN, references: ["data"], gaps: weakness });
    expect(verdict([data], [inside, outside])).to.deep.equal({ data: { weak: ["block"] } });
  });
});

it("Every bucket is evaluated by itself", () => {
  const blocks = [block(), block({ urn: "weak", bucket: "logs-5d6e7f8", gaps: weakness })];
  expect(verdict([data, logs, { ...data, urn: "third", name: "third" }], blocks)).to.deep.equal({
    logs: { weak: ["weak"] },
    third: {},
  });
});

describe("The blocks that a failure names", () => {
  const random: Bucket = { ...data, name: UNKNOWN, references: ["random"] };
  const orders = [
    ["a", "b", "c"],
    ["c", "b", "a"],
    ["b", "c", "a"],
  ];
  const kinds: [string, Bucket, Partial<Block>][] = [
    ["weak", data, { gaps: weakness }],
    ["unproven", data, { bucket: UNKNOWN, references: ["data", "logs"] }],
    ["misnamed", data, { bucket: "other", references: ["data"] }],
    ["leftOut", data, { bucket: UNKNOWN, references: ["data"], inThisRun: false }],
    ["unproven", random, { bucket: UNKNOWN, references: ["random"] }],
  ];
  for (const [kind, bucket, change] of kinds) {
    for (const order of orders) {
      it(`are in the order of their URNs: ${kind}, told as ${order.join(", ")}`, () => {
        const blocks = order.map((urn) => block({ ...change, urn }));
        expect(verdict([bucket], blocks)).to.deep.equal({ data: { [kind]: ["a", "b", "c"] } });
      });
    }
  }

  it("are in one order where some are proven to target the bucket, and others may", () => {
    const [proven, maybe] = [
      { gaps: weakness },
      { gaps: weakness, bucket: UNKNOWN, references: ["data", "logs"] },
    ];
    const blocks = [
      block({ ...proven, urn: "b" }),
      block({ ...maybe, urn: "a" }),
      block({ ...proven, urn: "c" }),
    ];
    expect(verdict([data], blocks)).to.deep.equal({ data: { weak: ["a", "b", "c"] } });
  });

  it("say what kind of failure it is", () => {
    const kindsOf = (blocks: Block[]) =>
      [...openBuckets([data], blocks, []).values()].map(({ kind }) => kind);
    expect([kindsOf([]), kindsOf([block({ gaps: weakness })])]).to.deep.equal([["missing"], ["weak"]]);
  });
});

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
    openBuckets(buckets.map(counted), blocks.map(counted), attachments.map(counted));
    return count;
  }

  for (const [title, make] of Object.entries(stacks)) {
    it(`takes four times as long, and not sixteen: ${title}`, () => {
      expect(reads(make, 800) / reads(make, 200)).to.be.below(6);
    });
  }
});
