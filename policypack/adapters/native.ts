import type { Resource } from "../engine/resource";
import { capitalized, decapitalized } from "../lib/case";
import { isObject, property, UNKNOWN } from "../lib/values";
import { inside } from "./unseen";
import { isFilledIn } from "./functions";

/**
 * The types of CloudFormation that policies read, by the names that @pulumi/aws-native has for them. Its properties are
 * CloudFormation's, in camel case ("AWS Cloud Control" in the Pulumi Registry, "AWS resource and property types reference").
 */
const TYPES: ReadonlyMap<unknown, string> = new Map([
  ["AWS::S3::Bucket", "aws-native:s3:Bucket"],
  ["AWS::S3::BucketPolicy", "aws-native:s3:BucketPolicy"],
  ["AWS::S3::AccessPoint", "aws-native:s3:AccessPoint"],
  ["AWS::S3::MultiRegionAccessPoint", "aws-native:s3:MultiRegionAccessPoint"],
  ["AWS::S3::MultiRegionAccessPointPolicy", "aws-native:s3:MultiRegionAccessPointPolicy"],
  ["AWS::Lightsail::Bucket", "aws-native:lightsail:Bucket"],
  ["AWS::Organizations::Policy", "aws-native:organizations:Policy"],
  ["AWS::CloudFormation::Stack", "aws-native:cloudformation:Stack"],
  ["AWS::CloudFormation::StackSet", "aws-native:cloudformation:StackSet"],
]);

/** Objects in which each key is a property of CloudFormation. In others, such as policies, keys are what they are. */
const STRUCTURES = ["publicAccessBlockConfiguration", "vpcConfiguration", "accessRules"];

/** Those that differ in more than the case of their first letter. */
const NAMES: Readonly<Record<string, string>> = { templateUrl: "TemplateURL" };

/** Whether policies, or the roads behind it, read the type. */
export function isRead(type: unknown): boolean {
  return TYPES.has(type);
}

/**
 * The resource as @pulumi/aws-native would have it; undefined for a type that no policy reads. `at` gives properties by
 * CloudFormation's names.
 */
export function native(
  resource: Resource,
  type: unknown,
  at: (property: string) => unknown,
  path?: string,
): Resource | undefined {
  const name = TYPES.get(type);
  if (name === undefined) return undefined;
  const read = (key: string): unknown => {
    const value = at(NAMES[key] ?? capitalized(key));
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
