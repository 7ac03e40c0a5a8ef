import type { StackPolicy } from "../../policy/definition";
import { adviceOn } from "../advice";
import { isPublicBuild, isService, openAddresses } from "../apis";
import { metaOf } from "../meta";

/** An API in front of S3 ("Create a REST API as an Amazon S3 proxy", API Gateway Developer Guide). */
const S3 = /^arn:[^/]{1,40}:apigateway:[^/]{0,40}:(?:[\w-]+\.)?s3:(?:path|action)\//;

export const s3NoAnonymousService: StackPolicy = {
  ...metaOf("s3-no-anonymous-service"),
  reads: isService,
  evaluateStack: adviceOn("anonymous-service", (resources) => {
    const addressesOf = openAddresses(resources);
    return (resource) => {
      if (isPublicBuild(resource)) return { how: "its builds, with their logs and artifacts, are public" };
      const isOpen = addressesOf(resource).some((address) => S3.test(String(address)));
      return isOpen ? { how: "its method asks for no authorization" } : undefined;
    };
  }),
};
