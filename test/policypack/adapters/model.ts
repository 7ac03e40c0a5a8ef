import fc from "fast-check";
import { stringify } from "yaml";
import { parseTemplate } from "../../../policypack/adapters/template-text";
import { capitalized, decapitalized, snakeCase } from "../../../policypack/lib/case";
import { UNKNOWN as NOT_KNOWN } from "../../../policypack/lib/values";
import { UNKNOWN, type Props, type Resource, type Value } from "../../harness/engine/analyzer";
import { textOf } from "../../testdata";
import { evaluate, type Block, type Named } from "../oracle";
import { known, ON, provider, urn } from "../resources";

/*
 * Buckets and all that makes them open, in words that no road has. The oracle of the bucket rule says what is to be found,
 * whichever road it is, and each road writes the model in the words that the engine has for it. There are many ways to say
 * the same, of which the dice choose. Nothing here is shared with the adapters, except what reads the short forms of YAML.
 */

/** It may be known, unknown before the update, or not there. */
type Maybe<T> = T | typeof NOT_KNOWN | undefined;
type Flags = readonly Maybe<boolean>[];

interface ModelBucket {
  /** Undefined where AWS or the provider gives it one. */
  readonly name: string | undefined;
  readonly acl: Maybe<string>;
  readonly policy: Maybe<"public" | "private">;
  /** The block inside of the bucket. */
  readonly inside: Flags | undefined;
  /** Whether nothing of the bucket is known before the update, where a road has such a thing. */
  readonly isHidden: boolean;
}

/** A block beside the buckets. */
interface ModelBlock {
  readonly flags: Flags;
  /** The place of a bucket in the list. */
  readonly bucket: number;
  /** By a reference, by the bucket's name written out, or by a name that no bucket has. */
  readonly way: "reference" | "name" | "other";
}

export interface Model {
  readonly buckets: readonly ModelBucket[];
  readonly blocks: readonly ModelBlock[];
}

const all = (flag: Maybe<boolean>): Flags => [flag, flag, flag, flag];
const flag = fc.constantFrom<Maybe<boolean>>(true, true, false, NOT_KNOWN, undefined);
const flags: fc.Arbitrary<Flags> = fc.oneof(
  { weight: 7, arbitrary: fc.constant(all(true)) },
  fc.tuple(fc.nat(3), flag).map(([at, value]) => all(true).with(at, value)),
  fc.tuple(flag, flag, flag, flag),
);
const seldom = <T>(...values: T[]): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, fc.constantFrom(...values));

const bucket: fc.Arbitrary<Omit<ModelBucket, "name"> & { isNamed: boolean }> = fc.record({
  isNamed: fc.boolean(),
  acl: seldom<Maybe<string>>("private", "public-read", "public-read-write", "authenticated-read", NOT_KNOWN),
  policy: seldom<Maybe<"public" | "private">>("public", "private", NOT_KNOWN),
  inside: fc.oneof(fc.constant(undefined), flags),
  isHidden: fc.nat(9).map((number) => number === 0),
});
const way = fc.constantFrom<ModelBlock["way"]>("reference", "reference", "name", "other");

export const models: fc.Arbitrary<Model> = fc
  .tuple(
    fc.array(bucket, { minLength: 1, maxLength: 2 }),
    fc.array(fc.record({ flags, bucket: fc.nat(1), way }), { maxLength: 4 }),
  )
  .map(([buckets, blocks]) => ({
    buckets: buckets.map(({ isNamed, ...rest }, at) => ({ ...rest, name: isNamed ? `data${at}` : undefined })),
    blocks: blocks.map((block) => ({ ...block, bucket: block.bucket % buckets.length })),
  }));

/** The name that a block gives, as far as it is told; a reference may tell it or not. */
function nameIn({ buckets }: Model, { bucket, way }: ModelBlock): string | undefined {
  return way === "other" ? "no-bucket" : (buckets[bucket]?.name ?? (way === "name" ? "guessed" : undefined));
}

/** What is to be found: the level, the policy, and the place of the bucket or, of flags, of the block. */
export function expected(model: Model): string[] {
  const scope = { provider: "default", partition: "aws" };
  const buckets = model.buckets.map(({ name = NOT_KNOWN }, at): Named => {
    return { urn: `bucket${at}`, name, from: [], scope, isSettled: true };
  });
  const inside = buckets.flatMap((bucket, at): Block[] => {
    const flags = model.buckets[at]?.inside;
    const own = { name: NOT_KNOWN, from: [bucket.urn], isSettled: false, inThisRun: true, staysOn: false };
    return flags === undefined ? [] : [{ ...bucket, ...own, flags }];
  });
  const beside = model.blocks.map((block, at): Block => {
    const from = block.way === "reference" ? [`bucket${block.bucket}`] : [];
    const rest = { scope, flags: block.flags, isSettled: true, inThisRun: true, staysOn: true };
    return { urn: `block${at}`, name: nameIn(model, block) ?? NOT_KNOWN, from, ...rest };
  });
  const verdicts = evaluate({ buckets, companions: [], blocks: [...inside, ...beside] });
  const weak = new Set(verdicts.flatMap(([, verdict]) => (verdict?.kind === "weak" ? verdict.blocks : [])));
  const level = (isNote: boolean): string => (isNote ? "advisory" : "mandatory");
  const of = (policy: string, at: number, value: unknown): string[] =>
    value === undefined || value === "private" ? [] : [`${level(value === NOT_KNOWN)} ${policy} ${at}`];
  return [
    ...verdicts.flatMap(([, verdict], at) =>
      verdict === undefined
        ? []
        : [`${level(verdict.kind === "shared" || verdict.kind === "by-name")} s3-bucket-public-access-block ${at}`],
    ),
    ...model.buckets.flatMap(({ acl, policy }, at) => [
      ...of("s3-no-public-acl", at, acl),
      ...of("s3-no-public-bucket-policy", at, policy),
    ]),
    ...model.blocks.flatMap(({ flags: given }, at) => {
      const isSaid = given.every((each) => each === true) || weak.has(`block${at}`);
      return isSaid ? [] : [`mandatory s3-public-access-block-flags ${at}`];
    }),
  ].sort();
}

/** A number from 0 on, and less than `sides`. */
export type Dice = (sides: number) => number;

export interface Road {
  readonly name: string;
  /** The model as far as the road has words for it. */
  readonly within: (model: Model) => Model;
  readonly render: (model: Model, dice: Dice) => Resource[];
}

const FLAGS = Object.keys(ON);

const renamed = (props: Props, rename: (name: string) => string): Props =>
  Object.fromEntries(Object.entries(props).map(([key, value]) => [rename(key), value]));

/** Properties without those that aren't there. */
const there = (facts: Record<string, Maybe<Value>>): Props =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([key, fact]): [string, Value][] =>
      fact === undefined ? [] : [[key, fact === NOT_KNOWN ? UNKNOWN : fact]],
    ),
  );
const flagsOf = (flags: Flags): Props => there(Object.fromEntries(FLAGS.map((name, at) => [name, flags[at]])));

const statement = (Principal: Value): Props => ({
  Statement: [{ Effect: "Allow", Principal, Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" }],
});
const DOCUMENTS = { public: statement("*"), private: statement({ AWS: "arn:aws:iam::123456789012:root" }) };

type Kind = "bucket" | "policy" | "block";
/** A bucket, and what else its road has for it. */
type Parts = (bucket: ModelBucket, at: number, dice: Dice) => [Resource, ...Resource[]];
type Make = (kind: Kind, name: string, props: Props, from: readonly string[], bucket: number) => Resource;

function resource(type: string, name: string, props: Props, from: readonly string[] = []): Resource {
  const propertyDependencies = { bucket: [...from] };
  return { type, urn: urn(name, type), name, props, provider: known, propertyDependencies };
}

/** The resources of each bucket, itself first, and the blocks beside them, whose bucket is a reference or a name. */
function road(name: string, make: Make, bucketOf: Parts, within: Road["within"] = (model) => model): Road {
  const render = (model: Model, dice: Dice): Resource[] => {
    const buckets = model.buckets.map((each, at) => bucketOf(each, at, dice));
    const blocks = model.blocks.map((block, at) => {
      const [target, isReference] = [nameIn(model, block), block.way === "reference"];
      const bucket: Value = isReference && dice(2) === 0 ? UNKNOWN : (target ?? UNKNOWN);
      const from = isReference ? buckets.slice(block.bucket, block.bucket + 1).map(([{ urn }]) => urn) : [];
      const props: Props = { bucket, skipDestroy: true, ...flagsOf(block.flags) };
      return make("block", `block${at}`, props, from, block.bucket);
    });
    return [...buckets.flat(), ...blocks];
  };
  return { name, within, render };
}

const noneInside = ({ buckets, blocks }: Model): Model => ({
  buckets: buckets.map((bucket) => ({ ...bucket, inside: undefined })),
  blocks,
});

/** By types that have each part as a resource of its own. */
function apart(name: string, make: Make, within = noneInside): Road {
  const bucketOf: Parts = ({ name, acl, policy }, at) => {
    const bucket: Value = name ?? UNKNOWN;
    const made = make("bucket", `bucket${at}`, there({ bucket, forceDestroy: false, acl }), [], at);
    if (policy === undefined) return [made];
    const document = policy === NOT_KNOWN ? UNKNOWN : JSON.stringify(DOCUMENTS[policy]);
    return [made, make("policy", `policy${at}`, { bucket, policy: document }, [made.urn], at)];
  };
  return road(name, make, bucketOf, within);
}

const by =
  (types: Readonly<Record<Kind, string>>): Make =>
  (kind, ...rest) =>
    resource(types[kind], ...(rest.slice(0, 3) as [string, Props, string[]]));
const typesOf = (type: (name: string) => string): Readonly<Record<Kind, string>> => ({
  ...{ bucket: type("bucket"), policy: type("bucketPolicy"), block: type("bucketPublicAccessBlock") },
});
const byAws = by(typesOf((name) => `aws:s3/${name}:${capitalized(name)}`));
const TERRAFORM = typesOf((name) => `aws_s3_${snakeCase(name)}`);
const BRIDGED = typesOf((name) => `aws:index/s3${capitalized(name)}:S3${capitalized(name)}`);

/** In Terraform modules, of which each has one bucket: nothing says where the name in a block comes from. */
const inModule: Make = (kind, name, props, _, bucket) => {
  const type = TERRAFORM[kind];
  const made = resource(`site:tf:${type}`, `module.m${bucket}.${type}.${name}`, renamed(props, snakeCase));
  return { ...made, provider: provider({}, "site") };
};

/** A state has no unknown values, and names in the place of references. */
const inState: Make = (kind, name, props, _, at) => {
  const type = `pulumi:terraform:${TERRAFORM[kind]}`;
  const bucket = props.bucket === UNKNOWN ? nameInState(at) : (props.bucket ?? "");
  return { type, urn: urn(name, type), name, props: { id: bucket, ...renamed(props, snakeCase), bucket } };
};

/** Each bucket has a name in a state, the same with each model. */
const nameInState = (at: number): string => `data${at}`;
const settled = <T>(value: Maybe<T>, otherwise: T | undefined): T | undefined =>
  value === NOT_KNOWN ? otherwise : value;
const settledFlags = (flags: Flags): Flags => flags.map((flag) => settled(flag, false));
const settledModel = (model: Model): Model => ({
  buckets: noneInside(model).buckets.map((bucket, at) => ({
    ...{ ...bucket, name: nameInState(at), acl: settled(bucket.acl, undefined) },
    policy: settled(bucket.policy, "public"),
  })),
  blocks: model.blocks.map((block) => ({ ...block, flags: settledFlags(block.flags) })),
});

/** `public-read` of @pulumi/aws is `PublicRead` of CloudFormation. */
const cannedOf = (acl: ModelBucket["acl"]): Maybe<string> =>
  typeof acl === "string" ? acl.split("-").map(capitalized).join("") : acl;

/** By CloudFormation's properties: the block is inside of the bucket, and those of @pulumi/aws count as well. */
function inside(
  name: string,
  made: (name: string, kind: "Bucket" | "BucketPolicy", props: Props, isHidden: boolean) => Resource,
  within?: Road["within"],
): Road {
  const bucketOf: Parts = ({ name: BucketName, acl, policy, inside: flags, isHidden }, at) => {
    const PublicAccessBlockConfiguration = flags && renamed(flagsOf(flags), capitalized);
    const props = there({ BucketName, AccessControl: cannedOf(acl), PublicAccessBlockConfiguration });
    const itself = made(`bucket${at}`, "Bucket", props, isHidden);
    if (policy === undefined) return [itself];
    const PolicyDocument = policy === NOT_KNOWN ? UNKNOWN : DOCUMENTS[policy];
    const document: Props = { Bucket: UNKNOWN, PolicyDocument };
    return [itself, made(`policy${at}`, "BucketPolicy", document, policy === NOT_KNOWN)];
  };
  return road(name, byAws, bucketOf, within);
}

/** The properties are one text: it is known as a whole, or not at all. */
const inOneText = ({ buckets, blocks }: Model): Model => ({
  blocks,
  buckets: buckets.map(({ acl, policy, inside: flags, ...rest }) =>
    rest.isHidden
      ? { ...rest, name: undefined, acl: NOT_KNOWN, policy: policy && NOT_KNOWN, inside: all(NOT_KNOWN) }
      : { ...rest, acl: settled(acl, undefined), policy, inside: flags && settledFlags(flags) },
  ),
});

const { given, head, forms, sample } = parseTemplate(textOf("template-forms.yaml")).template as {
  given: Props;
  head: object;
  forms: Record<string, unknown[]>;
  sample: object;
};

const filledIn = (template: object, number = ""): object =>
  JSON.parse(
    JSON.stringify(template)
      .replace(/AT(?=")/g, number)
      .replaceAll('"PUBLIC"', JSON.stringify(DOCUMENTS.public))
      .replaceAll('"PRIVATE"', JSON.stringify(DOCUMENTS.private)),
  ) as object;

/** A template with an open bucket, a locked one, and a policy that isn't public; the parameters that it is given. */
export const SAMPLE = filledIn({ ...head, Resources: sample });
export const GIVEN = given;

/** A template with the bucket and its policy, and at times a bucket that is never made. */
function templateOf({ name, acl, policy, inside: flags }: ModelBucket, dice: Dice): object {
  const pick = (form: string): unknown => forms[form]?.[dice(forms[form].length)] ?? undefined;
  const known = (value: Maybe<unknown>, otherwise = value): unknown =>
    value === NOT_KNOWN ? pick("unknown") : otherwise;
  const flag = (is: Maybe<boolean>): unknown => known(is, pick(is === undefined ? "none" : is === true ? "on" : "off"));
  const made = (Type: string, Properties: object): object => ({ Type, Condition: pick("condition"), Properties });
  const Data = made("AWS::S3::Bucket", {
    BucketName: pick(name === undefined ? "nameless" : "named"),
    AccessControl: known(cannedOf(acl)),
    PublicAccessBlockConfiguration:
      flags && Object.fromEntries(FLAGS.map((key, at) => [capitalized(key), flag(flags[at])])),
  });
  const PolicyDocument = known(policy, pick(String(policy)));
  const Policy = made("AWS::S3::BucketPolicy", { Bucket: { Ref: "Data" }, PolicyDocument });
  const Gone = { Type: "AWS::S3::Bucket", Condition: "IsOff" };
  const Resources = { Data, ...(policy !== undefined && { Policy }), ...(dice(2) === 0 && { Gone }) };
  return filledIn({ ...head, Resources }, name?.replace("data", ""));
}

export const asYaml = (template: unknown): string =>
  stringify(template, {
    ...{ version: "1.1", aliasDuplicateObjects: false, lineWidth: 0 },
    ...{ defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" },
  });

/** A stack for each bucket, since a name that comes from a stack's outputs may be that of any bucket in it. */
function cloudFormation(name: string, type: string, write: (template: object) => string): Road {
  return road(name, byAws, (bucket, at, dice) => {
    const templateBody = write(templateOf(bucket, dice));
    const props: Props = { templateBody, parameters: { ...given, Open: UNKNOWN }, outputs: UNKNOWN };
    return [resource(type, `bucket${at}`, props)];
  });
}

const NATIVE = "PublicAccessBlockConfiguration";

export const ROADS: readonly Road[] = [
  apart("@pulumi/aws", byAws),
  apart("bridged on the fly", by(BRIDGED)),
  apart("Terraform module", inModule),
  apart("Terraform state", inState, settledModel),
  inside("aws-native", (name, kind, { [NATIVE]: block, ...props }) => {
    const inner = block === undefined ? {} : { [decapitalized(NATIVE)]: renamed(block as Props, decapitalized) };
    return resource(`aws-native:s3:${kind}`, name, { tags: [], ...renamed(props, decapitalized), ...inner });
  }),
  inside("ExtensionResource", (name, kind, properties) =>
    resource("aws-native:index:ExtensionResource", name, { type: `AWS::S3::${kind}`, properties }),
  ),
  inside(
    "Cloud Control",
    (name, kind, props, isHidden) => {
      const desiredState = isHidden ? UNKNOWN : JSON.stringify(props);
      return resource("aws:cloudcontrol/resource:Resource", name, { typeName: `AWS::S3::${kind}`, desiredState });
    },
    inOneText,
  ),
  cloudFormation("CloudFormation in JSON", "aws:cloudformation/stack:Stack", JSON.stringify),
  cloudFormation("CloudFormation in YAML", "aws:cloudformation/stack:Stack", asYaml),
  cloudFormation("CloudFormation by aws-native", "aws-native:cloudformation:Stack", JSON.stringify),
];
