import type { Resource } from "../../engine/resource";
import { said } from "../../findings/finding";
import { UNKNOWN, valuesAt } from "../../lib/values";
import type { StackPolicy } from "../../policy/definition";
import { metaOf } from "../meta";

const PROJECT = /^aws:codebuild\/project:|^aws-native:codebuild:Project$/;
const METHOD = /^aws:apigateway\/method:|^aws-native:apigateway:Method$/;
const INTEGRATION = "aws:apigateway/integration:Integration";
/** An API in front of S3 ("Create a REST API as an Amazon S3 proxy", API Gateway Developer Guide). */
const S3 = /^arn:[^:]+:apigateway:[^:]*:(?:[\w-]+\.)?s3:(?:path|action)\//;

const isOpen = ({ read }: Resource): boolean =>
  [read("authorization"), read("authorizationType")].includes("NONE") && read("apiKeyRequired") !== true;

/** Whether an integration is a method's: it names it, or both name the same resource and HTTP method. */
function isOf(method: Resource, integration: Resource): boolean {
  const keys = ["resourceId", "httpMethod"];
  if (keys.some((key) => integration.references(key).includes(method.urn))) return true;
  return keys.every((key) => {
    const [one, other] = [method.read(key), integration.read(key)];
    if (one !== UNKNOWN && other !== UNKNOWN) return one === other;
    return method.references(key).some((urn) => integration.references(key).includes(urn));
  });
}

export const s3NoAnonymousService: StackPolicy = {
  ...metaOf("s3-no-anonymous-service"),
  reads: (type) => type === INTEGRATION || PROJECT.test(type) || METHOD.test(type),
  evaluateStack: (resources) => {
    const open = resources.filter((each) => METHOD.test(each.type) && isOpen(each));
    const opens = (each: Resource): boolean =>
      each.type === INTEGRATION ? open.some((method) => isOf(method, each)) : open.includes(each);
    return resources.flatMap((each) => {
      const { urn, type, read } = each;
      const isPublic = [read("projectVisibility"), read("visibility")].includes("PUBLIC_READ");
      const uris = [read("uri"), ...valuesAt(read, "integration.uri")];
      const how = PROJECT.test(type) && isPublic ? "its builds, with their logs and artifacts, are public" : undefined;
      const way =
        uris.some((uri) => S3.test(String(uri))) && opens(each) ? "its method asks for no authorization" : how;
      return way === undefined ? [] : [{ urn, said: said("anonymous-service", urn, { how: way }) }];
    });
  },
};
