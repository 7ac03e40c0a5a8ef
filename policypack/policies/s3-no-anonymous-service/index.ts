import type { Resource } from "../../engine/resource";
import { UNKNOWN, valuesAt } from "../../lib/values";
import type { StackPolicy } from "../../policy/definition";
import { adviceOn } from "../advice";
import { metaOf } from "../meta";
import { publicServices } from "../ways.json";
import { openUris } from "./open-api";

const SERVICES: Readonly<Record<string, string>> = publicServices;
const FIX = "Ask for authorization, or serve the bucket through CloudFront (docs/recipes.md).";
/** An API in front of S3 ("Create a REST API as an Amazon S3 proxy", API Gateway Developer Guide). */
const S3 = /^arn:[^/]{1,40}:apigateway:[^/]{0,40}:(?:[\w-]+\.)?s3:(?:path|action)\//;

const isOpenMethod = ({ type, read }: Resource): boolean =>
  SERVICES[type] === "method" &&
  [read("authorization"), read("authorizationType")].includes("NONE") &&
  read("apiKeyRequired") !== true;

/** Whether an integration is a method's: it is inside of it or names it, or both name the same resource and HTTP method. */
function isOf(method: Resource, integration: Resource): boolean {
  const keys = ["resourceId", "httpMethod"];
  if (method === integration || keys.some((key) => integration.references(key).includes(method.urn))) return true;
  return keys.every((key) => {
    const [one, other] = [method.read(key), integration.read(key)];
    if (one !== UNKNOWN && other !== UNKNOWN) return one === other;
    return method.references(key).some((urn) => integration.references(key).includes(urn));
  });
}

export const s3NoAnonymousService: StackPolicy = {
  ...metaOf("s3-no-anonymous-service"),
  reads: (type) => Object.hasOwn(SERVICES, type),
  evaluateStack: adviceOn("anonymous-service", FIX, (resources) => {
    const methods = resources.filter(isOpenMethod);
    return (resource) => {
      const { type, read } = resource;
      const isPublic = [read("projectVisibility"), read("visibility")].includes("PUBLIC_READ");
      if (SERVICES[type] === "build")
        return isPublic ? { how: "its builds, with their logs and artifacts, are public" } : undefined;
      const isOpen = methods.some((method) => isOf(method, resource));
      const uris = isOpen ? [read("uri"), ...valuesAt(read, "integration.uri")] : openUris(resource);
      return uris.some((uri) => S3.test(String(uri))) ? { how: "its method asks for no authorization" } : undefined;
    };
  }),
};
