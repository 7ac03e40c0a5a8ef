import { parseTemplate } from "../adapters/template-text";
import type { Resource } from "../engine/resource";
import { textOf } from "../lib/json-text";
import { isObject, property, valuesAt } from "../lib/values";
import { keysOf } from "./readers";
import { publicServices } from "./ways.json";

const SERVICES: Readonly<Record<string, string>> = publicServices;

export const isService = (type: string): boolean => Object.hasOwn(SERVICES, type);

/** A project that shows its builds to anyone ("Get public build project URLs", CodeBuild User Guide). */
export const isPublicBuild = ({ type, read }: Resource): boolean =>
  SERVICES[type] === "build" && [read("projectVisibility"), read("visibility")].includes("PUBLIC_READ");

const isOpenMethod = ({ type, read }: Resource): boolean =>
  SERVICES[type] === "method" &&
  [read("authorization"), read("authorizationType")].includes("NONE") &&
  read("apiKeyRequired") !== true;

/** An integration names its method, or the same resource and HTTP method as it. */
const pairsOf = (each: Resource): string[] =>
  keysOf(each, "resourceId").flatMap((id) => keysOf(each, "httpMethod").map((verb) => `${id} ${verb}`));

/** Returns, of each resource of a stack, the addresses to which an API passes the requests of anyone. */
export function openAddresses(resources: readonly Resource[]): (resource: Resource) => unknown[] {
  const open = new Set(resources.filter(isOpenMethod).flatMap((method) => [method.urn, ...pairsOf(method)]));
  return (resource) => {
    const keys = [resource.urn, ...keysOf(resource, "resourceId", "httpMethod"), ...pairsOf(resource)];
    if (!keys.some((key) => open.has(key))) return addressesInDocument(resource);
    return [resource.read("uri"), ...valuesAt(resource.read, "integration.uri")];
  };
}

const inside = (value: unknown): unknown[] => (isObject(value) ? Object.values(value) : []);

/**
 * Those of an OpenAPI document's operations without security of their own. API Gateway ignores the document's ("Amazon API Gateway
 * important notes for REST APIs", API Gateway Developer Guide).
 */
function addressesInDocument({ read }: Resource): unknown[] {
  const body = valuesAt(read, "endpointConfiguration.types").includes("PRIVATE") ? undefined : read("body");
  const document = typeof body === "string" ? parseTemplate(body).template : body;
  const operations = inside(property(document, "paths")).flatMap(inside);
  return operations.filter(isOpen).map((each) => property(property(each, "x-amazon-apigateway-integration"), "uri"));
}

function isOpen(operation: unknown): boolean {
  const type = property(property(operation, "x-amazon-apigateway-auth"), "type") ?? "NONE";
  return [property(operation, "security") ?? []].flat().length === 0 && textOf(type)?.toUpperCase() === "NONE";
}
