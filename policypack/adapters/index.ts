import type { Resource } from "../engine/resource";
import { UNKNOWN } from "../lib/values";
import { quoted } from "../findings/finding";
import { nameIn } from "../lib/urn";
import { resourceOfCloudControl, resourceOfExtension } from "./cloud-control";
import { resourcesOfTemplate } from "./cloudformation";
import { isView, moduleOf, resourceOfTerraform, typeOfTerraform } from "./terraform";
import { CLOUD_CONTROL, EXTENSION, isTemplate, mayMakeBucket } from "./types";
import { unseen } from "./unseen";

/*
 * The ways to make a bucket without @pulumi/aws' or @pulumi/aws-native's types of aws.s3. Each has an adapter: from one
 * resource to those that it stands for, in types that policies know. Policies see nothing else.
 */

/** A type that may be a road, by its beginning: most types are neither, and are asked for at every policy. */
const MAY_BE_ADAPTED =
  /^(?:aws:(?:cloudformation|cloudcontrol|index)\/|aws-native:(?:cloudformation|index):|pulumi:terraform:|[^:]+:tf:aws_)/;

const known = new Map<string, boolean>();

/** Whether there may be resources of interest behind a type. It is asked for every resource, and there are few types. */
export function isAdapted(type: string): boolean {
  let is = known.get(type);
  if (is === undefined) {
    is = (MAY_BE_ADAPTED.test(type) && roadOf(type) !== undefined) || mayMakeBucket(type);
    known.set(type, is);
  }
  return is;
}

type Road = (resource: Resource) => readonly Resource[];

function roadOf(type: string): Road | undefined {
  if (isTemplate(type)) return resourcesOfTemplate;
  if (type === CLOUD_CONTROL) return resourceOfCloudControl;
  if (type === EXTENSION) return resourceOfExtension;
  return typeOfTerraform(type) === undefined ? undefined : resourceOfTerraform;
}

/** What the resources stand for: themselves, or what a template, a state or another provider's type makes of them. */
export function adapt(resources: readonly Resource[]): readonly Resource[] {
  // Most stacks have none; an audit asks for each resource.
  if (!resources.some(({ type }) => isAdapted(type))) return resources;
  const ends = new Map(resources.map((resource) => [resource, follow(resource)]));
  const inModules = new ModuleBuckets(resources);
  const byStack = new Map<string, string[]>();
  for (const { urn, on, type } of [...ends.values()].flat()) {
    if (on !== undefined && type === "aws-native:s3:Bucket") append(byStack, on, urn);
  }
  const all = [...ends].flatMap(([origin, found]) => found.flatMap((each) => inModules.tell(origin, each)));
  const told = byStack.size === 0 ? all : all.map((each) => withBuckets(each, byStack));
  return [...told, ...unknownTypes(resources)];
}

/** What a resource has others in: of one that is a secret, nothing inside is quoted. */
const BODIES = ["templateBody", "parameters", "desiredState", "properties"];

/** A template may hold another one, and Terraform a template. */
function follow(resource: Resource): readonly Resource[] {
  const road = MAY_BE_ADAPTED.test(resource.type) ? roadOf(resource.type) : undefined;
  if (road === undefined) return mayMakeBucket(resource.type) ? [] : [resource];
  const isSecret = (key: string): boolean => [key, ...BODIES].some(resource.isSecret);
  return road(resource)
    .map((each) => ({ ...each, isSecret }))
    .flatMap(follow);
}

/** What is made from a stack's outputs is made from the buckets of the stack. */
function withBuckets(resource: Resource, byStack: ReadonlyMap<string, readonly string[]>): Resource {
  const { references } = resource;
  return { ...resource, references: (key) => references(key).flatMap((urn) => byStack.get(urn) ?? [urn]) };
}

const WAY_OUT = "Only the account's public access block covers it: turn that on (aws.s3.AccountPublicAccessBlock).";

/** One note a type: whatever it makes is evaluated by nobody. */
function unknownTypes(resources: readonly Resource[]): Resource[] {
  // What has no provider and isn't Terraform's is a component, whose resources are in the stack themselves.
  // The engine's order changes from run to run.
  const odd = resources
    .filter((each) => mayMakeBucket(typeOfTerraform(each.type) ?? each.type))
    .filter((each) => each.provider !== undefined || isView(each))
    .sort((one, other) => (one.urn < other.urn ? -1 : 1));
  const byType = new Map<string, Resource[]>();
  for (const each of odd) append(byType, each.type, each);
  return [...byType.values()].flatMap(([resource, ...others]) => {
    if (resource === undefined) return [];
    const more = others.length;
    const who = more === 0 ? "has" : `and ${more} more have`;
    const first = `${quoted(resource.urn)} ${who} the type ${resource.type}, which can make an S3 bucket that this pack can't evaluate.`;
    return unseen(resource, `${first}\n${WAY_OUT}`, true);
  });
}

/**
 * In a Terraform module the bucket's name of a block isn't known before the update, and nothing tells where it comes from.
 * It is taken to be the bucket of the same module, where there is one.
 */
class ModuleBuckets {
  private readonly buckets = new Map<string, Resource[]>();
  private readonly alike = new Map<string, Resource[]>();
  private readonly blocks = new Map<string, Resource[]>();

  constructor(resources: readonly Resource[]) {
    for (const resource of resources) {
      const module = moduleOf(resource);
      if (module === undefined || !resource.inThisRun) continue;
      if (resource.type.endsWith(":aws_s3_bucket")) {
        append(this.buckets, module, resource);
        append(this.alike, `${module}.${labelOf(resource)}`, resource);
      }
      if (resource.type.endsWith(":aws_s3_bucket_public_access_block")) append(this.blocks, module, resource);
    }
  }

  tell(origin: Resource, found: Resource): Resource[] {
    const module = moduleOf(origin);
    if (module === undefined) return [found];
    const isBucket = origin.type.endsWith(":aws_s3_bucket");
    if (isBucket && isView(origin) && this.blocks.has(module)) {
      const message =
        `Bucket ${quoted(origin.urn)} can't be verified: Pulumi tells policies nothing of what is in a Terraform module, ` +
        "the flags of its public access block neither.\nRead the module: if they are on, exempt the bucket.";
      return [unseen(origin, message, false)];
    }
    const buckets = this.buckets.get(module) ?? [];
    const bucket = found.read("bucket");
    if (isBucket || buckets.length === 0 || (bucket !== UNKNOWN && bucket !== undefined)) return [found];
    const { references } = found;
    const urns = this.mayTarget(module, origin, buckets);
    return [{ ...found, references: (key) => (key === "bucket" ? urns : references(key)) }];
  }

  /**
   * Of several buckets the one that is called alike, `this["eu"]`, though nothing proves it: beside the module, which is none
   * of them. All of them for each of as many blocks would be more than anyone can evaluate.
   */
  private mayTarget(module: string, origin: Resource, buckets: readonly Resource[]): readonly string[] {
    if (buckets.length === 1) return buckets.map(({ urn }) => urn);
    const alike = this.alike.get(`${module}.${labelOf(origin)}`);
    return [...(alike ?? buckets.slice(0, MOST_NAMED)).map(({ urn }) => urn), module];
  }
}

const MOST_NAMED = 100;

/** `this[0]` of `module.site.aws_s3_bucket.this[0]`. */
function labelOf({ urn }: Resource): string {
  return /\baws_\w+\.(.*)/s.exec(nameIn(urn))?.[1] ?? "";
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
