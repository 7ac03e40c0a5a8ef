import { UNKNOWN as NOT_KNOWN } from "../../../policypack/shared/values";
import { stringify } from "yaml";
import { parseTemplate } from "../../../policypack/roads/template-text";
import { UNKNOWN, type Props, type Resource, type Value } from "../../../harness/engine/analyzer";
import { known, provider, urn } from "../resources";
import { nameIn, type Flags, type Maybe, type Model, type ModelBucket } from "./model";

/*
 * A model by each road, in the words that the engine has for it. There are many ways to tell the same, of which the dice
 * choose. Nothing here is shared with the adapters, except what reads the short forms below.
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

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const pascalCase = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const renamed = (props: Props, rename: (name: string) => string): Props =>
  Object.fromEntries(Object.entries(props).map(([key, value]) => [rename(key), value]));

/** Properties without those that aren't there. */
function told(facts: Record<string, Maybe<Value>>): Props {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([key, fact]): [string, Value][] =>
      fact === undefined ? [] : [[key, fact === NOT_KNOWN ? UNKNOWN : fact]],
    ),
  );
}

const flagsOf = (flags: Flags): Props => told(Object.fromEntries(FLAGS.map((name, at) => [name, flags[at]])));

const statement = (Principal: unknown): object => ({
  Statement: [{ Effect: "Allow", Principal, Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" }],
});
const DOCUMENTS = {
  public: statement("*"),
  private: statement({ AWS: "arn:aws:iam::123456789012:root" }),
};
const documentOf = (policy: ModelBucket["policy"]): Maybe<object> =>
  typeof policy === "string" ? DOCUMENTS[policy] : policy;

type Kind = "bucket" | "policy" | "block";
type Types = Readonly<Record<Kind, string>>;

interface Part {
  readonly kind: Kind;
  readonly name: string;
  readonly props: Props;
  /** The place of its bucket in the model, the bucket's name, and whether that is a reference. */
  readonly bucket: number;
  readonly target: string | undefined;
  readonly isReference: boolean;
}

/** Buckets, policies and blocks as resources of their own, as @pulumi/aws has them. */
function partsOf(model: Model, dice: Dice): Part[] {
  const ofBucket = (kind: Kind, at: number, facts: Record<string, Maybe<Value>>): Part => {
    const target = model.buckets[at]?.name;
    const props = told({ bucket: target ?? UNKNOWN, ...facts });
    return { kind, name: `${kind}${at}`, props, bucket: at, target, isReference: kind !== "bucket" };
  };
  return [
    ...model.buckets.map(({ acl }, at) => ofBucket("bucket", at, { forceDestroy: false, acl })),
    ...model.buckets.flatMap(({ policy }, at) => {
      const document = documentOf(policy);
      const text = typeof document === "object" ? JSON.stringify(document) : document;
      return policy === undefined ? [] : [ofBucket("policy", at, { policy: text })];
    }),
    ...model.blocks.map((block, at): Part => {
      const [target, isReference] = [nameIn(model, block), block.way === "reference"];
      const bucket: Value = isReference && dice(2) === 0 ? UNKNOWN : (target ?? UNKNOWN);
      const props: Props = { bucket, skipDestroy: true, ...flagsOf(block.flags) };
      return { kind: "block", name: `block${at}`, props, bucket: block.bucket, target, isReference };
    }),
  ];
}

function resource(type: string, name: string, props: Props, from: readonly string[] = []): Resource {
  const propertyDependencies = { bucket: [...from] };
  return { type, urn: urn(name, type), name, props, provider: known, propertyDependencies };
}

const noneInside = (model: Model): Model => ({
  ...model,
  buckets: model.buckets.map((bucket) => ({ ...bucket, inside: undefined })),
});

/** By types that have each part as a resource of its own. */
function apart(
  name: string,
  types: Types,
  made = (part: Part): Resource => {
    const from = part.isReference ? [urn(`bucket${part.bucket}`, types.bucket)] : [];
    return resource(types[part.kind], part.name, part.props, from);
  },
  within = noneInside,
): Road {
  return { name, within, render: (model, dice) => partsOf(model, dice).map(made) };
}

const AWS: Types = {
  bucket: "aws:s3/bucket:Bucket",
  policy: "aws:s3/bucketPolicy:BucketPolicy",
  block: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
};
const BRIDGED: Types = {
  bucket: "aws:index/s3Bucket:S3Bucket",
  policy: "aws:index/s3BucketPolicy:S3BucketPolicy",
  block: "aws:index/s3BucketPublicAccessBlock:S3BucketPublicAccessBlock",
};
const TERRAFORM: Types = {
  bucket: "aws_s3_bucket",
  policy: "aws_s3_bucket_policy",
  block: "aws_s3_bucket_public_access_block",
};

/** In Terraform modules, of which each has one bucket: nothing tells where the name in a block comes from. */
function inModule({ kind, name, props, bucket }: Part): Resource {
  const type = TERRAFORM[kind];
  const address = `module.m${bucket}.${type}.${name}`;
  return {
    ...resource(`site:tf:${type}`, address, renamed(props, snakeCase)),
    provider: provider({}, "site"),
  };
}

/** A state has no unknown values, and names in the place of references. */
function inState({ kind, name, props, target = "" }: Part): Resource {
  const type = `pulumi:terraform:${TERRAFORM[kind]}`;
  return {
    type,
    urn: urn(name, type),
    name,
    props: { id: target, ...renamed(props, snakeCase), bucket: target },
  };
}

const settled = <T>(value: Maybe<T>, otherwise: T | undefined): T | undefined =>
  value === NOT_KNOWN ? otherwise : value;
const settledFlags = (flags: Flags): Flags => flags.map((flag) => settled(flag, false));

const settledModel = (model: Model): Model => ({
  buckets: noneInside(model).buckets.map((bucket, at) => ({
    ...bucket,
    name: bucket.name ?? `made${at}`,
    acl: settled(bucket.acl, undefined),
    policy: settled(bucket.policy, "public"),
  })),
  blocks: model.blocks.map((block) => ({ ...block, flags: settledFlags(block.flags) })),
});

/** `public-read` of @pulumi/aws is `PublicRead` of CloudFormation. */
const cannedOf = (acl: ModelBucket["acl"]): Maybe<string> =>
  typeof acl === "string" ? acl.split("-").map(pascalCase).join("") : acl;

/** By CloudFormation's properties: the block is inside of the bucket, and those of @pulumi/aws count as well. */
function inside(
  name: string,
  made: (name: string, kind: "Bucket" | "BucketPolicy", props: Props, isHidden: boolean) => Resource,
  within = (model: Model): Model => model,
): Road {
  const render = (model: Model, dice: Dice): Resource[] => {
    const buckets = model.buckets.map(({ name: BucketName, acl, inside: flags, isHidden }, at) => {
      const PublicAccessBlockConfiguration = flags && renamed(flagsOf(flags), pascalCase);
      const props = told({ BucketName, AccessControl: cannedOf(acl), PublicAccessBlockConfiguration });
      return made(`bucket${at}`, "Bucket", props, isHidden);
    });
    const policies = model.buckets.flatMap(({ policy }, at) => {
      const props = told({ Bucket: UNKNOWN, PolicyDocument: documentOf(policy) as Maybe<Value> });
      return policy === undefined ? [] : [made(`policy${at}`, "BucketPolicy", props, policy === NOT_KNOWN)];
    });
    return [...buckets, ...policies, ...blocksOn(buckets, model, dice)];
  };
  return { name, within, render };
}

/** The blocks of @pulumi/aws, for buckets by any road. */
function blocksOn(buckets: readonly Resource[], model: Model, dice: Dice): Resource[] {
  const blocks = partsOf(model, dice).filter(({ kind }) => kind === "block");
  return blocks.map(({ name, props, bucket, isReference }) => {
    const from = isReference ? buckets.slice(bucket, bucket + 1).map((each) => each.urn) : [];
    return resource(AWS.block, name, props, from);
  });
}

const camelCase = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
function inNative(name: string, kind: string, props: Props): Resource {
  const block = props.PublicAccessBlockConfiguration as Props | undefined;
  const publicAccessBlockConfiguration = block && renamed(block, camelCase);
  const all = { ...renamed(props, camelCase), ...(block && { publicAccessBlockConfiguration }) };
  return resource(`aws-native:s3:${kind}`, name, { tags: [], ...(all as Props) });
}

const CONTROL = "aws:cloudcontrol/resource:Resource";
const UNKNOWN_FLAGS: Flags = [NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN];

/** The properties are one text: it is known as a whole, or not at all. */
const inOneText = ({ buckets, blocks }: Model): Model => ({
  blocks,
  buckets: buckets.map(({ acl, policy, inside: flags, ...rest }) =>
    rest.isHidden
      ? {
          ...{ ...rest, name: undefined, acl: NOT_KNOWN, policy: policy && NOT_KNOWN },
          inside: UNKNOWN_FLAGS,
        }
      : { ...rest, acl: settled(acl, undefined), policy, inside: flags && settledFlags(flags) },
  ),
});

const REST = parseTemplate(`
Parameters:
  On: { Type: String, Default: "true" }
  Off: { Type: String, Default: "true" }
  Ssm: { Type: "AWS::SSM::Parameter::Value<String>", Default: /x }
  Open: { Type: String, Default: "true" }
  Text: { Type: String, Default: data }
Mappings: { All: { Flags: { "On": true, "Off": false } } }
Conditions:
  IsOn: !Equals [!Ref On, "true"]
  IsOff: !Not [!Condition IsOn]
  Maybe: !Equals [!Ref AWS::AccountId, "1"]
`).template as object;
const PARAMETERS: Props = { Off: "false", Open: UNKNOWN };

/** Ways to say the same in a template; AT is the number in a bucket's name. */
const FORMS = parseTemplate(`
on:
  - [true, "true", "yes", !Ref On, !If [IsOn, true, false], !If [Maybe, true, !Ref On]]
  - [!FindInMap [All, Flags, "On"], !FindInMap [All, Flags, None, { DefaultValue: true }]]
  - [!Select [1, [!If [Maybe, a, b], "true"]], !Join ["", [tr, !If [Maybe, ue, ue]]]]
off:
  - [false, "false", !Ref Off, !If [IsOff, true, false], !FindInMap [All, Flags, "Off"]]
  - [!Select [1, [!If [Maybe, a, "true"], "false"]]]
none:
  - [null, !Ref AWS::NoValue, !If [IsOn, !Ref AWS::NoValue, true]]
unknown:
  - [!Ref Ssm, !Ref Open, !ImportValue x, "{{resolve:ssm:x}}", !If [Maybe, true, false], !Transform { Name: x }]
  - [!Select [9, ["true"]], !Select [1, [!If [Maybe, !Ref AWS::NoValue, "true"], "true", "false"]]]
named:
  - [dataAT, !Sub "\${Text}AT", !Join ["", [!Ref Text, AT]]]
nameless:
  - [null, !Ref AWS::NoValue, !Sub "\${AWS::AccountId}-data", !Ref Ssm]
  - [!Join ["", [data, !If [Maybe, "0", !Ref AWS::NoValue]]]]
condition:
  - [null, IsOn, Maybe]
`).template as Record<string, unknown[][]>;

/** What a template has for a property, without what isn't there. */
function templateOf({ name, acl, policy, inside: flags }: ModelBucket, dice: Dice): object {
  const pick = (form: string, others: readonly unknown[] = []): unknown => {
    const all = [...(FORMS[form] ?? []).flat(), ...others];
    return all[dice(all.length)] ?? undefined;
  };
  const flag = (is: Maybe<boolean>): unknown =>
    pick(is === true ? "on" : is === false ? "off" : is === undefined ? "none" : "unknown");
  const root = { AWS: { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" } };
  const either = (condition: string): object => ({
    "Fn::If": [condition, DOCUMENTS.public, DOCUMENTS.private],
  });
  const documents = {
    public: [DOCUMENTS.public, either("IsOn")],
    private: [DOCUMENTS.private, statement(root), either("IsOff")],
  };
  const canned = cannedOf(acl);
  const Data = {
    Type: "AWS::S3::Bucket",
    Condition: pick("condition"),
    Properties: {
      BucketName: name === undefined ? pick("nameless") : pick("named"),
      AccessControl: canned === NOT_KNOWN ? pick("unknown") : canned,
      PublicAccessBlockConfiguration:
        flags && Object.fromEntries(FLAGS.map((key, at) => [pascalCase(key), flag(flags[at])])),
    },
  };
  const PolicyDocument = typeof policy === "string" ? pick("", documents[policy]) : pick("unknown");
  const Policy = {
    Type: "AWS::S3::BucketPolicy",
    Condition: pick("condition"),
    Properties: { Bucket: { Ref: "Data" }, PolicyDocument },
  };
  const Gone = { Type: "AWS::S3::Bucket", Condition: "IsOff" };
  const Resources = { Data, ...(policy !== undefined && { Policy }), ...(dice(2) === 0 && { Gone }) };
  const number = name?.replace("data", "") ?? "";
  return JSON.parse(JSON.stringify({ ...REST, Resources }).replace(/AT(?=")/g, number)) as object;
}

const closed = { name: undefined, acl: undefined, isHidden: false, policy: "private" } as const;
const base = templateOf({ ...closed, inside: [true, true, true, true] }, (sides) => sides - 1);
const { Data, Policy } = (base as { Resources: Record<string, object> }).Resources;

/** A template with an open bucket, a locked one, and a policy that isn't public. */
export const SAMPLE = {
  ...base,
  Resources: {
    Open: { Type: "AWS::S3::Bucket", Properties: { Tags: [{ Key: "a", Value: "b" }] } },
    ...{ Locked: Data, Policy },
  },
};

export const asYaml = (template: unknown): string =>
  stringify(template, {
    ...{ version: "1.1", aliasDuplicateObjects: false, lineWidth: 0 },
    ...{ defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" },
  });

/** A stack for each bucket, since a name that comes from a stack's outputs may be that of any bucket in it. */
function cloudFormation(name: string, type: string, write: (template: object) => string): Road {
  const render = (model: Model, dice: Dice): Resource[] => {
    const stacks = model.buckets.map((bucket, at) => {
      const templateBody = write(templateOf(bucket, dice));
      return resource(type, `bucket${at}`, { templateBody, parameters: PARAMETERS, outputs: UNKNOWN });
    });
    return [...stacks, ...blocksOn(stacks, model, dice)];
  };
  return { name, within: (model) => model, render };
}

const asJson = (template: object): string => JSON.stringify(template);

export const ROADS: readonly Road[] = [
  apart("@pulumi/aws", AWS),
  apart("bridged on the fly", BRIDGED),
  apart("Terraform module", TERRAFORM, inModule),
  apart("Terraform state", TERRAFORM, inState, settledModel),
  inside("aws-native", inNative),
  inside("ExtensionResource", (name, kind, properties) =>
    resource("aws-native:index:ExtensionResource", name, { type: `AWS::S3::${kind}`, properties }),
  ),
  inside(
    "Cloud Control",
    (name, kind, props, isHidden) =>
      resource(CONTROL, name, {
        typeName: `AWS::S3::${kind}`,
        desiredState: isHidden ? UNKNOWN : JSON.stringify(props),
      }),
    inOneText,
  ),
  cloudFormation("CloudFormation in JSON", "aws:cloudformation/stack:Stack", asJson),
  cloudFormation("CloudFormation in YAML", "aws:cloudformation/stack:Stack", asYaml),
  cloudFormation("CloudFormation by aws-native", "aws-native:cloudformation:Stack", asJson),
];
