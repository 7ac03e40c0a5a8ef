import type { Resource } from "../engine/resource";
import { property, UNKNOWN } from "../shared/values";
import { isObject } from "../shared/values";
import { quoted, unseeable, unverified } from "../findings/finding";
import { printable, repeatedKey } from "../policies/s3-no-public-bucket-policy/text";
import { isRead, native } from "./native";
import { hides } from "./template";
import { parseJson } from "./template-text";
import { unreadable, unseen } from "./unseen";

/*
 * Any resource of AWS, by the name that CloudFormation has for its type. Cloud Control: `typeName`, and `desiredState` as
 * JSON text, from the types of @pulumi/aws 7.48.0; `properties` is what there is, once it is there. Extensions: `type` and
 * `properties`, sent as they are, from the types of @pulumi/aws-native 1.79.0.
 */

export function resourceOfCloudControl(resource: Resource): readonly Resource[] {
  const [wanted, actual] = ["desiredState", "properties"].map((key) => parsed(resource.read(key)));
  const isOfInterest = resource.inThisRun && isRead(resource.read("typeName"));
  const reason = isOfInterest ? unreadableState(resource.read("desiredState")) : undefined;
  if (reason !== undefined) {
    const subject = `The desiredState of ${quoted(resource.urn)}`;
    return [unseen(resource, unreadable(subject, `it ${reason}`), false)];
  }
  return adapted(resource, resource.read("typeName"), wanted, actual);
}

/** Why a wanted state can't be read. `JSON.parse` would take the last of two members of one name. */
function unreadableState(text: unknown): string | undefined {
  if (parsed(text) === undefined) return "is not a JSON object";
  const repeated = typeof text === "string" ? repeatedKey(text) : undefined;
  return repeated === undefined ? undefined : `gives ${printable(repeated)} twice`;
}

export function resourceOfExtension(resource: Resource): readonly Resource[] {
  return adapted(resource, resource.read("type"), resource.read("properties"), resource.read("outputs"));
}

function adapted(resource: Resource, type: unknown, wanted: unknown, actual: unknown): readonly Resource[] {
  if (type === UNKNOWN) {
    return [unseen(resource, unverified(quoted(resource.urn), "its type is not known yet"), true)];
  }
  const at = (name: string): unknown => {
    if (name === "Id") return resource.read("id");
    const value = property(wanted, name);
    return value === undefined && name === "BucketName" ? property(actual, name) : value;
  };
  const found = native(resource, type, at);
  if (found !== undefined) return [{ ...found, ignoreChanges: resource.ignoreChanges }];
  const reason = typeof type === "string" && resource.inThisRun ? hides(type) : undefined;
  if (reason === undefined) return [];
  return [unseen(resource, unseeable(quoted(resource.urn), `it ${reason}`, "It isn't evaluated."), true)];
}

/** UNKNOWN stays what it is; undefined for what is not a JSON object. */
function parsed(text: unknown): unknown {
  const value = typeof text === "string" ? parseJson(text) : text;
  return value === UNKNOWN || isObject(value) ? value : undefined;
}
