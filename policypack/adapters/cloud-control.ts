import type { Resource } from "../engine/resource";
import { isObject, property, UNKNOWN } from "../lib/values";
import { quoted, unseeable, unverified } from "../findings/finding";
import { parseJson, repeatedKey } from "../lib/json-text";
import { isRead, native } from "./native";
import { hides } from "./template";
import { lastCounts } from "./template-text";
import { unreadable, unseen } from "./unseen";

/*
 * Any resource of AWS, by the name that CloudFormation has for its type. Cloud Control: `typeName`, and `desiredState` as
 * JSON text, from the types of @pulumi/aws 7.48.0; `properties` is what there is, once it is there. Extensions: `type` and
 * `properties`, sent as they are, from the types of @pulumi/aws-native 1.79.0.
 */

export function resourceOfCloudControl(resource: Resource): readonly Resource[] {
  const [type, text] = [resource.read("typeName"), resource.read("desiredState")];
  const [wanted, actual] = [parsed(text), parsed(resource.read("properties"))];
  const found = adapted(resource, type, type === "AWS::S3::Bucket" ? asItIs(wanted, actual) : wanted, actual);
  if (!resource.inThisRun || !isRead(type)) return found;
  const subject = `The desiredState of ${quoted(resource.urn)}`;
  if (wanted === undefined) return [unseen(resource, unreadable(subject, "it is not a JSON object"), false)];
  const repeated = typeof text === "string" ? repeatedKey(text) : undefined;
  // By a place of its own: of several findings on one resource only the first is shown.
  const note = (key: string): Resource => unseen(resource, lastCounts(subject, key), true, "/desiredState");
  return repeated === undefined ? found : [...found, note(repeated)];
}

const BLOCK = "PublicAccessBlockConfiguration";

/**
 * The wanted bucket, with the flags off that are off in AWS. After a refresh `properties` shows what somebody has changed there, and
 * no update brings it back while `desiredState` stays the same. When that changes, the provider makes `properties` unknown in the
 * preview, so the new flags count.
 */
function asItIs(wanted: unknown, actual: unknown): unknown {
  const block = property(wanted, BLOCK);
  if (!isObject(wanted) || !isObject(block) || !isObject(actual)) return wanted;
  const flags = Object.entries(block).map(([flag, value]): [string, unknown] => {
    const real: unknown = property(property(actual, BLOCK), flag) ?? false;
    return [flag, real === true || real === "true" ? value : real];
  });
  return { ...wanted, [BLOCK]: Object.fromEntries(flags) };
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
