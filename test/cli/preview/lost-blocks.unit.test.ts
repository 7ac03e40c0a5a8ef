import { expect } from "chai";
import { type Language, LANGUAGES, written } from "../../../policypack/shared/languages";
import { lostBlocks } from "../../../cli/preview/lost-blocks";
import { UnreadableError, type State, type Step } from "../../../cli/preview/output";

const STACK = "urn:pulumi:dev::shop::";
const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
const NATIVE = "aws-native:s3:Bucket";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const on = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};

interface Changes extends Partial<State> {
  readonly changes?: readonly string[];
}

/** A step of a resource in one state, which is the old one where it goes and the new one otherwise. */
function step(op: string, type: string, name: string, { changes = [], ...given }: Changes = {}): Step {
  const state: State = {
    ...{ inputs: {}, outputs: {}, provider: `${STACK}pulumi:providers:aws::default::1`, parent: "" },
    ...{ propertyDependencies: {}, deletedWith: "", external: false, retainOnDelete: false },
    ...given,
  };
  const states = op.startsWith("delete") ? { before: state } : { after: state };
  return { op, urn: `${STACK}${type}::${name}`, frames: [], changes, ...states };
}

const named = (bucket: string, more: Changes = {}): Changes => ({
  ...{ id: bucket, inputs: { bucket, ...on }, outputs: { bucket } },
  ...more,
});
const data = (op = "same", more: Changes = {}): Step => step(op, BUCKET, "data", named("the-data", more));
const block = (op: string, name: string, more: Changes = {}): Step =>
  step(op, BLOCK, name, named("the-data", more));
const account = (op: string, name: string, more: Changes = {}): Step =>
  step(op, ACCOUNT, name, { id: "123456789012", inputs: on, ...more });
const elsewhere = (partitionOrRegion: string): Changes => ({
  provider: `${STACK}pulumi:providers:aws::${partitionOrRegion}::2`,
  outputs: { bucket: "the-data", region: partitionOrRegion },
});
/** A block whose bucket is an ID that isn't known yet. */
const fromIds = (...urns: string[]): Changes => ({
  inputs: { bucket: UNKNOWN, ...on },
  changes: ["bucket"],
  propertyDependencies: { bucket: urns },
});

/** What is said in a program of a language. */
const told = (steps: readonly Step[], language: Language = LANGUAGES.javascript) =>
  lostBlocks(steps, false).map((lost) => ({ ...lost, message: written(lost.message, () => language) }));
const urnsOf = (steps: Step[], accountSuffices = false): string[] =>
  lostBlocks(steps, accountSuffices).map(({ of, urn }) => `${of} ${urn.replace(STACK, "")}`);

const cases: Record<string, [steps: Step[], ...lost: string[]]> = {
  "a block that is written anew under another name, then deleted": [
    [data(), block("create", "new"), block("delete", "old")],
    `bucket ${BUCKET}::data`,
  ],
  "an old block that is deleted before the new one is written": [
    [data(), block("delete-replaced", "old"), block("create-replacement", "old")],
  ],
  "a block that stays as it is beside one that is deleted: that isn't a write": [
    [data(), block("same", "other"), block("delete", "old")],
    `bucket ${BUCKET}::data`,
  ],
  "a block that stays and is updated before the other is deleted": [
    [data(), block("update", "other"), block("delete", "old")],
    `bucket ${BUCKET}::data`,
  ],
  "two blocks of one bucket that are both deleted: one finding": [
    [data(), block("same", "third"), block("delete", "old"), block("delete", "other")],
    `bucket ${BUCKET}::data`,
  ],
  "the bucket's only block that is deleted": [[data(), block("delete", "old")], `bucket ${BUCKET}::data`],
  "a block whose bucket goes too, afterwards": [[block("delete", "old"), data("delete")]],
  "a block whose bucket goes too, before it": [[data("delete"), block("delete", "old")]],
  "a block of a BucketV2 and of a bucket of Cloud Control that go too": [
    [
      block("delete", "old"),
      step("delete", "aws:s3/bucketV2:BucketV2", "data", named("the-data")),
      step("delete", BLOCK, "native", named("native")),
      step("delete", NATIVE, "native", { id: "native", inputs: { bucketName: "native" } }),
    ],
  ],
  "a block of a bucket of Cloud Control that stays": [
    [
      step("delete", BLOCK, "native", named("native")),
      step("same", NATIVE, "native", { id: "native", inputs: { bucketName: "native" } }),
    ],
    `bucket ${NATIVE}::native`,
  ],
  "a bucket that leaves the stack and stays in S3": [
    [block("delete", "old"), data("delete", { retainOnDelete: true })],
    `bucket ${BUCKET}::data`,
  ],
  "a block that stays in S3 with its bucket": [
    [block("delete", "old", { retainOnDelete: true }), data("delete", { retainOnDelete: true })],
  ],
  "a block that goes with its bucket by deletedWith, which is then not deleted by itself": [
    [
      block("delete", "old", { deletedWith: `${STACK}${BUCKET}::data` }),
      data("delete", { retainOnDelete: true }),
    ],
  ],
  "a block with deletedWith whose bucket stays in the stack": [
    [data(), block("same", "other"), block("delete", "old", { deletedWith: `${STACK}${BUCKET}::data` })],
    `bucket ${BUCKET}::data`,
  ],
  "a block that had skipDestroy": [
    [
      data(),
      block("same", "new"),
      block("delete", "old", { outputs: { bucket: "the-data", skipDestroy: true } }),
    ],
  ],
  "a block whose skipDestroy is a text": [
    [
      data(),
      block("same", "new"),
      block("delete", "old", { outputs: { bucket: "the-data", skipDestroy: "true" } }),
    ],
    `bucket ${BUCKET}::data`,
  ],
  "a block that was only read": [[data(), block("same", "new"), block("delete", "old", { external: true })]],
  "a block that is discarded": [[data(), { ...block("same", "old"), op: "discard" }]],
  "a block whose bucket is in no step": [[block("delete", "old")], `bucket ${BLOCK}::old`],
  "a block whose bucket is only read": [
    [step("read", BUCKET, "foreign", named("the-data", { external: true })), block("delete", "old")],
    `bucket ${BUCKET}::foreign`,
  ],
  "two blocks of a bucket outside of the stack": [
    [block("same", "new"), block("delete", "old")],
    `bucket ${BLOCK}::new`,
  ],
  "a block whose bucket's name is a secret: its ID tells it": [
    [
      step("same", BUCKET, "data", { id: "the-data", inputs: { bucket: "[secret]" } }),
      step("create", BLOCK, "new", { inputs: { bucket: "[secret]" } }),
      step("delete", BLOCK, "old", {
        id: "the-data",
        inputs: { bucket: "[secret]" },
        outputs: { bucket: "[secret]" },
      }),
    ],
    `bucket ${BUCKET}::data`,
  ],
  "a write after the deletion whose bucket's name is unknown: it proves nothing": [
    [data(), block("delete-replaced", "old"), step("create", BLOCK, "new", { inputs: { bucket: UNKNOWN } })],
    `bucket ${BUCKET}::data`,
  ],
  "a write after the deletion to another bucket": [
    [data(), block("delete-replaced", "old"), step("create-replacement", BLOCK, "old", named("other"))],
    `bucket ${BUCKET}::data`,
  ],
  "a write after the deletion to a bucket of this name in another partition": [
    [
      data("same", { outputs: { region: "eu-west-1" } }),
      block("delete-replaced", "old", { outputs: { region: "eu-west-1" } }),
      block("create", "new", elsewhere("cn-north-1")),
    ],
    `bucket ${BUCKET}::data`,
  ],
  "a bucket of this name that goes in another partition": [
    [
      block("delete", "old", { outputs: { region: "eu-west-1" } }),
      data("delete", elsewhere("us-gov-west-1")),
    ],
    `bucket ${BLOCK}::old`,
  ],
  "a bucket of this name that goes by another provider of an unknown partition": [
    [block("delete", "old"), data("delete", { provider: `${STACK}pulumi:providers:aws::other::2` })],
    `bucket ${BLOCK}::old`,
  ],
  "a bucket that goes by another provider of the same partition": [
    [block("delete", "old", { outputs: { region: "us-east-1" } }), data("delete", elsewhere("eu-west-1"))],
  ],
  "a bucket that is deleted and made anew under its name, without its block": [
    [data("delete-replaced"), data("create-replacement"), block("same", "lock")],
    `bucket ${BUCKET}::data`,
  ],
  "a bucket that is deleted and made anew under its name, with its block": [
    [
      block("delete-replaced", "lock"),
      data("delete-replaced"),
      data("create-replacement"),
      block("create-replacement", "lock"),
    ],
  ],
  "a bucket that is made anew under its name, with its block that is made from its ID": [
    [
      block("delete-replaced", "lock"),
      data("delete-replaced"),
      data("create-replacement", { id: "" }),
      step("create-replacement", BLOCK, "lock", fromIds(`${STACK}${BUCKET}::data`)),
    ],
  ],
  "a bucket that is made anew under its name, with a block that is made from its ID and another's": [
    [
      block("delete-replaced", "lock"),
      data("delete-replaced"),
      data("create-replacement", { id: "" }),
      step(
        "create-replacement",
        BLOCK,
        "lock",
        fromIds(`${STACK}${BUCKET}::data`, `${STACK}${BUCKET}::other`),
      ),
    ],
    `bucket ${BUCKET}::data`,
  ],
  "a bucket that is replaced by one of another name, with its block": [
    [
      step("create-replacement", BUCKET, "data", { inputs: { bucket: "new-data" } }),
      step("create-replacement", BLOCK, "lock", { inputs: { bucket: UNKNOWN } }),
      block("delete-replaced", "lock"),
      data("delete-replaced"),
    ],
  ],
  "a bucket and its block that go together after they were refreshed": [
    [
      { ...data(), op: "refresh" },
      block("update", "old"),
      data("update"),
      block("delete", "old"),
      data("delete"),
    ],
  ],
  "a bucket that is refreshed, then replaced by one of another name, with its block": [
    [
      data("update"),
      block("update", "lock"),
      step("create-replacement", BUCKET, "data", { inputs: { bucket: "new-data" } }),
      step("create-replacement", BLOCK, "lock", fromIds(`${STACK}${BUCKET}::data`)),
      block("delete-replaced", "lock"),
      data("delete-replaced"),
    ],
  ],
  "a block that is imported, which reads it, after another was deleted": [
    [data(), block("delete-replaced", "old"), block("import", "new")],
    `bucket ${BUCKET}::data`,
  ],
  "one of two blocks of an account": [
    [account("same", "one"), account("delete", "two")],
    `account ${ACCOUNT}::one`,
  ],
  "an account's block while a bucket of its provider stays": [
    [data(), block("same", "lock"), account("delete", "only")],
    `account ${ACCOUNT}::only`,
  ],
  "an account's block that goes with everything": [
    [account("delete", "only"), block("delete", "old"), data("delete")],
  ],
  "an account's block while a bucket leaves the stack and stays in S3": [
    [account("delete", "only"), data("delete", { retainOnDelete: true })],
    `account ${ACCOUNT}::only`,
  ],
  "an account's block beside that of another account": [
    [account("same", "one", { id: "999999999999" }), account("delete", "two")],
  ],
  "an account's block that is deleted before it is written anew": [
    [data(), account("delete-replaced", "only"), { ...account("create-replacement", "only", { id: "" }) }],
  ],
  "a stack without S3": [[step("delete", "aws:sqs/queue:Queue", "jobs")]],
};

describe("what a preview takes away", () => {
  for (const [what, [steps, ...lost]] of Object.entries(cases)) {
    it(`${lost.length > 0 ? "finds" : "passes"} ${what}`, () => {
      expect(urnsOf(steps)).to.deep.equal(lost);
    });
  }

  it("lets an account's block do for a bucket's where the configuration accepts it", () => {
    const steps = [data(), account("same", "all"), block("delete", "old")];
    expect([urnsOf(steps), urnsOf(steps, true)]).to.deep.equal([[`bucket ${BUCKET}::data`], []]);
    const weak = account("same", "all", { inputs: { ...on, blockPublicAcls: false } });
    expect(urnsOf([data(), weak, block("delete", "old")], true)).to.deep.equal([`bucket ${BUCKET}::data`]);
  });

  it("says which block goes, which stays, and the alias that tells them to be one", () => {
    expect(told([data(), block("create", "new"), block("delete", "old")])).to.deep.equal([
      {
        ...{ of: "bucket", urn: `${STACK}${BUCKET}::data`, at: `${STACK}${BUCKET}::data`, isHidden: true },
        message: [
          "Bucket 'data' can be opened to the public: this update deletes public access block 'old', and in S3 'new' is the same configuration.",
          "If 'new' is the same block, renamed or moved, say so in its options:",
          '      aliases: [{ name: "old" }],',
          "If not: In 'old', set this first, in an update of its own:",
          "      skipDestroy: true,",
        ].join("\n"),
      },
    ]);
  });

  it("names the parent in the alias of a block that was moved", () => {
    const moved = block("create", "lock", { parent: `${STACK}shop:index:Site::site` });
    const inside: Step = { ...moved, urn: `${STACK}shop:index:Site$${BLOCK}::lock` };
    const [root] = told([data(), inside, block("delete", "lock")]);
    expect(root?.message).to.contain("      aliases: [{ parent: pulumi.rootStackResource }],");
    const from = block("delete", "lock", { parent: `${STACK}shop:index:Old::old` });
    const [other] = told([data(), inside, from]);
    expect(other?.message).to.contain(`      aliases: [{ parent: "${STACK}shop:index:Old::old" }],`);
  });

  it("tells in the program's language what keeps an account's block, and how a block names its bucket", () => {
    const python = (steps: readonly Step[]): string[] =>
      told(steps, LANGUAGES.python).flatMap(({ message }) => message.split("\n").slice(1));
    expect(python([data(), account("delete", "only")])).to.deep.equal([
      "In the options of 'only', set this first, in an update of its own:",
      "      retain_on_delete=True,",
    ]);
    const remade = [data("delete-replaced"), data("create-replacement"), block("same", "lock")];
    expect(python(remade)).to.deep.equal([
      "In 'lock', name the bucket by its resource, where your_bucket is the variable that holds the bucket:",
      "      bucket=your_bucket.id,",
    ]);
  });

  for (const [what, steps] of Object.entries({
    "a step of a kind that it doesn't know": [block("vanish", "old")],
    "a deletion without the old state": [
      { op: "delete", urn: `${STACK}${BLOCK}::old`, frames: [], changes: [] },
    ],
    "a deletion whose old state has no ID": [step("delete", BLOCK, "old")],
    "a block that stays without its state": [
      { op: "same", urn: `${STACK}${BLOCK}::old`, frames: [], changes: [] },
    ],
    "a replacement without its steps": [block("replace", "old")],
  })) {
    it(`can't be told from ${what}`, () => {
      expect(() => lostBlocks(steps, false)).to.throw(UnreadableError, "::old");
    });
  }
});
