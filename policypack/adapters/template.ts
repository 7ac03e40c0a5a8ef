import { isObject, property, type Read, UNKNOWN } from "../lib/values";
import { textOf } from "../lib/json-text";
import { hasFunction, scopeOf, type Environment } from "./functions";
import { holders } from "./names.json";

/*
 * A CloudFormation template as far as it is known before it is deployed ("Template sections", AWS CloudFormation User Guide).
 */

/** A part of the template in which there may be anything. */
interface Hidden {
  /** Its place: a JSON Pointer. */
  readonly path: string;
  /** Completes a sentence that starts with "it". */
  readonly reason: string;
  /** Whether AWS knows what to make of it. Otherwise it is one that nobody can read. */
  readonly isReadable: boolean;
}

/** Transforms that leave buckets as they are written: each changes resources of its own service, or adds functions. */
const TRANSFORMS = /^AWS::(?:LanguageExtensions|CodeDeployBlueGreen|(?:Serverless|SecretsManager)-\d{4}-\d\d-\d\d)$/;

/** The types of AWS::S3 ("Amazon S3 resource type reference"), those that no policy reads included. */
const S3_TYPES =
  /^AWS::S3::(?:AccessGrant(?:s(?:Instance|Location))?|AccessPoint|Bucket(?:Policy)?|MultiRegionAccessPoint(?:Policy)?|StorageLens(?:Group)?)$/;

/**
 * The resources that the template makes, those whose condition isn't known included. Properties are undefined where they aren't
 * there, UNKNOWN where their value can't be determined. `exports` are the outputs that are a resource's name or ARN.
 */
export function evaluate(template: object, environment: Environment) {
  const section = (name: string): [string, unknown][] => {
    const value = property(template, name);
    return isObject(value) ? Object.entries(value) : [];
  };
  const declared = new Map(section("Resources"));
  const scope = scopeOf(template, environment);
  const valueIn = (properties: unknown, name: string): unknown => {
    if (properties === undefined || properties === null) return undefined;
    if (!isObject(properties) || hasFunction(properties)) return UNKNOWN;
    return scope.value(property(properties, name), true);
  };

  const resources: { id: string; type: string; read: Read }[] = [];
  const macros = macrosIn(template);
  // The input of a macro need not be a template yet.
  const hidden = [...macros, ...(macros.length > 0 ? [] : unreadableIn(property(template, "Resources")))];
  for (const [id, node] of declared) {
    const path = `/Resources/${id}`;
    const type = property(node, "Type");
    const isMade = isMadeLater(id) || hasMacro(node);
    if (isMade) hidden.push({ path, reason: "is made when the template is deployed", isReadable: true });
    const condition = property(node, "Condition");
    const isLeftOut = typeof condition === "string" && scope.condition(condition) === false;
    if (typeof type !== "string" || isMadeLater(id) || isLeftOut) continue;
    const reason = hides(type);
    if (reason !== undefined && !isMade) hidden.push({ path, reason, isReadable: true });
    const properties = property(node, "Properties");
    resources.push({ id, type, read: (name) => (isMade ? UNKNOWN : valueIn(properties, name)) });
  }
  const exports = section("Outputs").flatMap(([key, output]) => {
    const id = /^<([^<>.]+)(?:\.Arn)?>$/.exec(textOf(scope.value(property(output, "Value"))) ?? "")?.[1] ?? "";
    return declared.has(id) ? [{ key, id }] : [];
  });
  return { resources, hidden, exports };
}

/** A loop, or what a macro puts in the place of its call. */
function isMadeLater(key: string): boolean {
  return /^Fn::(?:ForEach::|Transform$)/.test(key);
}

/** A macro receives all that is next to its call, and may return anything. */
function hasMacro(node: unknown): boolean {
  return isObject(node) && Object.keys(node).some(isMadeLater);
}

/** Entries that CloudFormation refuses as well: nothing shows what they were meant to be. */
function unreadableIn(section: unknown): Hidden[] {
  if (!isObject(section)) {
    const reason = section === undefined ? "is missing" : "is not an object";
    return [{ path: "/Resources", reason, isReadable: false }];
  }
  return Object.entries(section).flatMap(([id, node]) => {
    if (isMadeLater(id) || hasMacro(node) || typeof property(node, "Type") === "string") return [];
    const reason = isObject(node) ? "has no Type that is a text" : "is not an object";
    return [{ path: `/Resources/${id}`, reason, isReadable: false }];
  });
}

function macrosIn(template: object): Hidden[] {
  const names = [property(template, "Transform")]
    .flat()
    .filter((each) => each !== undefined)
    .map((each) => (isObject(each) ? property(each, "Name") : each));
  const isHarmless = names.every((name) => typeof name === "string" && TRANSFORMS.test(name));
  const call = property(template, "Fn::Transform") === undefined ? "Transform" : "Fn::Transform";
  if (isHarmless && call === "Transform") return [];
  return [{ path: `/${call}`, reason: "is a macro, which can change all of the template", isReadable: true }];
}

/** Types whose resources can't be seen, and why. */
const HOLDERS = new Map(Object.entries(holders));

/** Why nothing is seen of what a resource makes; undefined where all is seen. */
export function hides(type: string): string | undefined {
  const reason = HOLDERS.get(type.endsWith("::MODULE") ? "::MODULE" : type);
  if (reason !== undefined) return reason;
  // The function of a custom resource decides what it does, whatever it is called.
  const isBucket = type.startsWith("AWS::")
    ? type.startsWith("AWS::S3::") && !S3_TYPES.test(type)
    : !type.startsWith("Custom::") && /^(?=.*s3).*bucket/is.test(type);
  return isBucket ? `has the type ${type}, which looks like a bucket and isn't known here` : undefined;
}
