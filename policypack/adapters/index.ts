import type { Resource } from "../engine/resource";
import { NATIVE_BUCKET } from "../aws/types";
import { quoted } from "../findings/finding";
import { lines } from "../findings/sentences.json";
import { filled } from "../lib/case";
import { byUrn, groupBy, memoized } from "../lib/lists";
import { resourceOfCloudControl, resourceOfExtension } from "./cloud-control";
import { resourcesOfTemplate } from "./cloudformation";
import { isView, modulesOf, resourceOfTerraform, typeOfTerraform } from "./terraform";
import { CLOUD_CONTROL, EXTENSION, isTemplate, mayMakeBucket } from "./types";
import { unseen } from "./unseen";

type Adapter = (resource: Resource) => readonly Resource[];

/**
 * The ways to make a bucket without @pulumi/aws' or @pulumi/aws-native's types of aws.s3: which types an adapter recognizes, and
 * the adapter, from one resource to those that it stands for, in types that policies know. Policies see nothing else.
 */
const ADAPTERS: readonly (readonly [recognizes: (type: string) => boolean, adapter: Adapter])[] = [
  [isTemplate, resourcesOfTemplate],
  [(type) => type === CLOUD_CONTROL, resourceOfCloudControl],
  [(type) => type === EXTENSION, resourceOfExtension],
  [(type) => typeOfTerraform(type) !== undefined, resourceOfTerraform],
  [mayMakeBucket, () => []], // There is a note on each of these types.
];

const adapterOf = memoized((type: string) => ADAPTERS.find(([recognizes]) => recognizes(type))?.[1]);

export function isAdapted(type: string): boolean {
  return adapterOf(type) !== undefined;
}

/** Translates resources into the types that policies know: those in templates, in states, and of other providers' types. */
export function adapt(resources: readonly Resource[]): readonly Resource[] {
  // Most stacks have none; an audit asks for each resource.
  if (!resources.some(({ type }) => isAdapted(type))) return resources;
  const ends = resources.map((origin) => ({ origin, found: follow(origin) }));
  const inModules = modulesOf(resources);
  const all = ends.flatMap(({ origin, found }) => found.flatMap((each) => inModules(origin, each)));
  const inStacks = ends.flatMap(({ found }) =>
    found.filter(({ on, type }) => on !== undefined && type === NATIVE_BUCKET),
  );
  const byStack = groupBy(inStacks, ({ on }) => on);
  if (byStack.size === 0) return [...all, ...unknownTypes(resources)];
  // A resource made from a stack's outputs is made from the buckets of the stack.
  const bucketsOf = (urn: string): string[] => byStack.get(urn)?.map((bucket) => bucket.urn) ?? [urn];
  const withBuckets = all.map((each) => ({
    ...each,
    references: (key: string) => each.references(key).flatMap(bucketsOf),
  }));
  return [...withBuckets, ...unknownTypes(resources)];
}

/** The properties that hold other resources: of one that is a secret, nothing inside is quoted. */
const BODIES = ["templateBody", "parameters", "desiredState", "properties"];

/** A template may hold another one, and Terraform a template. */
function follow(resource: Resource): readonly Resource[] {
  const adapter = adapterOf(resource.type);
  if (adapter === undefined) return [resource];
  const isSecret = (key: string): boolean => [key, ...BODIES].some(resource.isSecret);
  return adapter(resource).flatMap((each) => follow({ ...each, isSecret }));
}

/** One note a type: whatever it makes is evaluated by nobody. */
function unknownTypes(resources: readonly Resource[]): Resource[] {
  // A resource without a provider that isn't Terraform's is a component; its resources are in the stack themselves.
  const odd = resources
    .filter((each) => mayMakeBucket(typeOfTerraform(each.type) ?? each.type))
    .filter((each) => each.provider !== undefined || isView(each))
    .sort(byUrn);
  return [...groupBy(odd, ({ type }) => type)].map(([type, [first, ...others]]) => {
    const who = `${quoted(first.urn)} ${others.length === 0 ? "has" : `and ${others.length} more have`}`;
    return unseen(first, filled(lines["unknown-type"], { who, type }), true);
  });
}
