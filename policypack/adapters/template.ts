import { isObject, UNKNOWN } from "../lib/values";
import { textOf } from "../lib/json-text";
import { hasFunction, own, Scope, type Environment } from "./functions";

/*
 * A CloudFormation template as far as it is known before it is deployed ("Template sections", AWS CloudFormation User Guide).
 */

export interface TemplateResource {
  readonly id: string;
  readonly type: string;
  /** A property's value: undefined where it isn't there, UNKNOWN where nothing tells. */
  readonly read: (property: string) => unknown;
}

/** A part of the template in which there may be anything. */
export interface Hidden {
  /** Where it is: a JSON Pointer. */
  readonly path: string;
  /** Goes on after "it". */
  readonly reason: string;
  /** Whether AWS knows what to make of it. Otherwise it is one that nobody can read. */
  readonly isReadable: boolean;
}

export interface Evaluated {
  readonly resources: readonly TemplateResource[];
  readonly hidden: readonly Hidden[];
  /** The outputs that are a resource's name or ARN: their key, and the resource. */
  readonly exports: readonly { readonly key: string; readonly id: string }[];
}

/** Transforms that leave buckets as they are written: each changes resources of its own service, or adds functions. */
const TRANSFORMS = /^AWS::(?:LanguageExtensions|CodeDeployBlueGreen|(?:Serverless|SecretsManager)-\d{4}-\d\d-\d\d)$/;

/** The types of AWS::S3 ("Amazon S3 resource type reference"), those that no policy reads included. */
const S3_TYPES = [
  ...["AccessGrant", "AccessGrantsInstance", "AccessGrantsLocation", "AccessPoint", "Bucket", "BucketPolicy"],
  ...["MultiRegionAccessPoint", "MultiRegionAccessPointPolicy", "StorageLens", "StorageLensGroup"],
];

/** The resources that the template makes, those whose condition isn't known included. */
export function evaluate(template: object, environment: Environment): Evaluated {
  const section = (name: string): [string, unknown][] => {
    const value = own(template, name);
    return isObject(value) ? Object.entries(value) : [];
  };
  const declared = new Map(section("Resources"));
  const scope = new Scope(template, environment);

  const resources: TemplateResource[] = [];
  const macros = transformsOf(template);
  // What a macro is given need not be a template yet.
  const unreadable = macros.length > 0 ? [] : unreadableIn(own(template, "Resources"));
  const hidden: Hidden[] = [...macros, ...unreadable];
  for (const [id, node] of declared) {
    const path = `/Resources/${id}`;
    const type = own(node, "Type");
    const isMade = isMadeLater(id) || hasMacro(node);
    if (isMade) hidden.push({ path, reason: "is made when the template is deployed", isReadable: true });
    const condition = own(node, "Condition");
    const isLeftOut = typeof condition === "string" && scope.condition(condition) === false;
    if (typeof type !== "string" || isMadeLater(id) || isLeftOut) continue;
    const reason = hides(type);
    if (reason !== undefined && !isMade) hidden.push({ path, reason, isReadable: true });
    const properties = own(node, "Properties");
    const read = (property: string): unknown => (isMade ? UNKNOWN : valueIn(scope, properties, property));
    resources.push({ id, type, read });
  }
  const exports = section("Outputs").flatMap(([key, output]) => {
    const id = /^<([^<>.]+)(?:\.Arn)?>$/.exec(textOf(scope.value(own(output, "Value"))) ?? "")?.[1] ?? "";
    return declared.has(id) ? [{ key, id }] : [];
  });
  return { resources, hidden, exports };
}

/** A loop, or what a macro puts in the place of its call. */
function isMadeLater(key: string): boolean {
  return /^Fn::(?:ForEach::|Transform$)/.test(key);
}

/** A macro gets all that is beside its call, and gives back what it likes. */
function hasMacro(node: unknown): boolean {
  return isObject(node) && Object.keys(node).some(isMadeLater);
}

/** What CloudFormation refuses as well: nothing tells what it was meant to be. */
function unreadableIn(section: unknown): Hidden[] {
  const told = (path: string, reason: string): Hidden => ({ path, reason, isReadable: false });
  if (section === undefined) return [told("/Resources", "is missing")];
  if (!isObject(section)) return [told("/Resources", "is not an object")];
  return Object.entries(section).flatMap(([id, node]) => {
    if (isMadeLater(id)) return [];
    const path = `/Resources/${id}`;
    if (!isObject(node)) return [told(path, "is not an object")];
    const isTyped = typeof own(node, "Type") === "string";
    return isTyped || hasMacro(node) ? [] : [told(path, "has no Type that is a text")];
  });
}

function transformsOf(template: object): Hidden[] {
  const transforms = [own(template, "Transform")].flat().filter((each) => each !== undefined);
  const names = transforms.map((each) => (isObject(each) ? own(each, "Name") : each));
  const isKnown = names.every((name) => typeof name === "string" && TRANSFORMS.test(name));
  const path = own(template, "Fn::Transform") === undefined ? (isKnown ? undefined : "/Transform") : "/Fn::Transform";
  const reason = "is a macro, which can change all of the template";
  return path === undefined ? [] : [{ path, reason, isReadable: true }];
}

/** Why nothing is seen of what a resource makes; undefined where all is seen. */
export function hides(type: string): string | undefined {
  if (type === "AWS::CloudFormation::Stack" || type === "AWS::Serverless::Application") {
    return "is a nested stack, whose template is elsewhere";
  }
  if (type === "AWS::ServiceCatalog::CloudFormationProvisionedProduct")
    return "is a product of Service Catalog, whose template is elsewhere";
  if (type.endsWith("::MODULE"))
    return "is a module of the CloudFormation registry, whose resources aren't in the template";
  // What a custom resource does is in its function, whatever it is called.
  if (type.startsWith("Custom::")) return undefined;
  const isBucket = type.startsWith("AWS::")
    ? type.startsWith("AWS::S3::") && !S3_TYPES.includes(type.slice("AWS::S3::".length))
    : /^(?=.*s3).*bucket/is.test(type);
  return isBucket ? `has the type ${type}, which looks like a bucket and isn't known here` : undefined;
}

function valueIn(scope: Scope, properties: unknown, name: string): unknown {
  if (properties === undefined || properties === null) return undefined;
  if (!isObject(properties) || hasFunction(properties)) return UNKNOWN;
  return scope.value(own(properties, name), true);
}
