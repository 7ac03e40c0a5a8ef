import type { Resource } from "../engine/resource";
import { property, UNKNOWN } from "../shared/values";
import { isObject } from "../shared/values";
import { nameIn } from "../shared/urn";
import { unverified } from "../shared/kinds";
import { native } from "./native";
import { parseJson } from "./template-text";
import { unseen } from "./unseen";

/*
 * Any resource of AWS, by the name that CloudFormation has for its type. Cloud Control: `typeName`, and `desiredState` as
 * JSON text, from the types of @pulumi/aws 7.48.0; `properties` is what there is, once it is there. Extensions: `type` and
 * `properties`, sent as they are, from the types of @pulumi/aws-native 1.79.0.
 */

export function resourceOfCloudControl(resource: Resource): readonly Resource[] {
  const [wanted, actual] = ["desiredState", "properties"].map((key) => parsed(resource.read(key)));
  if (wanted === undefined && resource.inThisRun && isOfBuckets(resource.read("typeName"))) {
    const subject = `The desiredState of '${nameIn(resource.urn)}'`;
    return [
      unseen(resource, `${subject} can't be read, so it may open a bucket: it is not a JSON object.`, false),
    ];
  }
  return adapted(resource, resource.read("typeName"), wanted, actual);
}

export function resourceOfExtension(resource: Resource): readonly Resource[] {
  return adapted(resource, resource.read("type"), resource.read("properties"), resource.read("outputs"));
}

function adapted(resource: Resource, type: unknown, wanted: unknown, actual: unknown): readonly Resource[] {
  if (type === UNKNOWN) {
    const message = unverified(`'${nameIn(resource.urn)}'`, "its type is not known yet");
    return [unseen(resource, message, true)];
  }
  const at = (name: string): unknown => {
    if (name === "Id") return resource.read("id");
    const value = property(wanted, name);
    return value === undefined && name === "BucketName" ? property(actual, name) : value;
  };
  const found = native(resource, type, at);
  return found === undefined ? [] : [{ ...found, ignoreChanges: resource.ignoreChanges }];
}

/** UNKNOWN stays what it is; undefined for what is not a JSON object. */
function parsed(text: unknown): unknown {
  const value = typeof text === "string" ? parseJson(text) : text;
  return value === UNKNOWN || isObject(value) ? value : undefined;
}

function isOfBuckets(type: unknown): boolean {
  return typeof type === "string" && /^AWS::(?:S3|Lightsail)::/.test(type);
}
