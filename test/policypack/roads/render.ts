import { UNKNOWN as NOT_KNOWN } from "../../../policypack/shared/values";
import { UNKNOWN, type Props, type Resource, type Value } from "../../../harness/engine/analyzer";
import { BLOCK, BUCKET, known, provider, urn } from "../resources";
import type { Acl, Flags, Maybe, Model, ModelBlock, ModelBucket } from "./model";
import { nameIn } from "./model";
import { yamlOf } from "./yaml-writer";

/*
 * A model by each road, in the words that the engine has for it. There are many ways to tell the same, of which the dice
 * choose. Nothing here is shared with the adapters.
 */

/** A number from 0 on, and less than `sides`. */
export type Dice = (sides: number) => number;

export interface Road {
  readonly name: string;
  /** The model as far as the road has words for it. */
  readonly within: (model: Model) => Model;
  readonly render: (model: Model, dice: Dice) => Resource[];
}

const FLAGS = ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"];
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const pascalCase = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const pick = <T>(list: readonly [T, ...T[]], dice: Dice): T => list[dice(list.length)] ?? list[0];

function resource(type: string, name: string, props: Props, change: Partial<Resource> = {}): Resource {
  return { type, urn: urn(name, type), name, props, provider: known, ...change };
}

/** Properties without those that aren't there. */
function told(facts: Record<string, Maybe<Value>>): Props {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([key, fact]): [string, Value][] =>
      fact === undefined ? [] : [[key, fact === NOT_KNOWN ? UNKNOWN : fact]],
    ),
  );
}

function flagsOf(flags: Flags, rename: (name: string) => string = (name) => name): Props {
  return told(Object.fromEntries(FLAGS.map((name, at) => [rename(name), flags[at]])));
}

const statement = (Principal: unknown): object => ({
  Statement: [{ Effect: "Allow", Principal, Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" }],
});
const PUBLIC = statement("*");
const PRIVATE = statement({ AWS: "arn:aws:iam::123456789012:root" });

function document(policy: Maybe<"public" | "private">): Maybe<object> {
  if (policy === undefined || policy === NOT_KNOWN) return policy;
  return policy === "public" ? PUBLIC : PRIVATE;
}

function textOf(policy: Maybe<"public" | "private">): Maybe<string> {
  const value = document(policy);
  return typeof value === "object" ? JSON.stringify(value) : value;
}

/** What a block beside the buckets has for its bucket's name. */
function target(model: Model, block: ModelBlock, dice: Dice): Value {
  const name = nameIn(model, block) ?? UNKNOWN;
  return block.way === "reference" && dice(2) === 0 ? UNKNOWN : name;
}

/** The blocks of @pulumi/aws, for buckets by any road. */
function blocksBeside(model: Model, urns: readonly string[], dice: Dice, type = BLOCK): Resource[] {
  return model.blocks.map((block, at) => {
    const from = block.way === "reference" ? urns.slice(block.bucket, block.bucket + 1) : [];
    const props: Props = { bucket: target(model, block, dice), ...flagsOf(block.flags), skipDestroy: true };
    return resource(type, `block${at}`, props, { propertyDependencies: { bucket: from } });
  });
}

function blocksBesideAll(model: Model, buckets: readonly Resource[], dice: Dice): Resource[] {
  const urns = buckets.map(({ urn }) => urn);
  return blocksBeside(model, urns, dice);
}

const noneInside = (model: Model): Model => ({
  ...model,
  buckets: model.buckets.map((bucket) => ({ ...bucket, inside: undefined })),
});
const asItIs = (model: Model): Model => model;

/** By the types of a provider that has the properties of @pulumi/aws. */
function classic(name: string, bucketType: string, blockType: string, policyType: string): Road {
  return {
    name,
    within: noneInside,
    render: (model, dice) => {
      const buckets = model.buckets.map(({ name: given, acl }, at) =>
        resource(bucketType, `bucket${at}`, {
          bucket: given ?? UNKNOWN,
          forceDestroy: false,
          ...told({ acl }),
        }),
      );
      const policies = model.buckets.flatMap(({ policy }, at) =>
        policy === undefined
          ? []
          : [
              resource(
                policyType,
                `policy${at}`,
                { bucket: UNKNOWN, ...told({ policy: textOf(policy) }) },
                { propertyDependencies: { bucket: [urn(`bucket${at}`, bucketType)] } },
              ),
            ],
      );
      const urns = buckets.map((each) => each.urn);
      return [...buckets, ...policies, ...blocksBeside(model, urns, dice, blockType)];
    },
  };
}

/** In Terraform modules, of which each has one bucket: nothing tells where the name in a block comes from. */
const MODULE: Road = {
  name: "Terraform module",
  within: noneInside,
  render: (model, dice) => {
    const at = (kind: string, module: number, name: string, props: Props): Resource => {
      const address = `module.m${module}.${kind}.${name}`;
      return { ...resource(`site:tf:${kind}`, address, props), provider: provider({}, "site") };
    };
    return [
      ...model.buckets.map(({ name, acl }, index) =>
        at("aws_s3_bucket", index, `bucket${index}`, { bucket: name ?? UNKNOWN, ...told({ acl }) }),
      ),
      ...model.buckets.flatMap(({ policy }, index) =>
        policy === undefined
          ? []
          : [
              at("aws_s3_bucket_policy", index, `policy${index}`, {
                bucket: UNKNOWN,
                ...told({ policy: textOf(policy) }),
              }),
            ],
      ),
      ...model.blocks.map((block, index) =>
        at("aws_s3_bucket_public_access_block", block.bucket, `block${index}`, {
          bucket: target(model, block, dice),
          skip_destroy: true,
          ...flagsOf(block.flags, snakeCase),
        }),
      ),
    ];
  },
};

const settled = <T>(value: Maybe<T>, otherwise: T | undefined): T | undefined =>
  value === NOT_KNOWN ? otherwise : value;
const settledFlags = (flags: Flags): Flags => flags.map((flag) => settled(flag, false));

/** A state has no unknown values, and names in the place of references. */
const STATE: Road = {
  name: "Terraform state",
  within: (model) => ({
    buckets: noneInside(model).buckets.map((bucket, at) => ({
      ...bucket,
      name: bucket.name ?? `made${at}`,
      acl: settled(bucket.acl, undefined),
      policy: settled(bucket.policy, "public"),
    })),
    blocks: model.blocks.map((block) => ({ ...block, flags: settledFlags(block.flags) })),
  }),
  render: (model) => {
    const state = (kind: string, name: string, props: Props): Resource => {
      const type = `pulumi:terraform:${kind}`;
      return { type, urn: urn(name, type), name, props: { id: name, ...props } };
    };
    return [
      ...model.buckets.map(({ name, acl }, at) =>
        state("aws_s3_bucket", `bucket${at}`, { bucket: name ?? "", id: name ?? "", ...told({ acl }) }),
      ),
      ...model.buckets.flatMap(({ name, policy }, at) =>
        policy === undefined
          ? []
          : [
              state("aws_s3_bucket_policy", `policy${at}`, {
                bucket: name ?? "",
                ...told({ policy: textOf(policy) }),
              }),
            ],
      ),
      ...model.blocks.map((block, at) =>
        state("aws_s3_bucket_public_access_block", `block${at}`, {
          bucket: nameIn(model, block) ?? "",
          skip_destroy: true,
          ...flagsOf(block.flags, snakeCase),
        }),
      ),
    ];
  },
};

const CANNED: Record<Acl, string> = {
  private: "Private",
  "public-read": "PublicRead",
  "public-read-write": "PublicReadWrite",
  "authenticated-read": "AuthenticatedRead",
};
const cannedOf = (acl: Maybe<Acl>): Maybe<string> => (typeof acl === "string" ? CANNED[acl] : acl);

/** The properties of a bucket and of its policy, as CloudFormation has them and with values that may be unknown. */
function bucketProperties({ name, acl, inside }: ModelBucket): Props {
  return told({
    BucketName: name,
    AccessControl: cannedOf(acl),
    PublicAccessBlockConfiguration: inside && flagsOf(inside, pascalCase),
  });
}

function inCamelCase(props: Props): Props {
  const entries = Object.entries(props).map(([key, value]): [string, Value] => [
    key.charAt(0).toLowerCase() + key.slice(1),
    key === "PublicAccessBlockConfiguration" ? inCamelCase(value as Props) : value,
  ]);
  return Object.fromEntries(entries);
}

const NATIVE: Road = {
  name: "aws-native",
  within: asItIs,
  render: (model, dice) => {
    const buckets = model.buckets.map((bucket, at) =>
      resource("aws-native:s3:Bucket", `bucket${at}`, { tags: [], ...inCamelCase(bucketProperties(bucket)) }),
    );
    const policies = model.buckets.flatMap(({ policy }, at) =>
      policy === undefined
        ? []
        : [
            resource("aws-native:s3:BucketPolicy", `policy${at}`, {
              bucket: UNKNOWN,
              ...told({ policyDocument: document(policy) as Maybe<Value> }),
            }),
          ],
    );
    return [...buckets, ...policies, ...blocksBesideAll(model, buckets, dice)];
  },
};

const EXTENSION: Road = {
  name: "ExtensionResource",
  within: asItIs,
  render: (model, dice) => {
    const at = (name: string, type: string, properties: Props): Resource =>
      resource("aws-native:index:ExtensionResource", name, { type, properties });
    const buckets = model.buckets.map((bucket, index) =>
      at(`bucket${index}`, "AWS::S3::Bucket", bucketProperties(bucket)),
    );
    const policies = model.buckets.flatMap(({ policy }, index) =>
      policy === undefined
        ? []
        : [
            at(`policy${index}`, "AWS::S3::BucketPolicy", {
              Bucket: UNKNOWN,
              ...told({ PolicyDocument: document(policy) as Maybe<Value> }),
            }),
          ],
    );
    return [...buckets, ...policies, ...blocksBesideAll(model, buckets, dice)];
  },
};

const UNKNOWN_FLAGS: Flags = [NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN];

/** The properties are one text: it is known as a whole, or not at all. */
const CONTROL: Road = {
  name: "Cloud Control",
  within: ({ buckets, blocks }) => ({
    buckets: buckets.map((bucket) =>
      bucket.isHidden
        ? {
            ...bucket,
            name: undefined,
            acl: NOT_KNOWN,
            policy: bucket.policy && NOT_KNOWN,
            inside: UNKNOWN_FLAGS,
          }
        : {
            ...bucket,
            acl: settled(bucket.acl, undefined),
            inside: bucket.inside && settledFlags(bucket.inside),
          },
    ),
    blocks,
  }),
  render: (model, dice) => {
    const at = (name: string, typeName: string, state: Props, isHidden: boolean): Resource =>
      resource("aws:cloudcontrol/resource:Resource", name, {
        typeName,
        desiredState: isHidden ? UNKNOWN : JSON.stringify(state),
      });
    const buckets = model.buckets.map((bucket, index) =>
      at(
        `bucket${index}`,
        "AWS::S3::Bucket",
        bucket.isHidden ? {} : bucketProperties(bucket),
        bucket.isHidden,
      ),
    );
    const policies = model.buckets.flatMap(({ policy }, index) =>
      policy === undefined
        ? []
        : [
            at(
              `policy${index}`,
              "AWS::S3::BucketPolicy",
              { Bucket: "data", PolicyDocument: document(policy) as Value },
              policy === NOT_KNOWN,
            ),
          ],
    );
    return [...buckets, ...policies, ...blocksBesideAll(model, buckets, dice)];
  },
};

/** What the functions of templates below are made of. */
const REST = {
  Parameters: {
    On: { Type: "String", Default: "true" },
    Off: { Type: "String", Default: "true" },
    Ssm: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/x" },
    Open: { Type: "String", Default: "true" },
    Text: { Type: "String", Default: "data" },
  },
  Mappings: { All: { Flags: { On: true, Off: false } } },
  Conditions: {
    Yes: { "Fn::Equals": [{ Ref: "On" }, "true"] },
    No: { "Fn::Not": [{ Condition: "Yes" }] },
    Maybe: { "Fn::Equals": [{ Ref: "AWS::AccountId" }, "1"] },
  },
};
const PARAMETERS: Props = { Off: "false", Open: UNKNOWN };
const NO_VALUE = { Ref: "AWS::NoValue" };

function flagInTemplate(flag: Maybe<boolean>, dice: Dice): unknown {
  switch (flag) {
    case true:
      return pick<unknown>(
        [
          ...([true, "true", { Ref: "On" }, { "Fn::If": ["Yes", true, false] }] as const),
          ...[{ "Fn::FindInMap": ["All", "Flags", "On"] }, { "Fn::If": ["Maybe", true, { Ref: "On" }] }],
        ],
        dice,
      );
    case false:
      return pick<unknown>(
        [
          false,
          "false",
          { Ref: "Off" },
          { "Fn::If": ["No", true, false] },
          { "Fn::FindInMap": ["All", "Flags", "Off"] },
        ],
        dice,
      );
    case undefined:
      return pick<unknown>([undefined, NO_VALUE, { "Fn::If": ["Yes", NO_VALUE, true] }], dice);
    default:
      return unknownInTemplate(dice);
  }
}

function unknownInTemplate(dice: Dice): unknown {
  return pick<unknown>(
    [
      ...([{ Ref: "Ssm" }, { Ref: "Open" }, { "Fn::ImportValue": "x" }, "{{resolve:ssm:x}}"] as const),
      ...[
        { "Fn::If": ["Maybe", true, false] },
        { "Fn::Transform": { Name: "x" } },
        { "Fn::Select": [9, ["true"]] },
      ],
    ],
    dice,
  );
}

function nameInTemplate(name: string | undefined, dice: Dice): unknown {
  if (name === undefined)
    return pick<unknown>(
      [undefined, NO_VALUE, { "Fn::Sub": "${AWS::AccountId}-data" }, { Ref: "Ssm" }],
      dice,
    );
  const number = name.replace("data", "");
  return pick<unknown>(
    [name, { "Fn::Sub": `\${Text}${number}` }, { "Fn::Join": ["", [{ Ref: "Text" }, number]] }],
    dice,
  );
}

function policyInTemplate(policy: Maybe<"public" | "private">, dice: Dice): unknown {
  if (policy === NOT_KNOWN) return unknownInTemplate(dice);
  if (policy === "public") return pick<unknown>([PUBLIC, { "Fn::If": ["Yes", PUBLIC, PRIVATE] }], dice);
  const root = { AWS: { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" } };
  return pick<unknown>([PRIVATE, statement(root), { "Fn::If": ["No", PUBLIC, PRIVATE] }], dice);
}

const CONDITIONS = [undefined, "Yes", "Maybe"] as const;

function templateOf({ name, acl, policy, inside }: ModelBucket, dice: Dice): object {
  const flags = inside?.map((flag) => flagInTemplate(flag, dice));
  const configuration = flags && Object.fromEntries(FLAGS.map((key, at) => [pascalCase(key), flags[at]]));
  const canned = cannedOf(acl);
  const Data = {
    Type: "AWS::S3::Bucket",
    Condition: pick(CONDITIONS, dice),
    Properties: {
      BucketName: nameInTemplate(name, dice),
      AccessControl: canned === NOT_KNOWN ? unknownInTemplate(dice) : canned,
      PublicAccessBlockConfiguration: configuration,
    },
  };
  const Policy = {
    Type: "AWS::S3::BucketPolicy",
    Condition: pick(CONDITIONS, dice),
    Properties: { Bucket: { Ref: "Data" }, PolicyDocument: policyInTemplate(policy, dice) },
  };
  const Gone = { Type: "AWS::S3::Bucket", Condition: "No" };
  const all = {
    ...REST,
    Resources: { Data, ...(policy !== undefined && { Policy }), ...(dice(2) === 0 && { Gone }) },
  };
  return JSON.parse(JSON.stringify(all)) as object; // Without what isn't there.
}

/** A stack for each bucket, since a name that comes from a stack's outputs may be that of any bucket in it. */
function cloudFormation(name: string, type: string, write: (template: object) => string): Road {
  return {
    name,
    within: asItIs,
    render: (model, dice) => {
      const stacks = model.buckets.map((bucket, at) =>
        resource(type, `bucket${at}`, {
          templateBody: write(templateOf(bucket, dice)),
          parameters: PARAMETERS,
          outputs: UNKNOWN,
        }),
      );
      return [...stacks, ...blocksBesideAll(model, stacks, dice)];
    },
  };
}

const asJson = (template: object): string => JSON.stringify(template);

export const ROADS: readonly Road[] = [
  classic("@pulumi/aws", BUCKET, BLOCK, POLICY),
  classic(
    "bridged on the fly",
    "aws:index/s3Bucket:S3Bucket",
    "aws:index/s3BucketPublicAccessBlock:S3BucketPublicAccessBlock",
    "aws:index/s3BucketPolicy:S3BucketPolicy",
  ),
  MODULE,
  STATE,
  NATIVE,
  EXTENSION,
  CONTROL,
  cloudFormation("CloudFormation in JSON", "aws:cloudformation/stack:Stack", asJson),
  cloudFormation("CloudFormation in YAML", "aws:cloudformation/stack:Stack", yamlOf),
  cloudFormation("CloudFormation by aws-native", "aws-native:cloudformation:Stack", asJson),
];
