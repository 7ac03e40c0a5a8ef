import { expect } from "chai";
import { write } from "../../../policypack/findings/text";
import { published } from "../../../policypack/findings/with-exemptions";
import { type Language, LANGUAGES } from "../../../policypack/shared/languages";
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

/** An update of a resource from some inputs to others. */
const updated = (type: string, id: string, was: State["inputs"], is: State["inputs"]): Step => ({
  ...step("delete", type, "it", { id, inputs: was }),
  ...step("update", type, "it", { id, inputs: is }),
});

/** What is said in a program of a language. */
const told = (steps: readonly Step[], language: Language = LANGUAGES.javascript) =>
  lostBlocks(steps, false).map(({ said, ...lost }) => {
    const finding = { urn: lost.urn, said, isNote: true };
    const matched = { finding, urn: lost.urn, exemption: undefined };
    return { ...lost, message: write(published(matched, { name: "" }, undefined, () => language)) };
  });
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
  "a component that has a block's type and goes": [[data(), block("delete", "old", { provider: "" })]],
  "a component that has a block's type and is made after the block is deleted": [
    [data(), block("delete", "old"), block("create", "new", { provider: "" })],
    `bucket ${BUCKET}::data`,
  ],
};

/* The same by other types: CloudFormation, Cloud Control and Terraform's provider. */
const BRIDGED = [
  "aws:index/s3Bucket:S3Bucket",
  "aws:index/s3BucketPublicAccessBlock:S3BucketPublicAccessBlock",
];
const STACK_TYPE = "aws:cloudformation/stack:Stack";
const VIEWS = ["site:tf:aws_s3_bucket", "site:tf:aws_s3_bucket_public_access_block"];
const IMPORTED = ["pulumi:terraform:aws_s3_bucket", "pulumi:terraform:aws_s3_bucket_public_access_block"];
const LOCK = Object.fromEntries(
  Object.keys(on).map((flag) => [flag.charAt(0).toUpperCase() + flag.slice(1), true]),
);
const lockedIf = (isLocked: boolean) => (isLocked ? { PublicAccessBlockConfiguration: LOCK } : {});
type Inputs = (isLocked: boolean) => Record<string, unknown>;
const template = (isLocked: boolean, rest: object = {}): Record<string, unknown> => {
  const Properties = { BucketName: "the-data", ...lockedIf(isLocked) };
  return {
    templateBody: JSON.stringify({ Resources: { Data: { Type: "AWS::S3::Bucket", Properties, ...rest } } }),
  };
};
/** Types that have a bucket's block inside, with their inputs, and what its address has behind the URN. */
const HOLDERS: [type: string, inputs: Inputs, path?: string][] = [
  [
    "aws:cloudcontrol/resource:Resource",
    (isLocked) => ({ typeName: "AWS::S3::Bucket", desiredState: JSON.stringify(lockedIf(isLocked)) }),
  ],
  [
    "aws-native:index:ExtensionResource",
    (isLocked) => ({ type: "AWS::S3::Bucket", properties: lockedIf(isLocked) }),
  ],
  [STACK_TYPE, template, "#/Resources/Data"],
  [NATIVE, (isLocked) => (isLocked ? { publicAccessBlockConfiguration: on } : {})],
];
/** What views have, which is no ID, no provider, and Terraform's spelling; nothing at all where it is hidden. */
const view = (more: object = {}): Changes => {
  const flags = Object.keys(on).map((flag) => [flag.replace(/[A-Z]/g, (it) => `_${it.toLowerCase()}`), true]);
  return {
    provider: "",
    inputs: { bucket: "the-data", ...Object.fromEntries(flags), ...more } as State["inputs"],
  };
};

for (const [kinds, more] of [
  [BRIDGED, named("the-data")],
  [VIEWS, view()],
  [IMPORTED, view()],
] as const) {
  const [bucket = "", lock = ""] = kinds;
  const at = (op: string, type: string, name: string): Step => step(op, type, name, more);
  Object.assign(cases, {
    [`a ${lock} that is written anew under another name, then deleted`]: [
      [at("same", bucket, "data"), at("create", lock, "new"), at("delete", lock, "old")],
      `bucket ${bucket}::data`,
    ],
    [`a ${lock} that is deleted while a bucket of aws.s3 stays`]: [
      [data(), at("delete", lock, "old")],
      `bucket ${BUCKET}::data`,
    ],
    [`a ${lock} that goes with its bucket`]: [[at("delete", lock, "old"), at("delete", bucket, "data")]],
    [`a ${lock} that is deleted, then made anew`]: [
      [at("same", bucket, "data"), at("delete-replaced", lock, "it"), at("create-replacement", lock, "it")],
    ],
  } satisfies typeof cases);
}
for (const [type, inputs, path = ""] of HOLDERS) {
  const id = path === "" ? "the-data" : "arn:aws:cloudformation:::stack/it";
  const holder = (op: string): Step => step(op, type, "it", { id, inputs: inputs(true) });
  const update = updated(type, id, inputs(true), inputs(false));
  const found = `bucket ${type}::it${path}`;
  Object.assign(cases, {
    [`a ${type} whose update takes the block out while another stays`]: [
      [update, block("same", "lock")],
      found,
    ],
    [`a ${type} whose update takes the block out after another was written`]: [
      [block("update", "lock"), update],
      found,
    ],
    [`a ${type} whose update takes the block out before another is written`]: [
      [update, block("create", "lock")],
    ],
    [`a ${type} without another block, of which the pack itself tells`]: [[update]],
    [`a ${type} that keeps its block`]: [
      [updated(type, id, inputs(true), { ...inputs(true), tags: {} }), block("same", "lock")],
    ],
    [`a ${type} that stays while its other block is deleted`]: [
      [holder("same"), block("delete", "old")],
      found,
    ],
    [`a ${type} that goes with its other block`]: [[block("delete", "old"), holder("delete")]],
  } satisfies typeof cases);
}
Object.assign(cases, {
  "a view whose block is deleted before another is made: Terraform may do both at once": [
    [
      step("same", "site:tf:aws_s3_bucket", "data", view()),
      ...["delete", "create"].map((op) => step(op, VIEWS[1] ?? "", op, view())),
    ],
    "bucket site:tf:aws_s3_bucket::data",
  ],
  "a view whose block had skip_destroy": [
    [data(), step("delete", VIEWS[1] ?? "", "old", view({ skip_destroy: true }))],
  ],
  "a stack that is deleted with a bucket that it retains": [
    [
      block("delete", "old"),
      step("delete", STACK_TYPE, "it", { id: "x", inputs: template(true, { DeletionPolicy: "Retain" }) }),
    ],
    `bucket ${STACK_TYPE}::it#/Resources/Data`,
  ],
  "a bucket whose template is one that can't be seen any more": [
    [updated(STACK_TYPE, "x", template(false), { templateUrl: "https://x" }), block("delete", "old")],
    `bucket ${STACK_TYPE}::it#/Resources/Data`,
  ],
  "a bucket that leaves its template with its block": [
    [
      updated(STACK_TYPE, "x", template(false), { templateBody: '{"Resources": {}}' }),
      block("delete", "old"),
    ],
  ],
} satisfies typeof cases);

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
        isNote: false,
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

  it("tells of a part of a Terraform module in Terraform's language, and of one that nothing shows in a note", () => {
    const [bucket = "", lock = ""] = VIEWS;
    const old = "module.site.aws_s3_bucket_public_access_block.old";
    const [renamed] = told([
      step("same", bucket, "data", view()),
      step("create", lock, "new", view()),
      step("delete", lock, old, view()),
    ]);
    expect(renamed?.message.split("\n").slice(1)).to.deep.equal([
      `For '${old}', add a moved block to its Terraform module if it was renamed; if not, first set and deploy`,
      "      skip_destroy = true",
    ]);
    for (const type of [lock, "site:tf:aws_s3_account_public_access_block"]) {
      const [{ isNote, message } = { isNote: false, message: "" }, ...others] = told([
        step("delete", type, old, { provider: "" }),
      ]);
      expect([isNote, message, others]).to.deep.equal([
        true,
        `Unverified: The deletion of public access block '${old}' can't be evaluated: Pulumi doesn't show the contents of its Terraform module. If what it locks stays, it can be opened to the public.`,
        [],
      ]);
    }
  });

  it("says where the block is to stay that an update takes out, at the place of the stack, and that a secret doesn't show it", () => {
    const [type, inputs, path = ""] = HOLDERS[2] ?? [NATIVE, lockedIf];
    const urn = `${STACK}${type}::it`;
    const [lost] = told([updated(type, "x", inputs(true), inputs(false)), block("same", "lock")]);
    expect(lost).to.deep.equal({
      ...{ of: "bucket", urn: urn + path, at: urn, isHidden: true, isNote: false },
      message: [
        `Bucket 'it${path}' can be opened to the public: this update takes its public access block out, and in S3 'lock' is the same configuration.`,
        `Leave PublicAccessBlockConfiguration in 'it${path}'.`,
      ].join("\n"),
    });
    const secret = { typeName: "AWS::S3::Bucket", desiredState: "[secret]" };
    const control = updated("aws:cloudcontrol/resource:Resource", "the-data", secret, secret);
    expect(
      told([control, block("same", "lock")]).map(({ isNote, message }) => [isNote, message]),
    ).to.deep.equal([
      [
        true,
        "Unverified: Bucket 'it' can't be evaluated: nothing shows whether this update takes its public access block out. In S3 'lock' would go, too.",
      ],
    ]);
  });

  it("advises the engine's option where the provider's version is too old for skipDestroy", () => {
    const by = { provider: `${STACK}pulumi:providers:aws::default_6_83_4::1` };
    const [lost] = told([data("same", by), block("delete", "old", by)]);
    expect(lost?.message.split("\n").slice(1)).to.deep.equal([
      "In the options of 'old', set this first, in an update of its own:",
      "      retainOnDelete: true,",
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
