import type { Resource } from "../engine/resource";
import { quoted } from "../findings/finding";
import { lines } from "../findings/sentences.json";
import { camelCase, capitalized, filled, snakeCase } from "../lib/case";
import { groupBy } from "../lib/lists";
import { nameIn } from "../lib/urn";
import { isObject, type Read, UNKNOWN } from "../lib/values";
import { terraform } from "./names.json";
import { unseen } from "./unseen";

/*
 * Terraform's AWS provider by other roads than @pulumi/aws.
 *
 * - Bridged on the fly, also by Pulumi's HCL: `aws:index/s3Bucket:S3Bucket`, properties as in @pulumi/aws
 *   (dynamic/info.go and tokens.MakeStandard of pulumi-terraform-bridge)
 * - In a Terraform module: `PKG:tf:aws_s3_bucket`, with the package's name that the program chose; properties as
 *   Terraform has them (childResourceTypeToken in pkg/modprovider/child.go of pulumi-terraform-module)
 * - Terraform's state in Pulumi Cloud: `pulumi:terraform:aws_s3_bucket`, likewise ("Store Terraform State in Pulumi Cloud",
 *   which also says that policies see the types of @pulumi/aws where it can map them)
 */
const BRIDGED = /^aws:index\/\w+:(\w+)$/;
const MODULE = /^[^:]+:tf:aws_(\w+)$|^pulumi:terraform:aws_(\w+)$/;

/** The types that @pulumi/aws calls otherwise than by the module and the rest of Terraform's name. */
const RENAMED: Readonly<Record<string, string>> = terraform.renamed;
/** Modules with types that policies read. */
const NAMED = new RegExp(`^(${terraform.modules.replaceAll(" ", "|")})_(\\w+)$`);

/** The type of @pulumi/aws; undefined for what isn't a road, or is of no interest. */
export function typeOfTerraform(type: string): string | undefined {
  const bridged = BRIDGED.exec(type)?.[1];
  const [, inModule, inState] = MODULE.exec(type) ?? [];
  const name = bridged === undefined ? (inModule ?? inState) : snakeCase(bridged);
  if (name === undefined) return undefined;
  if (Object.hasOwn(RENAMED, name)) return RENAMED[name];
  const [, module, rest] = NAMED.exec(name) ?? [];
  if (module === undefined || rest === undefined) return undefined;
  const own = camelCase(...rest.split("_"));
  return `aws:${module}/${own}:${capitalized(own)}`;
}

export function resourceOfTerraform(resource: Resource): readonly Resource[] {
  const type = typeOfTerraform(resource.type);
  if (type === undefined) return [];
  if (BRIDGED.test(resource.type)) {
    const { isWithoutInputs, read } = resource;
    // Without inputs, what isn't known before the update is the provider's to fill in, and no ACL or policy of the program.
    const isFilledIn = (key: string): boolean => COMPUTED.includes(key) && read(key) === UNKNOWN;
    if (!isWithoutInputs || read("arn") !== UNKNOWN) return [{ ...resource, type }];
    return [{ ...resource, type, read: (key) => (isFilledIn(key) ? undefined : read(key)) }];
  }
  const isHidden = isView(resource);
  const by =
    (read: Read): Read =>
    (key) => {
      const value = isHidden ? UNKNOWN : read(PLURAL[key] ?? snakeCase(key));
      return STRUCTURES.includes(key) ? inner(key, value) : value;
    };
  return [{ ...resource, type, read: by(resource.read), input: by(resource.input) }];
}

const COMPUTED = ["acl", "grants", "policy"];

/**
 * Recent versions of pulumi-terraform-module make views of their resources (pkg/modprovider/views.go). The engine sends a
 * policy their types and names, but none of their properties. Of older versions' resources it sends all but the inputs
 * that begin with "__" (SkipInternalKeys in sdk/go/common/resource/plugin/analyzer_plugin.go).
 */
export function isView({ type, hasOutputs, hasInputs, inThisRun }: Resource): boolean {
  return MODULE.test(type) && inThisRun && !hasOutputs && !hasInputs;
}

/** The resource's module in Terraform: `module.site.aws_s3_bucket.this[0]` is in `module.site`. */
function moduleOf({ type, urn }: Resource): string | undefined {
  const found = MODULE.test(type) ? /^(?:(.*)\.)?aws_\w+\.[^.]+$/s.exec(nameIn(urn)) : null;
  return found === null ? undefined : `${type.split(":", 1)[0] ?? ""}:${found[1] ?? ""}`;
}

/** `this[0]` of `module.site.aws_s3_bucket.this[0]`, in its module. */
const placeOf = (resource: Resource): string =>
  `${moduleOf(resource) ?? ""}.${/\baws_\w+\.(.*)/s.exec(nameIn(resource.urn))?.[1] ?? ""}`;

const isBucket = ({ type }: Resource): boolean => type.endsWith(":aws_s3_bucket");

const MOST_NAMED = 100;

/**
 * In a Terraform module the bucket's name of a block isn't known before the update, and nothing shows where it comes from. It is
 * taken to be the bucket of the same module, where there is one. Of several buckets it is the one that is called alike,
 * `this["eu"]`, though nothing proves it: besides the module, which is none of them. All of them for each of as many blocks
 * would be more than anyone can evaluate.
 */
export function modulesOf(resources: readonly Resource[]): (origin: Resource, found: Resource) => Resource[] {
  const inModules = resources.filter((each) => each.inThisRun && moduleOf(each) !== undefined);
  const buckets = groupBy(inModules.filter(isBucket), moduleOf);
  const alike = groupBy(inModules.filter(isBucket), placeOf);
  const blocks = inModules.filter(({ type }) => type.endsWith(":aws_s3_bucket_public_access_block"));
  const withBlock = new Set(blocks.map(moduleOf));
  return (origin, found) => {
    const module = moduleOf(origin);
    if (module === undefined) return [found];
    if (isBucket(origin) && isView(origin) && withBlock.has(module)) {
      return [unseen(origin, filled(lines["hidden-module"], { it: quoted(origin.urn) }), false)];
    }
    const all = buckets.get(module) ?? [];
    const name = found.read("bucket");
    if (isBucket(origin) || all.length === 0 || (name !== UNKNOWN && name !== undefined)) return [found];
    const targets = (all.length === 1 ? all : (alike.get(placeOf(origin)) ?? all.slice(0, MOST_NAMED))).map(
      ({ urn }) => urn,
    );
    const urns = all.length === 1 ? targets : [...targets, module];
    return [{ ...found, references: (key) => (key === "bucket" ? urns : found.references(key)) }];
  };
}

/** Lists in Terraform, in @pulumi/aws by their plural or without a list: "MaxItems: 1" in the provider's schema. */
const PLURAL: Readonly<Record<string, string>> = terraform.plural;
const SINGLE = terraform.single;
const STRUCTURES = [...terraform.lists.split(" "), ...SINGLE];

function inner(key: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    const list = value as unknown[];
    return SINGLE.includes(key) && list.length <= 1 ? inner(key, list[0]) : list.map((each) => inner("", each));
  }
  if (!isObject(value)) return value;
  const nameOf = (name: string): string => (name === "grant" ? "grants" : camelCase(...name.split("_")));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [nameOf(name), inner(name, each)]));
}
