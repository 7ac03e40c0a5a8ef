import type { Resource } from "../../engine/resource";
import { valuesAt } from "../../lib/values";
import type { StackPolicy } from "../../policy/definition";
import { adviceOn } from "../advice";
import { metaOf } from "../meta";
import { keysOf } from "../readers";
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

/** By what an integration and its method are told to belong together, besides the method: the same resource and HTTP method. */
const pairsOf = (each: Resource): string[] =>
  keysOf(each, "resourceId").flatMap((id) => keysOf(each, "httpMethod").map((verb) => `${id} ${verb}`));

export const s3NoAnonymousService: StackPolicy = {
  ...metaOf("s3-no-anonymous-service"),
  reads: (type) => Object.hasOwn(SERVICES, type),
  evaluateStack: adviceOn("anonymous-service", FIX, (resources) => {
    const open = new Set(resources.filter(isOpenMethod).flatMap((method) => [method.urn, ...pairsOf(method)]));
    return (resource) => {
      const { type, read } = resource;
      const isPublic = [read("projectVisibility"), read("visibility")].includes("PUBLIC_READ");
      if (SERVICES[type] === "build")
        return isPublic ? { how: "its builds, with their logs and artifacts, are public" } : undefined;
      const keys = [resource.urn, ...keysOf(resource, "resourceId", "httpMethod"), ...pairsOf(resource)];
      const isOpen = keys.some((key) => open.has(key));
      const uris = isOpen ? [read("uri"), ...valuesAt(read, "integration.uri")] : openUris(resource);
      return uris.some((uri) => S3.test(String(uri))) ? { how: "its method asks for no authorization" } : undefined;
    };
  }),
};
