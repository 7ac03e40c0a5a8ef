import type { Resource } from "../engine/resource";
import { capitalized, decapitalized } from "../lib/case";
import { isObject, property, type Read, UNKNOWN } from "../lib/values";
import { isFilledIn } from "./functions";
import { services } from "./names.json";
import { inside } from "./unseen";

/**
 * The types of CloudFormation that policies read, by service: `AWS::S3::Bucket` is `aws-native:s3:Bucket` in @pulumi/aws-native, whose
 * properties are CloudFormation's, in camel case ("AWS Cloud Control" in the Pulumi Registry, "AWS resource and property types reference").
 */
const TYPES: ReadonlyMap<unknown, string> = new Map(
  Object.entries(services).flatMap(([service, types]) =>
    types.split(" ").map((type) => [`AWS::${service}::${type}`, `aws-native:${service.toLowerCase()}:${type}`]),
  ),
);

/** Objects in which each key is a property of CloudFormation. In others, such as policies, keys are what they are. */
const STRUCTURES = ["publicAccessBlockConfiguration", "vpcConfiguration", "accessRules"];

/** Whether policies, or the roads behind it, read the type. */
export function isRead(type: unknown): boolean {
  return TYPES.has(type);
}

/**
 * The resource as @pulumi/aws-native would have it; undefined for a type that no policy reads. `at` gives properties by
 * CloudFormation's names.
 */
export function native(resource: Resource, type: unknown, at: Read, path?: string): Resource | undefined {
  const name = TYPES.get(type);
  if (name === undefined) return undefined;
  const read = (key: string): unknown => {
    const value = at(key === "templateUrl" ? "TemplateURL" : capitalized(key));
    if (key === "bucketName") return isFilledIn(value) ? UNKNOWN : value;
    return STRUCTURES.includes(key) ? structure(value) : value;
  };
  return { ...inside(resource, path), type: name, read, input: read, references: () => [], ignoreChanges: [] };
}

/** CloudFormation has no key that begins with a small letter: it refuses one, or takes no notice. */
function structure(value: unknown): unknown {
  if (!isObject(value)) return value;
  const keys = Object.keys(value).filter((key) => /^[A-Z]/.test(key));
  return Object.fromEntries(keys.map((key) => [decapitalized(key), flag(property(value, key))]));
}

/** CloudFormation takes the text of a boolean for a boolean: parameters have no other. */
function flag(value: unknown): unknown {
  const text = typeof value === "string" ? value : "";
  if (/^(?:[Tt]rue|TRUE|[Yy]es|YES|[Oo]n|ON)$/.test(text)) return true;
  return /^(?:[Ff]alse|FALSE|[Nn]o|NO|[Oo]ff|OFF)$/.test(text) ? false : value;
}
