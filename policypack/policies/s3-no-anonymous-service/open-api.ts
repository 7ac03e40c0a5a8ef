import { parseTemplate } from "../../adapters/template-text";
import type { Resource } from "../../engine/resource";
import { textOf } from "../../lib/json-text";
import { isObject, property, valuesAt } from "../../lib/values";

const inside = (value: unknown): unknown[] => (isObject(value) ? Object.values(value) : []);

/**
 * Where the operations of an API's OpenAPI document lead that anyone may ask for: those without security of their own. API Gateway
 * takes no notice of the document's ("Amazon API Gateway important notes for REST APIs", API Gateway Developer Guide).
 */
export function openUris({ read }: Resource): unknown[] {
  const body = valuesAt(read, "endpointConfiguration.types").includes("PRIVATE") ? undefined : read("body");
  const document = typeof body === "string" ? parseTemplate(body).template : body;
  const operations = inside(property(document, "paths")).flatMap(inside);
  return operations.filter(isOpen).map((each) => property(property(each, "x-amazon-apigateway-integration"), "uri"));
}

function isOpen(operation: unknown): boolean {
  const type = property(property(operation, "x-amazon-apigateway-auth"), "type") ?? "NONE";
  return [property(operation, "security") ?? []].flat().length === 0 && textOf(type)?.toUpperCase() === "NONE";
}
