import type { Resource } from "../engine/resource";
import { camelCase, capitalized, snakeCase } from "../lib/case";
import { nameIn } from "../lib/urn";
import { isObject, UNKNOWN } from "../lib/values";

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
const BRIDGED =
  /^aws:index\/(?:s3|cloudformation|cloudcontrolapi|organizationsPolicy|servicecatalog|serverlessapplication)\w*:(\w+)$/;
const MODULE = /^[^:]+:tf:aws_(\w+)$|^pulumi:terraform:aws_(\w+)$/;

/** The types that @pulumi/aws calls otherwise than by the module and the rest of Terraform's name. */
const RENAMED: Readonly<Record<string, string>> = {
  s3_object: "aws:s3/bucketObjectv2:BucketObjectv2",
  cloudcontrolapi_resource: "aws:cloudcontrol/resource:Resource",
  servicecatalog_provisioned_product: "aws:servicecatalog/provisionedProduct:ProvisionedProduct",
  serverlessapplicationrepository_cloudformation_stack:
    "aws:serverlessrepository/cloudFormationStack:CloudFormationStack",
};
const NAMED = /^(s3control|s3|cloudformation|organizations)_(\w+)$/;

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

/** The resource as @pulumi/aws would have it. */
export function resourceOfTerraform(resource: Resource): readonly Resource[] {
  const type = typeOfTerraform(resource.type);
  if (type === undefined) return [];
  if (BRIDGED.test(resource.type)) return [{ ...resource, type, read: given(resource) }];
  const isHidden = isView(resource);
  const by =
    (read: (key: string) => unknown) =>
    (key: string): unknown =>
      isHidden ? UNKNOWN : shaped(key, read(PLURAL[key] ?? snakeCase(key)));
  return [{ ...resource, type, read: by(resource.read), input: by(resource.input) }];
}

/** Without inputs, what isn't known before the update is the provider's to fill in, and no ACL or policy of the program. */
function given({ read, isWithoutInputs }: Resource): Resource["read"] {
  if (!isWithoutInputs || read("arn") !== UNKNOWN) return read;
  return (key) => (COMPUTED.includes(key) && read(key) === UNKNOWN ? undefined : read(key));
}

const COMPUTED = ["acl", "grants", "policy"];

/** Where Terraform has the resource: `module.site.aws_s3_bucket.this[0]` is in `module.site`. */
export function moduleOf({ type, urn }: Resource): string | undefined {
  const found = /^(?:(.*)\.)?aws_\w+\.[^.]+$/s.exec(nameIn(urn));
  return MODULE.test(type) && found !== null ? `${type.split(":", 1)[0] ?? ""}:${found[1] ?? ""}` : undefined;
}

/**
 * Recent versions of pulumi-terraform-module make views of their resources (pkg/modprovider/views.go). The engine tells a
 * policy of their types and names, and of nothing that is in them. Of older versions' resources it tells all but the
 * inputs that begin with "__", which are never told (SkipInternalKeys in sdk/go/common/resource/plugin/analyzer_plugin.go).
 */
export function isView({ type, hasOutputs, hasInputs, inThisRun }: Resource): boolean {
  return MODULE.test(type) && inThisRun && !hasOutputs && !hasInputs;
}

/** Lists in Terraform, in @pulumi/aws by their plural or without a list: "MaxItems: 1" in the provider's schema. */
const PLURAL: Readonly<Record<string, string>> = { grants: "grant", targetGrants: "target_grant" };
const SINGLE = [
  ...["access_control_policy", "accessControlPolicy", "details", "grantee", "public_access_block"],
  ...["publicAccessBlockConfiguration", "vpcConfiguration"],
];
const NAMES: Readonly<Record<string, string>> = { grant: "grants" };
/** The properties in which keys are Terraform's. */
const STRUCTURES = ["grants", "targetGrants", ...SINGLE];

function shaped(key: string, value: unknown): unknown {
  return STRUCTURES.includes(key) ? inner(key, value) : value;
}

function inner(key: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    const list = value as unknown[];
    if (!SINGLE.includes(key) || list.length > 1) return list.map((each) => inner("", each));
    return inner(key, list[0]);
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [NAMES[name] ?? camelCase(...name.split("_")), inner(name, each)]),
  );
}
